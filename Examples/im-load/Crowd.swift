import ExampleSupport
import IMProtocol
import ZCNetWebSocket
import ZCSBEServer

/// All users and what they have measured, on one loop.
final class Crowd: @unchecked Sendable {
    // SAFETY: the loop alone touches what is not constant, but for the histograms, which any thread may read.

    enum Phase: Int, Comparable {
        case gathering, sending, settling, repeating

        static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
    }

    let options: ImLoadOptions
    var users: [User] = []
    var ledgers: [Ledger]
    /// From when a message was due until its sender was told its number, and until each member heard it.
    let toAck = Histogram()
    let toRecv = Histogram()
    /// What was heard again, as an acknowledgement of it was late or lost.
    var repeats = 0
    var losses = 0
    var refusals: [String] = []
    var phase = Phase.gathering
    /// Set when connections that end are no losses any more.
    var isEnding = false
    private(set) var client: WebSocketClient?

    init(_ options: ImLoadOptions) {
        self.options = options
        ledgers = Array(repeating: Ledger(), count: options.groups)
    }

    /// From one message of a user to the next, in nanoseconds.
    var interval: Int64 { Int64(Double(options.users) / options.rate * 1e9) }

    func channel(_ group: Int) -> String { "group:load-\(options.run)-\(group)" }

    func start() throws {
        let client = try WebSocketClient(options.configuration) { Talker(crowd: self) }
        self.client = client
        try client.start()
    }

    /// Runs something on the loop.
    func onLoop<Result: Sendable>(_ body: @escaping @Sendable (Crowd) -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            _ = client?.group.loops[0].post { [self] _ in continuation.resume(returning: body(self)) }
        }
    }

    /// More users come; on the loop.
    func add(_ users: [User]) {
        let first = self.users.count
        self.users += users
        for index in first..<self.users.count { connect(index) }
    }

    // MARK: What is said

    /// A message of a user.
    func message(_ said: User.UnderWay, of index: Int) -> SharedBytes? {
        let channel = users[index].channel
        var body = [UInt8](repeating: UInt8(ascii: "x"), count: options.payloadBytes)
        // So that every member can tell how long it took; the clock is this process's.
        withUnsafeBytes(of: said.due) { body.replaceSubrange(0..<8, with: $0) }
        return try? IM.bytes(of: IM.Send.self) { message in
            message.number = said.number
            return try message.data(.channel, channel).data(.body, body.span.bytes).finish()
        }
    }

    /// Everybody says the newest message again, as one does whose answer was lost: it has to be answered with
    /// the number that it has, and to be stored no more.
    func repeatNewest() {
        phase = .repeating
        for index in users.indices where users[index].newest > 0 {
            let said = User.UnderWay(number: users[index].newest, due: nanoseconds())
            users[index].underWay.append(said)
            if users[index].isLive, let message = message(said, of: index) {
                users[index].remote?.send(binary: message)
            }
        }
    }

    // MARK: Connections

    func connect(_ index: Int) {
        let user = users[index]
        let url = options.urls[(index + user.attempts) % options.urls.count]
        users[index].attempts += 1
        client?.connect(to: "\(url)?token=\(user.name)&device=1&index=\(index)", onLoop: 0) { [self] result in
            if case .failure(let error) = result { refused(index, "\(error)") }
        }
    }

    /// A connection could not be made.
    private func refused(_ index: Int, _ reason: String) {
        if isEnding { return }
        if !options.toleratesLosses && refusals.count < 10 { refusals.append(reason) }
        comeBack(index)
    }

    /// A connection has ended: the user comes to the next node, after a while.
    func lost(_ index: Int) {
        users[index].remote = nil
        users[index].isLive = false
        if isEnding || users[index].isReader && isDone(index) { return }
        losses += 1
        comeBack(index)
    }

    private func comeBack(_ index: Int) {
        // Out of step with the others.
        let delay = Duration.milliseconds(100 + index * 7919 % 400)
        _ = client?.group.loops[0].post { [self] context in
            context.schedule(after: delay) { [self] _ in if !isEnding { connect(index) } }
        }
    }

    // MARK: How far it is

    /// Whether a user has heard all that is known to be in its group's log.
    func isDone(_ index: Int) -> Bool {
        let user = users[index]
        if user.isReader { return user.caughtUp.map { user.next >= $0 } ?? false }
        return user.underWay.isEmpty && (!options.hasReceivers || user.next >= ledgers[user.group].end)
    }

    var liveCount: Int { users.count { $0.isLive } }
    var isSettled: Bool { users.indices.allSatisfy { isDone($0) } }

    /// What is missing yet, for people.
    var missing: String {
        let unanswered = users.reduce(0) { $0 + $1.underWay.count }
        let behind = users.indices.count { !isDone($0) }
        return "\(unanswered) messages without an answer, \(behind) users behind, \(liveCount) connected"
    }
}
