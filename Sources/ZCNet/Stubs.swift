import Glibc
public struct MonotonicInstant: Comparable, Sendable, Hashable {
    public var nanoseconds: Int64
    public static let zero = MonotonicInstant(nanoseconds: 0)
    public static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }
    public static func + (a: Self, d: Duration) -> Self { .init(nanoseconds: a.nanoseconds + d.components.seconds * 1_000_000_000 + d.components.attoseconds / 1_000_000_000) }
    public static func - (a: Self, b: Self) -> Duration { .nanoseconds(a.nanoseconds - b.nanoseconds) }
}
extension Duration { var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 } }
public struct MonotonicClock: Sendable {
    static let system = MonotonicClock()
    func now() -> MonotonicInstant { var t = timespec(); clock_gettime(CLOCK_MONOTONIC, &t); return .init(nanoseconds: Int64(t.tv_sec) * 1_000_000_000 + Int64(t.tv_nsec)) }
}
@frozen public struct TimerID: Sendable, Hashable { @usableFromInline var raw: UInt64; public static let none = TimerID(raw: 0) }
public struct TimerPayload: Sendable, Hashable { public var rawValue: UInt64; init(rawValue: UInt64) { self.rawValue = rawValue } }
struct TimingWheel: ~Copyable {
    init(tick: Duration, origin: MonotonicInstant) throws {}
    func schedule(_ p: TimerPayload, at: MonotonicInstant) -> TimerID { .none }
    func cancel(_ t: TimerID) -> Bool { false }
    func rearm(_ t: TimerID, at: MonotonicInstant) -> Bool { false }
    func nextExpiry() -> MonotonicInstant? { nil }
    func advance(to: MonotonicInstant) {}
    func popExpired() -> (payload: TimerPayload, id: TimerID)? { nil }
}
public struct MetricsSnapshot: Sendable { init(loops: [Int]) {} }
package final class LoopMetrics: Sendable {
    func snapshot() -> Int { 0 }
    var connectionCount: Int { 0 }
    func recordTurn(completions: Int) {}
    func recordReceive(bytes: Int) {}
    func recordSend(bytes: Int) {}
    func recordProtocolError() {}
    func recordOverflow() {}
    func recordDrop(messages: Int) {}
    func recordConflation() {}
    func adjustQueuedBytes(by: Int) {}
    func recordClose(cause: Int) {}
    func recordOpen() {}
    func recordAccept() {}
    func recordAcceptError() {}
    func recordTimer() {}
    func recordSlowCallback(nanoseconds: Int) {}
    func recordCallback(nanoseconds: Int) {}
    func recordPartialSend() {}
    func recordMailbox(messages: Int) {}
    func recordRejection(cause: Int) {}
    func recordRejection(_ r: RejectionReason) {}
}
