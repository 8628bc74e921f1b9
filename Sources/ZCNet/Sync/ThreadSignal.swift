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
        if old == 0 { unsafe FutexWord(word).wake() }
    }

    /// Sleeps until there was a signal, and takes it. False when `timeout` nanoseconds passed without one;
    /// negative waits for ever.
    @discardableResult
    package func wait(timeoutNanoseconds timeout: Int64 = -1) -> Bool {
        while !take() {
            if unsafe !FutexWord(word).sleep(while: 0, timeoutNanoseconds: timeout) { return take() }
        }
        return true
    }

    private func take() -> Bool {
        unsafe word.pointee.exchange(0, ordering: .acquiringAndReleasing) != 0
    }
}
