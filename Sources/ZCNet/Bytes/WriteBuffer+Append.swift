public import ZCBytes

extension WriteBuffer {
    /// Appends an integer's bytes in the given order.
    ///
    /// - Throws: ``WriteBufferError`` when there is no room; nothing is written then.
    @inlinable
    public mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(
        _ value: Value, _ order: ByteOrder
    ) throws(WriteBufferError) {
        try ensureRoom(for: MemoryLayout<Value>.size)
        // SAFETY: there is room; the store needs no alignment.
        unsafe end.storeBytes(of: order.applied(to: value), as: Value.self)
        written &+= MemoryLayout<Value>.size
    }

    /// Appends a byte.
    ///
    /// - Throws: ``WriteBufferError`` when there is no room.
    @inlinable
    public mutating func append(_ byte: UInt8) throws(WriteBufferError) { try append(byte, .littleEndian) }

    /// Appends a float's IEEE 754 bytes in the given order.
    ///
    /// - Throws: ``WriteBufferError`` when there is no room; nothing is written then.
    @inlinable
    public mutating func append(_ value: Float, _ order: ByteOrder) throws(WriteBufferError) {
        try append(value.bitPattern, order)
    }

    /// Appends a double's IEEE 754 bytes in the given order.
    ///
    /// - Throws: ``WriteBufferError`` when there is no room; nothing is written then.
    @inlinable
    public mutating func append(_ value: Double, _ order: ByteOrder) throws(WriteBufferError) {
        try append(value.bitPattern, order)
    }

    /// Appends the bytes of a view.
    ///
    /// - Throws: ``WriteBufferError`` when they do not fit; nothing is written then.
    @inlinable
    public mutating func append(_ bytes: RawSpan) throws(WriteBufferError) {
        let count = bytes.byteCount
        try ensureRoom(for: count)
        guard count > 0 else { return }
        let target = unsafe end
        unsafe bytes.withUnsafeBytes { source in
            // SAFETY: there is room, and the source cannot be this buffer's memory, which is borrowed
            // mutably.
            if let from = source.baseAddress { unsafe target.copyMemory(from: from, byteCount: count) }
        }
        written &+= count
    }

    /// Appends the elements of a view.
    ///
    /// - Throws: ``WriteBufferError`` when they do not fit; nothing is written then.
    @inlinable
    public mutating func append(_ bytes: Span<UInt8>) throws(WriteBufferError) {
        // SAFETY: a UInt8 has no padding, so all of the span's memory is initialised.
        try append(unsafe bytes.bytes)
    }

    /// Appends a copy of shared bytes.
    ///
    /// - Throws: ``WriteBufferError`` when they do not fit; nothing is written then.
    @inlinable
    public mutating func append(_ bytes: SharedBytes) throws(WriteBufferError) { try append(bytes.bytes) }

    /// Appends a string's UTF-8 bytes.
    ///
    /// - Throws: ``WriteBufferError`` when they do not fit; nothing is written then.
    @inlinable
    public mutating func append(_ text: String.UTF8View) throws(WriteBufferError) {
        try append(text.span)
    }

    /// Appends a literal's UTF-8 bytes.
    ///
    /// - Throws: ``WriteBufferError`` when they do not fit; nothing is written then.
    @inlinable
    public mutating func append(_ text: StaticString) throws(WriteBufferError) {
        try append(SharedBytes(text))
    }
}

extension WriteBuffer {
    /// Appends `count` zero bytes to be patched later, and returns where they are.
    ///
    /// - Throws: ``WriteBufferError`` when they do not fit; nothing is written then.
    /// - Precondition: `count >= 0`.
    @inlinable
    public mutating func reserve(_ count: Int) throws(WriteBufferError) -> Range<Int> {
        precondition(count >= 0, "a negative count")
        try ensureRoom(for: count)
        let range = written..<written &+ count
        guard count > 0 else { return range }
        // SAFETY: there is room. Zeroed, so that a place that is never patched shows no old bytes.
        unsafe end.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        written = range.upperBound
        return range
    }

    /// Writes an integer over bytes that are already there.
    ///
    /// - Throws: ``WriteBufferError`` with `outOfBounds` when the integer would not lie within what was
    ///   written.
    @inlinable
    public mutating func patch<Value: FixedWidthInteger & BitwiseCopyable>(
        _ value: Value, at offset: Int, _ order: ByteOrder
    ) throws(WriteBufferError) {
        let target = try unsafe patchable(offset, MemoryLayout<Value>.size)
        // SAFETY: within what was written; the store needs no alignment.
        unsafe target?.storeBytes(of: order.applied(to: value), as: Value.self)
    }

    /// Writes bytes over others that are already there.
    ///
    /// - Throws: ``WriteBufferError`` with `outOfBounds` when they would not lie within what was written.
    @inlinable
    public mutating func patch(_ bytes: RawSpan, at offset: Int) throws(WriteBufferError) {
        let target = try unsafe patchable(offset, bytes.byteCount)
        unsafe bytes.withUnsafeBytes { source in
            guard let from = source.baseAddress else { return }
            // SAFETY: within what was written, and the source is not this buffer's memory.
            unsafe target?.copyMemory(from: from, byteCount: source.count)
        }
    }

    /// The address of `count` written bytes from `offset`; nil only when the buffer has no memory and none is
    /// needed.
    @usableFromInline
    func patchable(_ offset: Int, _ count: Int) throws(WriteBufferError) -> UnsafeMutableRawPointer? {
        let (end, overflow) = offset.addingReportingOverflow(count)
        guard offset >= 0, !overflow, end <= written else {
            throw WriteBufferError(.outOfBounds, expected: written, got: overflow || offset < 0 ? .max : end)
        }
        return unsafe start.map { unsafe $0 + offset }
    }
}
