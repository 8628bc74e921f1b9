import Glibc

/// Work for one thread of a dispatcher, in order. Any thread adds; one takes, and sleeps while there is none.
///
/// SAFETY: `@safe` and unchecked `Sendable` because everything is reached under the mutex.
@safe
final class GoimWorkQueue<Work>: @unchecked Sendable {
    private var waiting: [Work] = []
    private var isFinished = false
    /// On the heap, as neither may move.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe condition = .allocate(capacity: 1)
        unsafe condition.initialize(to: pthread_cond_t())
        let status = unsafe pthread_mutex_init(mutex, nil) | pthread_cond_init(condition, nil)
        precondition(status == 0, "expected a mutex and a condition, got errno \(status)")
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe condition.deallocate()
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Adds work; false once the queue has finished.
    @discardableResult
    func add(_ work: Work) -> Bool {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        if isFinished { return false }
        if waiting.isEmpty { unsafe pthread_cond_signal(condition) }
        waiting.append(work)
        return true
    }

    /// All work there is, when there is any; nil at the end.
    func takeAll() -> [Work]? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while waiting.isEmpty {
            if isFinished { return nil }
            unsafe pthread_cond_wait(condition, mutex)
        }
        defer { waiting = [] }
        return waiting
    }

    /// No more work: what waits is still taken.
    func finish() {
        unsafe pthread_mutex_lock(mutex)
        isFinished = true
        unsafe pthread_cond_broadcast(condition)
        unsafe pthread_mutex_unlock(mutex)
    }
}
