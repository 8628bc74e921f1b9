public import ZCNet

/// A verdict to come, for applications that must ask elsewhere.
///
/// ```swift
/// let promise = peer.promise
/// let token = request.copy()
/// Task { promise.answer(await directory.check(token)) }
/// return .later
/// ```
/// Any thread, once; later answers and answers to a connection that is over are dropped.
public struct GoimPromise: Sendable {
    let handle: GoimHandle

    /// Lets the connection in, or not. `later` is no answer, and changes nothing.
    @discardableResult
    public func answer(_ verdict: GoimVerdict) -> EventLoop.PostResult {
        if case .later = verdict { return .posted }
        return handle.perform(isControl: true) { $0.decide(verdict) }
    }
}
