internal import CZCNet
import Synchronization

/// Wakes one thread that sleeps: a signal that stays until it is taken, however often it was given.
///
/// What a consumer thread that owns no event loop waits on. `signal` from any thread, `wait` from one thread
/// at a time. A signal costs one atomic exchange, and a system call if it was the first since the last wait.
@safe
package final class ThreadSignal: Sendable {
    // SAFETY: `@safe` because the word is allocated here, at a fixed address as the kernel needs it, and is
    // freed with the object, when nobody can wait any more. `nonisolated(unsafe)`: the pointer is constant.
    private nonisolated(unsafe) let word: UnsafeMutablePointer<Atomic<UInt32>>

    /// Not signalled.
    package init() {
        unsafe word = .allocate(capacity: 1)
        unsafe word.initialize(to: Atomic(0))
    }

    deinit {
        unsafe word.deinitialize(count: 1)
        unsafe word.deallocate()
    }

    /// Has the waiting thread return, or the next wait return at once.
    package func signal() {
        let old = unsafe word.pointee.exchange(1, ordering: .acquiringAndReleasing)
        if old == 0 { _ = unsafe zc_futex_wake(futex, 1) }
    }

    /// Sleeps until there was a signal, and takes it. False when `timeout` nanoseconds passed without one;
    /// negative waits for ever.
    @discardableResult
    package func wait(timeoutNanoseconds timeout: Int64 = -1) -> Bool {
        while unsafe word.pointee.exchange(0, ordering: .acquiringAndReleasing) == 0 {
            let status = unsafe zc_futex_wait(futex, 0, timeout)
            // Every other answer (woken, value changed, interrupted) means: look again.
            if status != 0 && Errno.current == .timedOut {
                return unsafe word.pointee.exchange(0, ordering: .acquiringAndReleasing) != 0
            }
        }
        return true
    }

    private var futex: UnsafePointer<UInt32> {
        // SAFETY: `Atomic<UInt32>` has the layout of its value. Swift never reads through this pointer.
        unsafe UnsafePointer(UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self))
    }
}
