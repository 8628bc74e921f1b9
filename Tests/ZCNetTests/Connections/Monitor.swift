import Glibc

/// A value that threads change and wait for.
///
/// SAFETY: `@safe` and unchecked because the value is touched only with the mutex held.
@safe
final class Monitor<Value>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var current: Value

    init(_ value: Value) {
        current = value
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe changed.initialize(to: pthread_cond_t())
        _ = unsafe pthread_mutex_init(mutex, nil)
        _ = unsafe pthread_cond_init(changed, nil)
    }

    deinit {
        _ = unsafe pthread_cond_destroy(changed)
        _ = unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    @discardableResult
    func update<Result>(_ change: (inout Value) -> Result) -> Result {
        _ = unsafe pthread_mutex_lock(mutex)
        defer {
            _ = unsafe pthread_cond_broadcast(changed)
            _ = unsafe pthread_mutex_unlock(mutex)
        }
        return change(&current)
    }

    var value: Value { update { $0 } }

    /// Blocks until the condition holds; false when it did not within `seconds`.
    func wait(seconds: Int = RawClient.patience, until condition: (Value) -> Bool) -> Bool {
        var deadline = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &deadline)
        deadline.tv_sec += seconds
        _ = unsafe pthread_mutex_lock(mutex)
        defer { _ = unsafe pthread_mutex_unlock(mutex) }
        while !condition(current) {
            if unsafe pthread_cond_timedwait(changed, mutex, &deadline) != 0 { return condition(current) }
        }
        return true
    }
}

/// Whether the condition comes true in time; for what nobody announces, such as a counter of another thread.
func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<RawClient.patience * 1000 {
        if condition() { return true }
        usleep(1000)
    }
    return condition()
}
