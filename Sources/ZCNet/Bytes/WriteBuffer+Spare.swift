extension WriteBuffer {
    /// Room behind what was written, for a producer that knows only afterwards how much it wrote; say so with
    /// ``commit(_:)``. Grows by doubling, but the doubling ends at `capacityMax` bytes.
    ///
    /// The memory is not initialised and is valid until the buffer changes.
    ///
    /// - Throws: ``WriteBufferError`` when `additional` bytes do not fit.
    /// - Precondition: `additional >= 0`.
    @unsafe
    @usableFromInline
    package mutating func spare(
        atLeast additional: Int, capacityMax: Int = .max
    ) throws(WriteBufferError) -> UnsafeMutableRawBufferPointer {
        precondition(additional >= 0, "a negative count")
        if additional > room &- written { try grow(by: additional, within: capacityMax) }
        return unsafe UnsafeMutableRawBufferPointer(
            start: start.map { unsafe $0 + written }, count: room &- written)
    }

    /// Counts the first `count` bytes of the spare room as written.
    ///
    /// - Precondition: they were initialised, and there is room for them.
    @usableFromInline
    package mutating func commit(_ count: Int) {
        precondition(count >= 0 && count <= room &- written, "more than the spare room")
        written &+= count
    }

    /// Forgets everything behind the first `count` bytes. Keeps the memory.
    ///
    /// - Precondition: at least that many were written.
    package mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= written, "more than was written")
        written = count
    }

    /// What was written, in place; the caller uses it only until the buffer changes.
    @unsafe
    package var memory: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: start, count: written)
    }
}
