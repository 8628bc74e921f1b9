import IMProtocol
import ZCCluster
import ZCSBEServer

/// The middle of a node: stores what is sent, and tells of what was stored.
///
/// **The way of a message.** A device's SEND goes to the node's log, whichever node leads its channel; only
/// when the log has it is the device told its number. The channel's feed then brings it to every node where
/// somebody follows the channel, and each member there is sent the same frame, which was encoded once. It is
/// sent again until the member says that it has it.
///
/// **Threads.** What is called from outside may be called on any; the tables are the engine's loop's.
final class Hub: @unchecked Sendable {
    // SAFETY: `channels` and `followed` are touched on the engine's loop alone, where `onEngine` brings
    // whoever comes from elsewhere. The rest is constant.

    /// The node's name, for people.
    let name: String
    let node: ClusterNode
    /// Who is where, on all nodes.
    let presence: ClusterPresence
    let retries: RetryManager
    let figures: Figures
    let journal: Journal
    /// The server's loops.
    let loops: [EventLoop]
    var channels: [ChannelName: Channel] = [:]
    /// What each connection follows.
    var followed: [ConnectionID: (session: Session, channels: Set<ChannelName>)] = [:]
    private var lastChannel: UInt64 = 0
    /// By loop.
    private let receipts: [Receipts]
    /// Whether the engine is on the one loop that serves the devices.
    private let sharesLoop: Bool

    init(
        _ name: String, _ node: ClusterNode, _ loops: [EventLoop], _ figures: Figures, sharesLoop: Bool
    ) throws {
        self.name = name
        self.node = node
        presence = try ClusterPresence(node)
        self.loops = loops
        self.figures = figures
        self.sharesLoop = sharesLoop
        receipts = loops.map { Receipts(on: $0) }
        journal = Journal(node)
        let letters = DeadLetters()
        // A member that says nothing for 35 seconds is let go: the log has what it missed.
        var policy = RetryPolicy()
        policy.interval = .seconds(5)
        policy.backoff = 2
        policy.retriesMax = 2
        retries = try RetryManager(on: loops, policy: policy) { letters.take($0) }
        letters.hub = self
    }

    func onEngine(_ work: @escaping @Sendable () -> Void) { node.engine.perform(work) }

    // MARK: What is sent

    /// Has a message stored, and tells its sender what became of it. The loop of the sender's connection.
    func store(_ message: SharedBytes, in place: Gateway.Place, _ number: UInt64, _ session: Session) {
        figures.add(.sends)
        if sharesLoop { return append(message, place, number, session) }
        onEngine { [self] in append(message, place, number, session) }
    }

    private func append(
        _ message: SharedBytes, _ place: Gateway.Place, _ number: UInt64, _ session: Session
    ) {
        let identity = BatchIdentity(producer: session.login.producer, number: number)
        node.append([message], to: place.channel, identity: identity) { [self] result in
            session.ends()
            answer(number, result, session)
            // The other one learns of the conversation, wherever that is, and whenever it comes.
            if case .success = result, case .direct = place.talk { journal.lists(place.talk) }
        }
    }

    private func answer(
        _ number: UInt64, _ result: Result<Range<MessageSequence>, ClusterError>, _ session: Session
    ) {
        switch result {
        case .success(let range):
            figures.add(.stored)
            receipts[session.loop].add(number, .stored, range.lowerBound.rawValue, to: session)
        case .failure(let error) where error.code == .stale:
            figures.add(.refused)
            receipts[session.loop].add(number, .forgotten, to: session)
        case .failure(let error):
            figures.add(.refused)
            if [.tooLarge, .invalid].contains(error.code) {
                receipts[session.loop].add(number, .refused, to: session)
            } else {
                // What is behind it waits for it: the device comes back, and asks again from there.
                session.remote.close(.tryAgainLater, reason: "\(error.code)")
            }
        }
    }

    /// SENDACK.
    static func answer(_ number: UInt64, _ outcome: IM.Outcome, _ sequence: UInt64 = 0) -> SharedBytes? {
        try? IM.bytes(of: IM.SendAck.self) { message in
            message.number = number
            message.sequence = sequence
            message.outcome = outcome
            return message.finish()
        }
    }

    /// Why a channel is heard no more.
    static func ended(_ channel: String, _ cause: IM.Cause, _ reason: String) -> SharedBytes {
        let message = try? IM.bytes(of: IM.Ended.self) { message in
            message.cause = cause
            return try message.data(.channel, channel).data(.reason, reason).finish()
        }
        return message ?? SharedBytes()
    }

    // MARK: Who follows what

    /// Tells a connection of a channel, from a position on or of what is new. Any thread.
    func follow(_ talk: Conversation, from start: ChannelPosition?, isListed: Bool, _ session: Session) {
        guard let name = try? ChannelName(talk.channel) else { return }
        if isListed { journal.lists(talk, for: session.login.user) }
        onEngine { [self] in
            let channel = channels[name] ?? open(name)
            guard channel.add(session, from: start) else { return }
            followed[session.id, default: (session, [])].channels.insert(name)
        }
    }

    /// Says good-bye to everybody who follows something, as the node ends. Any thread; soon.
    func closeAll() {
        onEngine { [self] in
            for (session, _) in followed.values { session.remote.close(.goingAway) }
        }
    }

    /// Ends telling a connection of a channel. Any thread.
    func leave(_ name: ChannelName, _ session: Session) {
        onEngine { [self] in
            followed[session.id]?.channels.remove(name)
            remove(session, from: name)
        }
    }

    /// A connection is over. Any thread.
    func leaveAll(_ session: Session) {
        onEngine { [self] in
            guard let (_, names) = followed.removeValue(forKey: session.id) else { return }
            for name in names { remove(session, from: name) }
        }
    }

    private func open(_ name: ChannelName) -> Channel {
        lastChannel += 1
        let channel = Channel(name, number: lastChannel, self)
        channels[name] = channel
        channel.listen()
        return channel
    }

    private func remove(_ session: Session, from name: ChannelName) {
        guard let channel = channels[name] else { return }
        channel.remove(session)
        if channel.isEmpty { close(channel) }
    }

    /// Nobody here follows a channel any more, or it cannot be heard.
    func close(_ channel: Channel) {
        channel.close()
        if channels[channel.name] === channel { channels[channel.name] = nil }
    }
}

/// Messages that were sent again and again in vain. Whoever did not acknowledge is told to come back: what it
/// has missed is in the log. Any loop.
private final class DeadLetters: @unchecked Sendable {
    // SAFETY: set once, before the first connection.
    weak var hub: Hub?

    func take(_ letter: DeadLetter) {
        guard let hub else { return }
        hub.figures.add(.deadLetters)
        if letter.cause == .connectionClosed { return }
        hub.onEngine { [weak hub] in
            let remote = hub?.followed[letter.message.connection]?.session.remote
            remote?.close(.tryAgainLater, reason: "not acknowledged")
        }
    }
}
