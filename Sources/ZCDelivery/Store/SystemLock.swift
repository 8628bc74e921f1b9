import ZCLibC

/// A lock on an open file, given back with its last reference.
final class SystemLock {
    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        // Closing alone is not enough: the lock belongs to the open file, which a child that is being started
        // right now shares until it runs its own program.
        _ = flock(descriptor, LOCK_UN)
        _ = close(descriptor)
    }
}
