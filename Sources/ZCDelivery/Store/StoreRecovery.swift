/// What a ``FileMessageStore`` found when it was opened.
public struct StoreRecovery: Hashable, Sendable {
    /// Batches that were read and checked.
    public internal(set) var batches = 0
    /// Bytes behind the last whole batch, left by a crash while they were written, and removed. Nobody was
    /// told that they were stored.
    public internal(set) var tornBytes = 0
    /// Whether the store had been closed in good order, or was new.
    public internal(set) var wasClosed = true

    init() {}
}
