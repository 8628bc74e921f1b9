import IMProtocol
import ZCCluster
import ZCSBEServer

/// A channel that somebody on this node follows: one feed for all members here.
///
/// A member that comes back is told from the log what it has missed, and becomes one of the live members
/// where that joins what the feed has brought: the newest messages are kept for this, so that a busy channel
/// is caught up with. The engine's loop.
final class Channel: @unchecked Sendable {
    // SAFETY: the engine's loop alone.

    /// One message as members are sent it.
    struct Frame: Sendable {
        let sequence: UInt64
        /// The epoch of the position behind it.
        let epoch: UInt64
        let delivery: UInt64
        /// As it goes to the wire, the same for all.
        let bytes: SharedBytes
    }

    /// A connection that hears what is new, from a number on.
    struct Member: Sendable {
        let id: ConnectionID
        let from: UInt64
    }

    let name: ChannelName
    /// In the numbers of deliveries.
    private let number: UInt64
    unowned let hub: Hub
    private var feed: ChannelFeed?
    /// Where the feed is; nil until it has begun.
    var position: ChannelPosition?
    /// The newest messages, and the position before them.
    var recent: [Frame] = []
    var recentStart = ChannelPosition.beginning
    /// By loop.
    private var live: [[Member]]
    /// Everybody who follows, live or on the way there.
    private var sessions: [ConnectionID: Session] = [:]
    /// Who came before it was known where the channel is.
    private var early: [(session: Session, start: ChannelPosition?)] = []
    private var presence: Presence

    /// The most members on one node.
    static let membersMax = 5000
    /// How many of the newest messages are kept, and at least half of them at any time.
    static let recentMax = 512

    init(_ name: ChannelName, number: UInt64, _ hub: Hub) {
        self.name = name
        self.number = number
        self.hub = hub
        presence = Presence(hub.presence, name)
        live = Array(repeating: [], count: hub.loops.count)
    }

    var isEmpty: Bool { sessions.isEmpty }

    func listen() {
        feed = hub.node.listen(to: name) { [weak self] event in self?.heard(event) }
        presence.begin { [weak self] user, isThere in self?.tellPresence(of: user, isThere: isThere) }
    }

    func close() {
        feed?.end()
        feed = nil
        presence.end()
    }

    // MARK: Members

    /// A connection follows the channel; false where it does already, or there is no room.
    func add(_ session: Session, from start: ChannelPosition?) -> Bool {
        guard sessions[session.id] == nil else { return false }
        guard sessions.count < Self.membersMax else {
            session.tell(Hub.ended(name.description, .full, "\(Self.membersMax) members"))
            if isEmpty { hub.close(self) }
            return false
        }
        sessions[session.id] = session
        if position == nil { early.append((session, start)) } else { begin(session, start) }
        return true
    }

    /// A connection follows no more.
    func remove(_ session: Session) {
        guard sessions.removeValue(forKey: session.id) != nil else { return }
        live[session.loop].removeAll { $0.id == session.id }
        early.removeAll { $0.session === session }
        presence.goes(session)
    }

    func isFollowed(by session: Session) -> Bool { sessions[session.id] != nil }

    private func begin(_ session: Session, _ start: ChannelPosition?) {
        guard let position else { return }
        catchUp(session, start ?? position, isKnown: start == nil)
    }

    /// A member has had all before a position: it hears what is new from there on.
    func goLive(_ session: Session, _ position: ChannelPosition) {
        let following = try? IM.bytes(of: IM.Following.self) { message in
            message.next = position.next.rawValue
            message.epoch = position.epoch
            return try message.data(.channel, name.description).finish()
        }
        if let following { session.tell(following) }
        live[session.loop].append(Member(id: session.id, from: position.next.rawValue))
        // Who is there already is told to the one that comes; that one has come, to all, once it is known.
        for user in presence.told { session.tell(Presence.message(name, user, true)) }
        presence.comes(session)
    }

    private func tellPresence(of user: String, isThere: Bool) {
        guard presence.isTold else { return }
        let message = Presence.message(name, user, isThere)
        for session in sessions.values { session.tell(message) }
    }

    // MARK: What comes

    private func heard(_ event: ChannelFeed.Event) {
        switch event {
        case .begun(let next):
            // Where nothing was stored the epoch is that of the beginning.
            let position = feed?.position ?? ChannelPosition(next: next, epoch: 0)
            begun(at: position)
        case .messages(let batch):
            let position = feed?.position ?? ChannelPosition(next: batch.range.upperBound, epoch: 0)
            let frames = frames(of: batch, epoch: position.epoch)
            keep(frames, position)
            for loop in live.indices { send(frames, to: live[loop], onLoop: loop) }
        case .ended(let error):
            // The log is another one than members heard so far, or cannot be read as one.
            let ended = Hub.ended(name.description, .otherHistory, "\(error)")
            for session in sessions.values {
                session.tell(ended)
                hub.followed[session.id]?.channels.remove(name)
            }
            hub.close(self)
        }
    }

    private func begun(at position: ChannelPosition) {
        self.position = position
        recentStart = position
        let waiting = early
        early = []
        for (session, start) in waiting { begin(session, start) }
    }

    private func keep(_ frames: [Frame], _ position: ChannelPosition) {
        self.position = position
        recent += frames
        guard recent.count > Self.recentMax else { return }
        let gone = recent.count - Self.recentMax / 2
        let last = recent[gone - 1]
        recentStart = ChannelPosition(next: MessageSequence(rawValue: last.sequence + 1), epoch: last.epoch)
        recent.removeFirst(gone)
    }

    /// Messages as members are sent them.
    func frames(of batch: StoredBatch, epoch: UInt64) -> [Frame] {
        batch.batch.messages.enumerated().compactMap { index, stored in
            let sequence = (batch.range.lowerBound + index).rawValue
            // 24 bits of the channel's number here, and 40 of the message's: unique while anybody waits.
            let delivery = number << 40 | sequence & (1 << 40 - 1)
            let message = try? IM.received(
                stored, delivery: delivery, sequence: sequence, epoch: epoch, channel: name.description)
            return message.map {
                let frame = PreparedMessage($0, isText: false).frame
                return Frame(sequence: sequence, epoch: epoch, delivery: delivery, bytes: frame)
            }
        }
    }

    /// Sends messages to members on a loop, and has them sent again until they are acknowledged.
    func send(_ frames: [Frame], to members: [Member], onLoop loop: Int) {
        if members.isEmpty || frames.isEmpty { return }
        let (retries, figures) = (hub.retries, hub.figures)
        let posted = hub.loops[loop].post { context in
            for member in members {
                for frame in frames where frame.sequence >= member.from {
                    guard context.send(frame.bytes, to: member.id).isAccepted else {
                        // It is over, or too slow: then it is let go, and comes back for the rest.
                        context.close(member.id, .overflow)
                        break
                    }
                    let message = OutstandingMessage(id: frame.delivery, to: member.id, bytes: frame.bytes)
                    if retries.add(message) == .added { figures.add(.deliveries) }
                }
            }
        }
        // A loop that is this far behind: its members come back, and are told what they have missed.
        guard posted == .full else { return }
        for member in members {
            sessions[member.id]?.remote.close(.tryAgainLater, reason: "the server is busy")
        }
    }
}
