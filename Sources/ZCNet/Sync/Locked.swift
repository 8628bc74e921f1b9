import ZCLibC

/// A value behind a POSIX mutex, for what happens once per connection or less: no message ever waits for it.
///
/// `Synchronization.Mutex` would do, but two tools cannot see it: the thread sanitizer takes its contended
/// way, which lies in the uninstrumented standard library, for a race, and a probe that counts locks by
/// interposing cannot count a compare-and-swap. Any thread.
///
/// A closure goes in as a member of a struct: by itself it would be wrapped anew each time it is looked at
/// here, and stay so, as the compiler fits functions to generic code.
///
/// SAFETY: `@safe` and unchecked `Sendable` because the value is reached only inside `withLock`, under the
/// mutex.
@safe
package final class Locked<Value>: @unchecked Sendable {
    private var value: Value
    /// On the heap, as a mutex must not move.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    package init(_ value: sending Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        let status = unsafe pthread_mutex_init(mutex, nil)
        precondition(status == 0, "expected a mutex, got errno \(status)")
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Runs `body` alone. Not reentrant.
    @discardableResult
    package func withLock<Result>(_ body: (inout Value) -> sending Result) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&value)
    }
}
