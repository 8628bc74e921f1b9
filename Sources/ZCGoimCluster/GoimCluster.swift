// goim's protocol served by several processes.
@_exported public import ZCCluster
@_exported public import ZCGoim
package import ZCNet

/// Makes a goim server one of several that serve the same people: what is pushed through its hub reaches
/// them wherever they are connected.
///
/// ```swift
/// let server = try GoimServer(tcp: "0.0.0.0:3101", webSocket: "0.0.0.0:3102") { Lobby() }
/// let cluster = try GoimCluster(server.hub, node)
/// ```
/// Nothing else changes: `hub.push(_:toKey:)` finds the node that has the key, `toRoom` and `broadcast` reach
/// every node, `online` counts all of them, and a connection that comes with a key closes the older one with
/// it on any node, with `replaced`.
///
/// **What it costs.** A push to a room crosses the network once for each node with members of it, and is
/// encoded once there; one to a key once, and not at all where the key is here. A node listens to a room
/// once, while somebody here is in it. Keys are known on every node: see `ClusterPresence`. Rooms that
/// somebody here is in are counted once in ``GoimClusterOptions/countInterval``.
///
/// **Order.** What one thread pushes to a room is heard in that order everywhere, and nobody hears it twice.
/// At its own node it is heard at once, at others when it arrives: what two nodes push at the same moment is
/// heard in either order.
///
/// **What is missed.** What is pushed while the servers cannot be reached is heard here alone. Who may have
/// missed something is told as ``GoimClusterOptions/whenMissed`` says, ahead of what comes next.
///
/// **Threads.** Any, but for what says that it is the node's loop's.
/// **Ownership.** The hub keeps it.
public final class GoimCluster: Sendable {
    struct State: ~Copyable {
        /// By key, the connections that are here.
        var stays: [String: PresenceStay] = [:]
        var rooms: [String: Room] = [:]
        /// What is for everybody, and what is for keys that are here.
        var feeds: [PassingFeed] = []
    }

    /// A room that is listened to.
    struct Room {
        let channel: ChannelName
        let feed: PassingFeed
        /// Whether somebody here is in it.
        var isOpen = true
        /// For how many looks nobody was.
        var idleLooks = 0
    }

    /// The node, which is kept by this.
    public let node: ClusterNode
    /// Who is where: connections by their keys in the channel ``keys``, and how many are in rooms.
    public let presence: ClusterPresence
    /// The channel of the presence in which connections are, by their keys.
    public let keys: ChannelName
    /// Where all hubs listen, and all people are counted.
    private let everybody: ChannelName
    /// The hub, which keeps this.
    weak let hub: GoimHub?
    let options: GoimClusterOptions
    let onEvent: @Sendable (GoimClusterEvent) -> Void
    /// Names the hub among all that ever were.
    private let origin = UInt64.random(in: 1 ... .max)
    let state = OwnedCell(State())

    /// Has a hub push to all nodes, and tells it what they push. Before the server starts; the node may be
    /// started before or later.
    ///
    /// - Parameters:
    ///   - presence: the node's, where the application has one; nil makes one.
    ///   - onEvent: told of what may have been missed, and of what could not be sent, on the node's loop.
    @discardableResult
    public init(
        _ hub: GoimHub, _ node: ClusterNode, presence: ClusterPresence? = nil,
        _ options: GoimClusterOptions = GoimClusterOptions(),
        onEvent: @escaping @Sendable (GoimClusterEvent) -> Void = { _ in }
    ) throws {
        try options.validate()
        self.hub = hub
        self.node = node
        self.presence = try presence ?? ClusterPresence(node)
        self.options = options
        self.onEvent = onEvent
        everybody = try ChannelName("\u{1}goim")
        keys = try ChannelName("\u{1}goim keys")
        let own = try Self.channel(ofNode: node.name)
        hub.join(self)
        node.engine.perform { [self] in
            state[].feeds = [everybody, own].map { channel in
                node.listenPassing(to: channel) { [weak self] event in self?.take(event, room: nil) }
            }
            look()
        }
    }

    private static func channel(ofNode name: String) throws(ClusterError) -> ChannelName {
        try ChannelName("\u{1}goim at \(name)")
    }

    /// Names that are too long for a channel share one with few others; what comes says which room it is for.
    static func channel(ofRoom name: String) throws(ClusterError) -> ChannelName {
        let text = "\u{1}goim in \(name)"
        if text.utf8.count <= ChannelName.bytesMax { return try ChannelName(text) }
        return try ChannelName("\u{1}goim in # \(ChannelName.hash(name.utf8))")
    }

    // MARK: Sending, on the node's loop

    private func pass(_ target: HubMessage.Target, _ message: GoimMessage, to channel: ChannelName) {
        do throws(ClusterError) {
            let push = HubMessage(origin: origin, target: target, message: message)
            try node.pass(try push.encoded(bytesMax: node.engine.bytesMax - 64), to: channel)
        } catch {
            onEvent(.refused(error))
        }
    }

    private func pass(_ message: GoimMessage, toKeys keys: [String], acceptedAs operation: GoimOperation) {
        var nodes: [String: [String]] = [:]
        for key in keys {
            for name in presence.nodes(of: key, in: self.keys) where name != node.name {
                nodes[name, default: []].append(key)
            }
        }
        for (name, keys) in nodes.sorted(by: { $0.key < $1.key }) {
            guard let channel = try? Self.channel(ofNode: name) else { continue }
            // Why 256: the names of so many, of any length that goim allows by default, leave room.
            for start in stride(from: 0, to: keys.count, by: 256) {
                let some = Array(keys[start..<min(start + 256, keys.count)])
                pass(.keys(some, acceptedAs: operation), message, to: channel)
            }
        }
    }

    // MARK: What comes, on the node's loop

    /// What came through the feed of a room, or through one of those for everybody.
    private func take(_ event: PassingFeed.Event, room: String?) {
        switch event {
        case .gap: mayHaveMissed(room)
        case .message(let bytes):
            do throws(ClusterError) {
                let push = try HubMessage(bytes)
                if push.origin != origin { deliver(push, room: room) }
            } catch {
                onEvent(.ignored(error))
            }
        }
    }

    private func deliver(_ push: HubMessage, room: String?) {
        switch push.target {
        case .room(let name):
            if name == room { hub?.deliver(push.message, toRoom: name) }
        case .keys(let keys, let operation): hub?.deliver(push.message, toKeys: keys, acceptedAs: operation)
        case .everybody(let operation, let rate):
            hub?.deliver(push.message, acceptedAs: operation, perSecond: rate)
        }
    }

    private func mayHaveMissed(_ room: String?) {
        onEvent(.gap(room: room))
        guard let room else { return }
        switch options.whenMissed {
        case .silent: break
        case .notice(let notice): hub?.deliver(notice, toRoom: room)
        case .close: hub?.closeMembers(ofRoom: room)
        }
    }

    // MARK: Rooms and counts, on the node's loop

    private func open(_ name: String) {
        if state[].rooms[name] != nil {
            state[].rooms[name]?.isOpen = true
            state[].rooms[name]?.idleLooks = 0
            return
        }
        guard let channel = try? Self.channel(ofRoom: name) else { return }
        let feed = node.listenPassing(to: channel) { [weak self] in self?.take($0, room: name) }
        state[].rooms[name] = Room(channel: channel, feed: feed)
        hub?.setElsewhere(presence.crowdElsewhere(of: channel), inRoom: name)
    }

    /// Counts, tells the others, and takes over what they have told; stops listening to rooms that nobody
    /// here has been in for a while.
    private func look() {
        guard let hub else { return }
        node.engine.schedule(after: options.countInterval) { [weak self] in self?.look() }
        presence.noteCrowd(hub.onlineHere, in: everybody)
        hub.setElsewhere(presence.crowdElsewhere(of: everybody))
        var idle: [String] = []
        for (name, room) in state[].rooms {
            presence.noteCrowd(hub.onlineHere(inRoom: name), in: room.channel)
            if room.isOpen {
                hub.setElsewhere(presence.crowdElsewhere(of: room.channel), inRoom: name)
            } else if room.idleLooks == Self.idleLooksMax {
                idle.append(name)
            }
        }
        for name in idle { state[].rooms.removeValue(forKey: name)?.feed.end() }
        for (name, room) in state[].rooms where !room.isOpen { state[].rooms[name]?.idleLooks += 1 }
    }

    /// Why 5: who goes and comes back at once costs no subscription.
    private static let idleLooksMax = 5

    /// Rooms that are listened to; for tests. On the node's loop.
    var listeningCount: Int { state[].rooms.count }
}

/// What the hub says, on any thread: posted to the node's loop, in order.
extension GoimCluster: GoimNeighbours {
    package func registered(_ remote: GoimRemote, _ key: String) {
        node.engine.perform { [self] in
            state[].stays[key] = presence.enter(keys, as: key, .replacing) { end in
                if case .replaced = end { remote.replace() }
            }
        }
    }

    package func unregistered(_ key: String) {
        node.engine.perform { [self] in state[].stays[key] = nil }
    }

    package func opened(room name: String) { node.engine.perform { [self] in open(name) } }

    package func closed(room name: String) {
        node.engine.perform { [self] in
            state[].rooms[name]?.isOpen = false
            state[].rooms[name]?.idleLooks = 0
        }
    }

    package func push(
        _ message: GoimMessage, toKeys keys: [String], acceptedAs operation: GoimOperation?
    ) -> EventLoop.PostResult {
        perform { cluster in
            cluster.pass(message, toKeys: keys, acceptedAs: operation ?? message.operation)
        }
    }

    package func push(_ message: GoimMessage, toRoom name: String) -> EventLoop.PostResult {
        perform { cluster in
            guard let channel = try? Self.channel(ofRoom: name) else { return }
            cluster.pass(.room(name), message, to: channel)
        }
    }

    package func broadcast(
        _ message: GoimMessage, acceptedAs operation: GoimOperation?, perSecond: Int?
    ) -> EventLoop.PostResult {
        perform { cluster in
            let target = HubMessage.Target.everybody(
                acceptedAs: operation ?? message.operation, perSecond: perSecond)
            cluster.pass(target, message, to: cluster.everybody)
        }
    }

    private func perform(_ work: @escaping @Sendable (GoimCluster) -> Void) -> EventLoop.PostResult {
        node.engine.perform { [self] in work(self) } ? .posted : .stopped
    }
}
