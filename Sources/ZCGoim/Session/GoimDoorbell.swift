import Synchronization
import ZCNet

/// How a loop tells a dispatcher that a ring has something, and both that the connection is over. A consumer
/// that sleeps in `ready()` is woken by the ring itself.
final class GoimDoorbell: Sendable {
    /// Whom to tell.
    ///
    /// A value of its own, because a closure that is looked at through a generic lock is wrapped anew each
    /// time, and written back so: the wrappings would grow with every message until the stack is too short.
    private struct Waker: Sendable {
        let wake: @Sendable () -> Void
    }

    private let hasWaker = Atomic<Bool>(false)
    private let waker = Locked<Waker?>(nil)
    private let finished = Atomic<Bool>(false)

    /// Whom to tell from now on. By the dispatcher, once.
    func setWaker(_ wake: @escaping @Sendable () -> Void) {
        waker.withLock { $0 = Waker(wake: wake) }
        hasWaker.store(true, ordering: .sequentiallyConsistent)
    }

    /// Forgets whom to tell.
    func dropWaker() {
        hasWaker.store(false, ordering: .relaxed)
        waker.withLock { $0 = nil }
    }

    /// Once per burst.
    func ring() {
        if hasWaker.load(ordering: .sequentiallyConsistent) { waker.withLock { $0 }?.wake() }
    }

    /// Nothing more will come.
    func finish() {
        finished.store(true, ordering: .releasing)
        ring()
    }

    /// Whether nothing more will come: whoever sees this and then an empty ring is done.
    var isFinished: Bool { finished.load(ordering: .acquiring) }
}
