/// Who may begin a conversation on a route.
public enum UpgradePolicy: Sendable {
    /// Everybody whose origin the server's ``OriginPolicy`` admits.
    case open
    /// Decided at once, on the loop.
    case decide(@Sendable (UpgradeRequest) -> UpgradeDecision)
    /// Decided elsewhere and later; the connection waits, unread and without holding its loop, until
    /// ``UpgradePromise/answer(_:)`` is called or the handshake timeout has passed.
    case later(@Sendable (UpgradeRequest, UpgradePromise) -> Void)
}

extension UpgradePolicy {
    /// Decided by an asynchronous function, in a task of its own.
    public static func asynchronous(
        _ decide: @escaping @Sendable (UpgradeRequest) async -> UpgradeDecision
    ) -> UpgradePolicy {
        .later { request, promise in Task { promise.answer(await decide(request)) } }
    }
}
