import Synchronization
public import ZCNet

/// Where everybody of a goim server is found: by key, by room, or all of them; and pushed to.
///
/// ```swift
/// let quote = GoimMessage(GoimOperation(rawValue: 1000), "1.0831")
/// hub.push(quote, toKey: "alice-phone")
/// hub.push(quote, toRoom: "fx://majors")
/// hub.broadcast(quote)
/// ```
/// **Who gets it.** Pushes to keys and to all go to connections that accept the operation; pushes to a room
/// to everybody in it. A connection's limits and overflow policy apply; what became of every push is counted,
/// see ``snapshot()``.
///
/// **Order.** What one thread pushes arrives in that order at every connection. Pushes to one room arrive at
/// all of its members in the same order, whoever pushes them. Only a paced
/// ``broadcast(_:acceptedAs:perSecond:)`` takes its time.
///
/// **Threads.** Any. Keys and rooms lie behind 32 short locks each, taken once per push, entering and
/// leaving, never per member; nothing is sent, and nobody closed, under one.
///
/// **Cost.** A push is encoded once, and posted once to each loop that has members.
public final class GoimHub: Sendable {
    private let keys: [Locked<[String: GoimHandle]>]
    private let rooms: [Locked<[String: GoimRoom]>]
    let parts: [GoimLoopPart]
    let options: GoimOptions
    let formats: GoimHeaderFormats
    /// Hubs of other nodes; set once, before the loops run.
    let neighbours = OwnedCell<(any GoimNeighbours)?>(nil)
    /// How many have authenticated at other nodes, as far as these have said.
    let elsewhere = Atomic<Int>(0)
    private let unreached = Atomic<Int>(0)
    private let malformed = Atomic<Int>(0)
    private static let buckets = 32

    init(_ options: GoimOptions, loops: [EventLoop]) {
        self.options = options
        formats = GoimHeaderFormats(options.headers)
        keys = (0..<Self.buckets).map { _ in Locked([:]) }
        rooms = (0..<Self.buckets).map { _ in Locked([:]) }
        parts = loops.map { GoimLoopPart($0) }
    }

    // MARK: Pushing

    /// Sends a message to the connection of a key, if it accepts the operation. `posted` also when there is
    /// nobody; see ``contains(key:)``.
    ///
    /// - Parameter operation: what the connection must accept; nil is the message's own operation. A batch
    ///   (op 9) is pushed with that of the messages in it, as goim's job does.
    @discardableResult
    public func push(
        _ message: GoimMessage, toKey key: String, acceptedAs operation: GoimOperation? = nil
    ) -> EventLoop.PostResult {
        guard mayPush(message) else { return .posted }
        guard let handle = find(key) else {
            return neighbours[]?.push(message, toKeys: [key], acceptedAs: operation) ?? .posted
        }
        return post(GoimPush(message, formats, acceptedAs: operation), to: [handle])
    }

    /// Sends a message to the connections of several keys, as far as they accept the operation. Encoded once,
    /// one post per loop.
    ///
    /// - Parameter operation: as for one key.
    @discardableResult
    public func push(
        _ message: GoimMessage, toKeys keys: some Sequence<String>,
        acceptedAs operation: GoimOperation? = nil
    ) -> EventLoop.PostResult {
        guard mayPush(message) else { return .posted }
        var handles: [ObjectIdentifier: [GoimHandle]] = [:]
        let neighbours = neighbours[]
        var others: [String] = []
        for key in keys {
            if let handle = find(key) {
                handles[ObjectIdentifier(handle.loop), default: []].append(handle)
            } else if neighbours != nil {
                others.append(key)
            }
        }
        let forwarded =
            others.isEmpty
            ? .posted : neighbours?.push(message, toKeys: others, acceptedAs: operation) ?? .posted
        if handles.isEmpty { return forwarded }
        let push = GoimPush(message, formats, acceptedAs: operation)
        return handles.values.reduce(forwarded) { worse($0, post(push, to: $1)) }
    }

    /// Sends a message to everybody in a room, whatever they accept; merged with others where the options say
    /// so.
    @discardableResult
    public func push(_ message: GoimMessage, toRoom name: String) -> EventLoop.PostResult {
        guard mayPush(message) else { return .posted }
        let forwarded = neighbours[]?.push(message, toRoom: name) ?? .posted
        return worse(forwarded, pushHere(message, toRoom: name))
    }

    /// Sends a message to everybody in a room who is connected to this node.
    func pushHere(_ message: GoimMessage, toRoom name: String) -> EventLoop.PostResult {
        guard let room = find(room: name) else { return .posted }
        let (result, missed) = room.push(message)
        if missed > 0 { unreached.add(missed, ordering: .relaxed) }
        return result
    }

    /// Sends a message to everybody who accepts the operation.
    ///
    /// - Parameters:
    ///   - operation: what a connection must accept; nil is the message's own operation.
    ///   - perSecond: how many connections are served in a second, all loops together, so that a message to a
    ///     million does not hold up the others; nil serves all at once. Who comes or goes meanwhile may or
    ///     may not get it.
    @discardableResult
    public func broadcast(
        _ message: GoimMessage, acceptedAs operation: GoimOperation? = nil, perSecond: Int? = nil
    ) -> EventLoop.PostResult {
        precondition(perSecond.map { $0 > 0 } ?? true, "a rate of at least one connection per second")
        guard mayPush(message) else { return .posted }
        let forwarded =
            neighbours[]?.broadcast(message, acceptedAs: operation, perSecond: perSecond) ?? .posted
        return worse(forwarded, broadcastHere(message, acceptedAs: operation, perSecond: perSecond))
    }

    /// Sends a message to everybody who is connected to this node and accepts the operation.
    func broadcastHere(
        _ message: GoimMessage, acceptedAs operation: GoimOperation?, perSecond: Int?
    ) -> EventLoop.PostResult {
        let push = GoimPush(message, formats, acceptedAs: operation)
        let share = perSecond.map { max(1, $0 / parts.count) }
        return parts.reduce(.posted) { result, part in
            let posted = part.broadcast(push, perSecond: share)
            if posted != .posted { unreached.add(part.figures[.members], ordering: .relaxed) }
            return worse(result, posted)
        }
    }

    /// Whether a message may be sent to others than its author: a batch that is no row of protos would break
    /// their streams. What an application passes on from a client may be anything, so it is counted and
    /// dropped.
    func mayPush(_ message: GoimMessage) -> Bool {
        if message.operation != .raw || message.row(in: .plain) != nil { return true }
        malformed.add(1, ordering: .relaxed)
        return false
    }

    func post(_ push: GoimPush, to handles: [GoimHandle]) -> EventLoop.PostResult {
        guard let first = handles.first else { return .posted }
        let part = parts[first.loop.index]
        let result = part.loop.enqueue { part.deliver(push, to: handles) }
        if result != .posted { unreached.add(handles.count, ordering: .relaxed) }
        return result
    }

    /// A full loop is worth telling before one that is gone.
    private func worse(
        _ left: EventLoop.PostResult, _ right: EventLoop.PostResult
    ) -> EventLoop.PostResult {
        right == .posted || left == .full ? left : right
    }

    // MARK: Finding

    /// How many have authenticated, on all loops, and on all nodes of a cluster.
    public var online: Int { onlineHere + elsewhere.load(ordering: .relaxed) }

    /// How many are in a room that somebody here is in, on all nodes of a cluster.
    public func online(inRoom name: String) -> Int { find(room: name)?.online ?? 0 }

    /// Every room that somebody is in, with how many. O(rooms), in no order.
    public var roomCounts: [String: Int] {
        var counts: [String: Int] = [:]
        for bucket in rooms { for (name, room) in bucket.withLock({ $0 }) { counts[name] = room.online } }
        return counts
    }

    /// Whether there is a connection of a key.
    public func contains(key: String) -> Bool { find(key) != nil }

    /// The connection of a key, to send to it whatever it accepts, or to close it.
    public func remote(forKey key: String) -> GoimRemote? { find(key).map { GoimRemote(handle: $0) } }

    /// What happened so far.
    public func snapshot() -> GoimSnapshot {
        GoimSnapshot(
            parts.map(\.figures), rooms: rooms.reduce(0) { $0 + $1.withLock { $0.count } },
            unreached: unreached.load(ordering: .relaxed), malformed: malformed.load(ordering: .relaxed))
    }

    /// A room that somebody here is in.
    func find(room name: String) -> GoimRoom? { bucket(rooms, name).withLock { $0[name] } }

    func find(_ key: String) -> GoimHandle? { bucket(keys, key).withLock { $0[key] } }

    private func bucket<Value>(_ buckets: [Locked<Value>], _ name: String) -> Locked<Value> {
        buckets[Int(UInt(bitPattern: name.hashValue) % UInt(Self.buckets))]
    }

    // MARK: For sessions

    /// Enters a connection under its key; answers the one that had it.
    func register(_ handle: GoimHandle) -> GoimHandle? {
        bucket(keys, handle.key).withLock { keys in
            neighbours[]?.registered(GoimRemote(handle: handle), handle.key)
            return keys.updateValue(handle, forKey: handle.key)
        }
    }

    /// Takes a connection out, unless its key has become another's.
    func unregister(_ handle: GoimHandle) {
        bucket(keys, handle.key).withLock { keys in
            guard keys[handle.key] === handle else { return }
            keys[handle.key] = nil
            neighbours[]?.unregistered(handle.key)
        }
    }

    /// The room on a loop, made if need be; called on that loop, which adds a member to it then.
    func open(
        _ name: String, on loop: EventLoop, figures: GoimFigures, queues: QueueMemory
    ) -> GoimShard {
        // A room closes under the same lock, so one that is found is open.
        bucket(rooms, name).withLock { rooms in
            let room = rooms[name] ?? GoimRoom(name, merging: options.merging, formats: formats)
            if rooms.updateValue(room, forKey: name) == nil { neighbours[]?.opened(room: name) }
            return room.open(on: loop) {
                GoimShard(room, self, loop: loop, figures: figures, queues: queues)
            }
        }
    }

    /// What waits to be merged on one loop's account, counted anew.
    func mergingBytes(of queues: QueueMemory) -> Int {
        rooms.reduce(0) { sum, bucket in
            bucket.withLock { Array($0.values) }.reduce(sum) { $0 + $1.mergingBytes(of: queues) }
        }
    }

    /// Forgets a shard whose last member has left.
    func close(_ shard: GoimShard) {
        let name = shard.room.name
        bucket(rooms, name).withLock { rooms in
            guard shard.room.close(shard), rooms[name] === shard.room else { return }
            rooms[name] = nil
            neighbours[]?.closed(room: name)
        }
    }
}

extension GoimHub: GoimDirectory {
    func room(
        _ name: String, on loop: EventLoop, figures: GoimFigures, queues: QueueMemory
    ) -> any GoimMembership {
        open(name, on: loop, figures: figures, queues: queues)
    }
}

extension GoimConnection {
    /// Where everybody is found; nil at a client.
    public var hub: GoimHub? { conversation.withCore { $0.directory as? GoimHub } }
}
