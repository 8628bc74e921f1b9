/// Who has to be woken once the lock is open again.
struct HandOffWake: Sendable {
    let sleeper: Bool
    let waiter: CheckedContinuation<Void, Never>?
}
