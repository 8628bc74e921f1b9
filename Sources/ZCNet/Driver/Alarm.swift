internal import CZCNet
import ZCLibC

/// Ends a driver's wait when the loop's next timer is due, in place of a limit of the wait itself.
///
/// Why: for a wait with a limit the kernel begins a timer of its own and takes it back, each time. In a
/// virtual machine that is a tenth of all that a message costs which wakes the loop. The next of a loop's
/// timers is mostly an idle limit, the same for thousands of waits, so the alarm is set once and stays.
///
/// It rings early where it was set for a timer that is cancelled by then, which costs a turn, and late by
/// `tolerance` at most. One thread at a time.
struct Alarm: ~Copyable {
    /// What is nearer than this limits the wait itself: timers that come and go every turn set no alarm.
    static var nearest: Int64 { 1_000_000 }
    /// A wait's own limit may be exceeded by as much, which is the kernel's usual slack.
    static var tolerance: Int64 { 50_000 }

    /// Readable from when it has rung until it is set again; nobody reads it. To be watched by its edges.
    let descriptor: Int32
    private let clock: MonotonicClock
    /// For when it was set last.
    private(set) var due = MonotonicInstant.zero

    init(clock: MonotonicClock) throws(SystemError) {
        descriptor = try systemCall("timerfd_create") { zc_timerfd() }
        self.clock = clock
    }

    deinit { KernelSocket.closeNow(Descriptor(rawValue: descriptor)) }

    /// How long the wait itself may last so that it ends after `nanoseconds`: for ever, where the alarm will
    /// end it. Negative is for ever. Calls the kernel only where the alarm is to be set.
    mutating func waitLimit(_ nanoseconds: Int64) -> Int64 {
        guard nanoseconds >= Self.nearest else { return nanoseconds }
        let now = clock.now()
        let end = now.later(byNanoseconds: nanoseconds)
        if due > now && due <= end.later(byNanoseconds: Self.tolerance) { return -1 }
        guard zc_timerfd_set(descriptor, end.nanoseconds) == 0 else { return nanoseconds }
        due = end
        return -1
    }
}
