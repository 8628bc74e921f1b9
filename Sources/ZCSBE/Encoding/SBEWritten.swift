/// Proof that a message or entry was written to its end. Only ``SBEEncoder/finish()`` makes it.
@frozen
public struct SBEWritten<Block: SBEBlock>: ~Copyable {
    /// Bytes from the start of the buffer to the end of what was written.
    public let end: Int

    @inlinable @inline(__always)
    init(end: Int) { self.end = end }
}
