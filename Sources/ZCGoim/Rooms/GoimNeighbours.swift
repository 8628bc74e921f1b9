import Synchronization
package import ZCNet

/// The hubs of other nodes, as one hub sees them: they are told who is here, and what is pushed here is
/// pushed there too.
///
/// **Threads.** Any. Who comes and goes is told under one of the hub's short locks, so that it is told in
/// order: whoever is told posts it, and does nothing else.
package protocol GoimNeighbours: AnyObject, Sendable {
    /// A connection is found here by its key, and no other any more.
    func registered(_ remote: GoimRemote, _ key: String)
    /// Nobody is found here by a key.
    func unregistered(_ key: String)
    /// A room has members here.
    func opened(room name: String)
    /// A room has none any more.
    func closed(room name: String)
    /// Sends a message to the connections of keys, wherever they are.
    func push(
        _ message: GoimMessage, toKeys keys: [String], acceptedAs operation: GoimOperation?
    ) -> EventLoop.PostResult
    /// Sends a message to those in a room at other nodes.
    func push(_ message: GoimMessage, toRoom name: String) -> EventLoop.PostResult
    /// Sends a message to those at other nodes who accept the operation.
    func broadcast(
        _ message: GoimMessage, acceptedAs operation: GoimOperation?, perSecond: Int?
    ) -> EventLoop.PostResult
}

/// What neighbours have done here: none of it is told to other nodes again.
extension GoimHub {
    /// Has neighbours told from now on. Once, before the loops run.
    package func join(_ neighbours: any GoimNeighbours) {
        precondition(self.neighbours[] == nil, "a hub is part of one cluster")
        self.neighbours[] = neighbours
    }

    /// Sends a message to the connections of keys that are here, as far as they accept the operation.
    package func deliver(
        _ message: GoimMessage, toKeys keys: [String], acceptedAs operation: GoimOperation
    ) {
        guard mayPush(message) else { return }
        let handles = Dictionary(grouping: keys.compactMap { find($0) }) { ObjectIdentifier($0.loop) }
        if handles.isEmpty { return }
        let push = GoimPush(message, formats, acceptedAs: operation)
        for row in handles.values { _ = post(push, to: row) }
    }

    /// Sends a message to those in a room who are here.
    package func deliver(_ message: GoimMessage, toRoom name: String) {
        if mayPush(message) { _ = pushHere(message, toRoom: name) }
    }

    /// Sends a message to those here who accept the operation.
    package func deliver(_ message: GoimMessage, acceptedAs operation: GoimOperation, perSecond: Int?) {
        if mayPush(message) { _ = broadcastHere(message, acceptedAs: operation, perSecond: perSecond) }
    }

    /// How many have authenticated here.
    package var onlineHere: Int { parts.reduce(0) { $0 + $1.figures[.members] } }

    /// How many are in a room here.
    package func onlineHere(inRoom name: String) -> Int { find(room: name)?.here ?? 0 }

    /// How many have authenticated at other nodes.
    package func setElsewhere(_ count: Int) { elsewhere.store(count, ordering: .relaxed) }

    /// How many are in a room at other nodes.
    package func setElsewhere(_ count: Int, inRoom name: String) { find(room: name)?.setElsewhere(count) }

    /// Closes the connections of all who are in a room here, as they may have missed messages.
    package func closeMembers(ofRoom name: String) { find(room: name)?.closeMembers(.missed) }
}

extension GoimRemote {
    /// Ends the connection, as another one has come with its key.
    package func replace() {
        handle.perform(isControl: true) { conversation in
            if conversation.isOver { return }
            conversation.count(.replaced)
            conversation.close(.replaced)
        }
    }
}
