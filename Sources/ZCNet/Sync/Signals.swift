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

    /// A signal that nobody has given yet.
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

/// A word in memory that threads sleep on until its value changes: the kernel's futex.
///
/// Everything in the library that puts a thread to sleep for another one goes through here.
///
/// SAFETY: `@safe` because whoever makes one keeps the word alive and initialised for as long as a copy is
/// used. Swift never reads through the pointer; the kernel does.
@safe
struct FutexWord {
    private let address: UnsafePointer<UInt32>

    init(_ word: UnsafeMutablePointer<Atomic<UInt32>>) {
        // SAFETY: `Atomic<UInt32>` has the layout of its value.
        unsafe address = UnsafePointer(UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self))
    }

    /// The kernel compares 32 bits: the low half of a machine word.
    init(lowHalfOf word: UnsafeMutablePointer<Atomic<UInt>>) {
        #if _endian(little)
        let offset = 0
        #else
        let offset = MemoryLayout<UInt>.size - MemoryLayout<UInt32>.size
        #endif
        // SAFETY: within the word, which is aligned to at least its size.
        unsafe address = UnsafePointer(
            UnsafeRawPointer(word).advanced(by: offset).assumingMemoryBound(to: UInt32.self))
    }

    /// Sleeps while the word holds `value`, until woken. May return for nothing: look at the word again.
    ///
    /// - Parameter timeout: the longest sleep in nanoseconds; negative sleeps for as long as it takes.
    /// - Returns: false when the timeout has passed.
    @discardableResult
    func sleep(while value: UInt32, timeoutNanoseconds timeout: Int64 = -1) -> Bool {
        unsafe zc_futex_wait(address, value, timeout) == 0 || Errno.current != .timedOut
    }

    /// Wakes one thread that sleeps on the word.
    func wake() { _ = unsafe zc_futex_wake(address, 1) }
}

/// Wakes one task that is suspended: a signal that stays until it is taken, however often it was given.
///
/// The twin of ``ThreadSignal`` for a consumer that is a task. `signal` from any thread, `wait` in one task
/// at a time. Signals come once per burst, so the lock is far from any message's way.
package final class TaskSignal: Sendable {
    private enum State {
        case quiet
        case signalled
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Locked(State.quiet)

    /// A signal that nobody has given yet.
    package init() {}

    /// Has the waiting task go on, or the next wait return at once.
    package func signal() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard case .waiting(let continuation) = state else {
                state = .signalled
                return nil
            }
            state = .quiet
            return continuation
        }
        waiter?.resume()
    }

    /// Suspends until there was a signal, and takes it. A task that is cancelled goes on at once, which may
    /// leave a signal behind: whoever waits looks for itself what there is to do.
    package func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state -> Bool in
                    if case .signalled = state {
                        state = .quiet
                        return true
                    }
                    state = .waiting(continuation)
                    return false
                }
                if goesOn { continuation.resume() }
            }
            // What the giver did is seen from here on; why the runtime's own order is not enough: see
            // `AwaitedAnswer`.
            state.withLock { _ in }
        } onCancel: {
            self.signal()
        }
    }
}
