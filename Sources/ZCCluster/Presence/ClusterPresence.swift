public import ZCNet

/// Who is where in a cluster: every node knows everybody, is told who comes and goes, and who was at a node
/// that is gone.
///
/// ```swift
/// let presence = ClusterPresence(node)
/// // Kept with the connection:
/// let stay = presence.enter(room, as: "alice")
/// let watch = presence.watch(room) { event in tell(event) }
/// let people = await presence.members(of: room)
/// ```
/// **What is promised.** Who enters is known on every node within the time of a message, and where that was
/// lost with the next beat of the node, which comes three times in a lease. Who was at a node that is dead,
/// frozen or cut off is gone everywhere within a lease and two beats; a node that comes back says again who
/// is there. A node that is cut off itself judges nobody: what it knew stays as it was until it is back.
///
/// **What it costs.** A node at rest sends one message of some 50 bytes a beat, however many are there.
/// Entering and leaving take a message to every node, together with what else changes in that turn. Each
/// entry takes 320 bytes and its words on every node.
///
/// **Threads.** Entering, leaving, and what is `async` from any; everything else, events included, on the
/// engine's loop. **Limits.** ``PresenceOptions``. One for a node.
public final class ClusterPresence: ClusterFeed {
    struct State: ~Copyable {
        var table: PresenceTable
        var stays: [UInt64: Occupant] = [:]
        var crowds: [ChannelName: UInt64] = [:]
        var watches: [ChannelName: [Int: @Sendable (PresenceEvent) -> Void]] = [:]
        var lastWatch = 0
        var listenings: [TopicListening] = []
        /// The version up to which the others were told.
        var sent: UInt64 = 0
        var isSending = false
        /// Since when the node has had its lease without a break.
        var freshSince: MonotonicInstant?
        /// Lives of nodes that have said that they end: what comes late of them is nothing.
        var gone: [UInt64] = []
        var isEnded = false
    }

    /// Who waits for a stay's end.
    struct Occupant {
        let stay: OwnedCell<PresenceStay.State>
        let onEnd: @Sendable (PresenceEnd) -> Void
    }

    /// The node, which is kept by this.
    public let node: ClusterNode
    let options: PresenceOptions
    let state: OwnedCell<State>
    var me: SlotTable.Member { node.keeper.me }
    /// Where all nodes listen, and where one does. No application's channel, as its name says.
    let everybody: ClusterTopic

    /// Begins to take part, together with the node.
    public init(_ node: ClusterNode, _ options: PresenceOptions = PresenceOptions()) throws {
        try options.validate()
        self.node = node
        self.options = options
        everybody = .passing(try ChannelName("\u{1}presence"))
        state = OwnedCell(State(table: PresenceTable(node.keeper.me, bytesMax: options.bytesMax)))
        let own = try topic(of: node.keeper.me.name)
        node.engine.perform { [self] in
            for topic in [everybody, own] {
                state[].listenings.append(node.engine.subscribe(topic) { [weak self] in self?.heard($0) })
            }
            node.feeds.add(self)
            tick()
        }
    }

    deinit {
        let (engine, listenings) = (node.engine, state[].listenings)
        engine.perform { for listening in listenings { engine.unsubscribe(listening) } }
    }

    func topic(of name: String) throws(ClusterError) -> ClusterTopic {
        .passing(try ChannelName("\u{1}presence \(name)"))
    }

    // MARK: Entering, from any thread

    /// Has somebody be in a channel, for as long as the stay is kept.
    ///
    /// - Parameters:
    ///   - name: what they are called, 1 to `nameBytesMax` bytes.
    ///   - note: what is said of them.
    ///   - policy: what becomes of somebody of the same name who is there.
    ///   - onEnd: told once, on the engine's loop, where the stay ends by itself: as somebody came in its
    ///     place, or as it was refused.
    public func enter(
        _ channel: ChannelName, as name: String, note: SharedBytes = SharedBytes(),
        _ policy: PresencePolicy = .beside, onEnd: @escaping @Sendable (PresenceEnd) -> Void = { _ in }
    ) -> PresenceStay {
        let stay = PresenceStay(self)
        let occupant = Occupant(stay: stay.state, onEnd: onEnd)
        let entry = PresenceEntry(
            kind: policy == .replacing ? .exclusive : .shared, channel: channel, name: name, note: note,
            stamp: 0)
        let isPosted = node.engine.perform { [self] in begin(entry, occupant) }
        if !isPosted { onEnd(.failed(.ended)) }
        return stay
    }

    /// Says how many are in a channel here whose names are nobody's business. Any thread.
    public func setCrowd(_ count: Int, in channel: ChannelName) {
        node.engine.perform { [self] in noteCrowd(count, in: channel) }
    }

    /// The same on the engine's loop, at once.
    package func noteCrowd(_ count: Int, in channel: ChannelName) {
        if state[].isEnded { return }
        if let number = state[].crowds[channel] {
            if count > 0 {
                state[].table.update(number) { $0.stamp = UInt64(count) }
            } else {
                state[].table.leave(number)
                state[].crowds[channel] = nil
            }
        } else if count > 0 {
            let entry = PresenceEntry(
                kind: .crowd, channel: channel, name: "", note: SharedBytes(), stamp: UInt64(count))
            // What has no room is said again with the next change.
            state[].crowds[channel] = try? state[].table.enter(entry)
        } else {
            return
        }
        settle()
    }

    private func begin(_ entry: PresenceEntry, _ occupant: Occupant) {
        if occupant.stay[].isOver { return }
        do throws(ClusterError) {
            if state[].isEnded { throw .ended }
            guard (1...options.nameBytesMax).contains(entry.name.utf8.count),
                entry.note.count <= options.noteBytesMax
            else {
                throw ClusterError(
                    .invalid,
                    expected: "a name of 1 to \(options.nameBytesMax) bytes, and at most "
                        + "\(options.noteBytesMax) of a note",
                    got: "\(entry.name.utf8.count) and \(entry.note.count)")
            }
            let number = try state[].table.enter(entry)
            occupant.stay[].number = number
            state[].stays[number] = occupant
            settle()
        } catch {
            occupant.stay[].isOver = true
            occupant.onEnd(.failed(error))
        }
    }

    func leaveSoon(_ stay: OwnedCell<PresenceStay.State>) {
        node.engine.perform { [self] in
            if stay[].isOver { return }
            stay[].isOver = true
            guard let number = stay[].number else { return }
            state[].stays[number] = nil
            state[].table.leave(number)
            settle()
        }
    }

    func updateSoon(_ stay: OwnedCell<PresenceStay.State>, _ note: SharedBytes) {
        node.engine.perform { [self] in
            guard !stay[].isOver, let number = stay[].number, note.count <= options.noteBytesMax else {
                return
            }
            state[].table.update(number) { $0.note = note }
            settle()
        }
    }

    // MARK: On the engine's loop

    /// Who is in a channel, in the order of their names.
    public func members(of channel: ChannelName) -> [PresenceMember] {
        guard let names = state[].table.index.channels[channel]?.names else { return [] }
        return names.compactMap { name, holdings in holdings.last.map { PresenceMember(name, $0) } }
            .sorted { $0.name < $1.name }
    }

    /// How many are in a channel, on all nodes: by their names, and those without. O(1).
    public func count(of channel: ChannelName) -> Int {
        state[].table.index.channels[channel]?.count ?? 0
    }

    /// How many of a channel's are at other nodes, by what was said of crowds.
    package func crowdElsewhere(of channel: ChannelName) -> Int {
        let own = state[].crowds[channel].flatMap { state[].table.own.entries[$0]?.crowdCount } ?? 0
        return (state[].table.index.channels[channel]?.others ?? 0) - own
    }

    /// The nodes that somebody is at, as those say. O(1).
    public func nodes(of name: String, in channel: ChannelName) -> [String] {
        guard let holdings = state[].table.index.channels[channel]?.names[name] else { return [] }
        return Set(holdings.map(\.node.name)).sorted()
    }

    /// Whether there is room for all that other nodes say.
    public var isComplete: Bool { state[].table.isComplete }

    /// What is known takes, of ``PresenceOptions/bytesMax``.
    public var byteCount: Int { state[].table.byteCount }

    /// Tells who is in a channel, and then who comes and goes, for as long as the watch is kept.
    public func watch(
        _ channel: ChannelName, _ handler: @escaping @Sendable (PresenceEvent) -> Void
    ) -> PresenceWatch {
        state[].lastWatch += 1
        let watch = PresenceWatch(self, channel, number: state[].lastWatch)
        state[].watches[channel, default: [:]][watch.number] = handler
        state[].table.watched.insert(channel)
        handler(.here(members(of: channel)))
        return watch
    }

    func unwatch(_ channel: ChannelName, _ number: Int) {
        state[].watches[channel]?[number] = nil
        guard state[].watches[channel]?.isEmpty == true else { return }
        state[].watches[channel] = nil
        state[].table.watched.remove(channel)
    }

    // MARK: From any thread

    /// As `members(of:)`, from any thread; nobody where the node has ended.
    public func members(of channel: ChannelName) async -> [PresenceMember] {
        await look([]) { $0.members(of: channel) }
    }

    /// As `count(of:)`, from any thread; 0 where the node has ended.
    public func count(of channel: ChannelName) async -> Int { await look(0) { $0.count(of: channel) } }

    private func look<Value: Sendable>(
        _ none: Value, _ body: @escaping @Sendable (ClusterPresence) -> Value
    ) async -> Value {
        await awaitedAnswer { answer in
            let isPosted = node.engine.perform { [self] in answer.give(body(self)) }
            if !isPosted { answer.give(none) }
        }
    }
}

/// What presence may hold. Every default says why it is what it is.
public struct PresenceOptions: Hashable, Sendable {
    /// The most that all entries of all nodes may take here. Why 256 MiB: more than half a million with names
    /// of usual length. What comes to this node beyond is refused, what other nodes say is not known here.
    public var bytesMax = 256 << 20
    /// The longest name, in bytes. Why 256: as much as names of other kinds may have.
    public var nameBytesMax = 256
    /// The longest note. Why 256: a status, not a picture.
    public var noteBytesMax = 256

    /// The defaults of each setting.
    public init() {}

    /// Checks every setting against its limits.
    public func validate() throws {
        try ConfigurationError.check("bytesMax", bytesMax, in: 1024...1 << 40)
        try ConfigurationError.check("nameBytesMax", nameBytesMax, in: 1...4096)
        try ConfigurationError.check("noteBytesMax", noteBytesMax, in: 0...4096)
    }
}
