import ZCNet

/// The answer that a waiting handshake is owed. Any thread; the first answer counts, and one that comes after
/// the connection has ended is dropped.
public struct UpgradePromise: Sendable {
    let remote: RemoteConnection
    let deliver: @Sendable (ConnectionBase, StatePlace, UpgradeDecision) -> Void

    /// Lets the client in, or turns it away.
    public func answer(_ decision: UpgradeDecision) {
        let deliver = deliver
        remote.perform(isControl: true) { base, place in deliver(base, place, decision) }
    }
}
