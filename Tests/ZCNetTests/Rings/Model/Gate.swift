import CZCNet
import Glibc
import Synchronization

/// A binary semaphore: how the one thread that may run hands over to the next.
///
/// SAFETY: `@safe` because the word is allocated in `init` and freed in `deinit`.
@safe
final class Gate: @unchecked Sendable {
    private let word: UnsafeMutablePointer<Atomic<UInt32>>

    init() {
        unsafe word = .allocate(capacity: 1)
        unsafe UnsafeMutableRawPointer(word).initializeMemory(as: Atomic<UInt32>.self, to: Atomic<UInt32>(0))
    }

    deinit { unsafe word.deallocate() }

    func open() {
        unsafe word.pointee.store(1, ordering: .releasing)
        _ = unsafe zc_futex_wake(UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self), 1)
    }

    func pass() {
        while unsafe word.pointee.exchange(0, ordering: .acquiring) == 0 {
            _ = unsafe zc_futex_wait(UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self), 0, -1)
        }
    }
}

/// A thread for tests.
///
/// SAFETY: the box is retained for the new thread, which releases it.
struct TestThread {
    private let handle: pthread_t

    init(_ body: @escaping @Sendable () -> Void) {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var handle = pthread_t()
        let box = unsafe Unmanaged.passRetained(Box(body)).toOpaque()
        let status = unsafe pthread_create(
            &handle, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let box = unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
                box.body()
                return nil
            }, box)
        precondition(status == 0, "pthread_create: \(status)")
        self.handle = handle
    }

    func join() { pthread_join(handle, nil) }
}
