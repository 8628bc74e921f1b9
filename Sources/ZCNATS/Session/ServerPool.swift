import ZCNet

/// Where a server is, and who the client is to it.
struct ServerAddress: Hashable, Sendable {
    /// Where to connect: `HOST:PORT`.
    let endpoint: String
    /// What stands in front of the host; empty where nothing does.
    let user: String
    let password: String?
    /// Whether the address asks for TLS.
    let isSecure: Bool

    private static let portDefault = "4222"

    init(parsing text: String) throws {
        var rest = text[...]
        var isSecure = false
        for scheme in ["nats://", "tls://"] where rest.hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
            isSecure = scheme == "tls://"
            break
        }
        var (user, password): (String, String?) = ("", nil)
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = String(parts[0])
            password = parts.count > 1 ? String(parts[1]) : nil
            rest = rest[rest.index(after: at)...]
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let isPath = rest.hasPrefix("unix:")
        let hostEnd = rest.lastIndex(of: "]") ?? rest.startIndex
        let hasPort = rest[hostEnd...].contains(":")
        let endpoint = isPath || hasPort ? String(rest) : "\(rest):\(Self.portDefault)"
        _ = try Endpoint(parsing: endpoint)
        self.endpoint = endpoint
        self.user = user
        self.password = password
        self.isSecure = isSecure
    }

    /// A server that another one named.
    init?(discovered text: String) {
        guard let address = try? ServerAddress(parsing: text) else { return nil }
        self = address
    }

    /// Who the client is there, where the address says so.
    var credentials: NATSCredentials? {
        if user.isEmpty { return nil }
        return password.map { .password(user: user, $0) } ?? .token(user)
    }
}

/// The servers of a cluster, and which comes next: each once per round.
struct ServerPool {
    private(set) var servers: [ServerAddress]
    private let picksAtRandom: Bool
    private var round: [ServerAddress] = []
    /// The one that was asked last.
    private(set) var current: ServerAddress?

    init(_ addresses: [ServerAddress], picksAtRandom: Bool) {
        servers = addresses
        self.picksAtRandom = picksAtRandom
    }

    /// Begins a new round; the server that was lost comes last.
    mutating func beginRound(using generator: inout some RandomNumberGenerator) {
        round = picksAtRandom ? servers.shuffled(using: &generator) : servers
        guard let current, let place = round.firstIndex(where: { $0.endpoint == current.endpoint }) else {
            return
        }
        round.append(round.remove(at: place))
    }

    /// The next server of the round; nil when all had their turn.
    mutating func next() -> ServerAddress? {
        if round.isEmpty { return nil }
        current = round.removeFirst()
        return current
    }

    /// Takes in servers that one named; answers those that were not known.
    mutating func add(discovered texts: [String]) -> [String] {
        var added: [String] = []
        for text in texts {
            guard servers.count < NATSServerInfo.serversMax, let address = ServerAddress(discovered: text),
                !servers.contains(where: { $0.endpoint == address.endpoint })
            else { continue }
            servers.append(address)
            added.append(text)
        }
        return added
    }
}
