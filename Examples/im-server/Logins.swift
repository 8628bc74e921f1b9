import ExampleSupport
import Glibc
import IMProtocol
import ZCSBEServer

/// Whose a token is.
struct Logins: Sendable {
    /// Nil where everybody is believed: then the token is the user's name. For trying things out.
    private let users: [String: String]?

    /// Everybody is whom they say.
    init() { users = nil }

    /// Those of a file, a line `TOKEN NAME` each.
    init(file: String) {
        guard let file = fopen(file, "r") else { fail("im-server: cannot read \(file)") }
        defer { fclose(file) }
        var users: [String: String] = [:]
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        while getline(&line, &capacity, file) > 0, let text = line.map({ String(cString: $0) }) {
            let words = text.split { $0 == " " || $0 == "\n" }.map(String.init)
            guard words.count == 2, Conversation.isName(words[1]) else {
                fail("im-server: expected lines TOKEN NAME, got \(text)")
            }
            users[words[0]] = words[1]
        }
        free(line)
        self.users = users
    }

    /// Who comes by a request. A page brings its token in the query, as a browser cannot add header fields to
    /// an upgrade.
    func login(_ request: UpgradeRequest) -> Login? {
        let bearer = request.headers["Authorization"].flatMap { field in
            field.hasPrefix("Bearer ") ? String(field.dropFirst(7)) : nil
        }
        guard let token = bearer ?? request.head.queryValue(of: "token") else { return nil }
        guard let user = users.map({ $0[token] }) ?? token, Conversation.isName(user) else { return nil }
        let device = request.head.queryValue(of: "device").flatMap { UInt64($0) } ?? 0
        return Login(user: user, device: device)
    }

    /// Decides at once: the table is in memory. A node that has no place in its cluster yet takes nobody.
    func policy(_ isReady: @escaping @Sendable () -> Bool) -> UpgradePolicy {
        .decide { [self] request in
            guard isReady() else { return .reject(status: 503, text: "not ready\n") }
            guard let login = login(request) else { return .reject(status: 401, text: "who are you?\n") }
            return .accept(context: login)
        }
    }
}
