import ZCLibC

extension SharedBytes {
    /// No bytes; allocates nothing.
    @inlinable
    public init() { self.init("") }

    /// Copies the bytes of a view into memory of their own.
    ///
    /// O(n) and one allocation; none for an empty view.
    @inlinable
    public init(copying bytes: RawSpan) {
        let count = bytes.byteCount
        guard count > 0 else { self.init(); return }
        let heap = HeapBytes.allocate(count: count)
        unsafe bytes.withUnsafeBytes { source in
            // SAFETY: `heap` has room for `count` bytes and nobody else knows it yet; a non-empty view has an
            // address.
            if let from = source.baseAddress { unsafe heap.start.copyMemory(from: from, byteCount: count) }
        }
        unsafe self.init(unsafeStart: heap.start, count: count, owner: heap)
    }

    /// Copies a collection of bytes, such as an `Array` or a string's `utf8`, into memory of their own.
    ///
    /// O(n) and one allocation; none for an empty collection.
    @inlinable
    public init(copying bytes: some Collection<UInt8>) {
        let count = bytes.count
        self.init(count: count) { output in
            for byte in bytes {
                // A collection whose count was wrong must not write past the end: append checks.
                output.append(byte)
            }
        }
        precondition(self.count == count, "the collection has fewer elements than its count says")
    }

    /// Copies the UTF-8 bytes of a string.
    ///
    /// O(n) and one allocation; none for an empty string.
    @inlinable
    public init(_ text: String.UTF8View) {
        // SAFETY: the view is used during the call only.
        let copied = unsafe text.withContiguousStorageIfAvailable { storage in
            unsafe SharedBytes(copying: RawSpan(_unsafeBytes: UnsafeRawBufferPointer(storage)))
        }
        self = copied ?? SharedBytes(copying: text)
    }

    /// Shows the bytes of a literal in place: no copy, no allocation, no reference count.
    @inlinable
    public init(_ text: StaticString) {
        if text.hasPointerRepresentation {
            // SAFETY: a static string's bytes live, unchanged, as long as the process.
            unsafe self.init(unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount, owner: nil)
        } else {
            self.init(copying: Character(text.unicodeScalar).utf8)
        }
    }

    /// Makes room for up to `count` bytes and lets a closure write them, in place and without a second copy.
    ///
    /// ```swift
    /// let pong = SharedBytes(count: 4) { output in
    ///     for byte in "pong".utf8 { output.append(byte) }
    /// }
    /// ```
    /// The value has as many bytes as the closure wrote, which may be fewer than `count`; writing more traps.
    /// If the closure throws, nothing is left behind.
    @inlinable
    public init<Failure: Error>(
        count: Int, initializingWith write: (inout OutputRawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(count >= 0, "a negative count")
        let heap = HeapBytes.allocate(count: count)
        // SAFETY: `heap` has room for `count` bytes, nobody else knows it yet, and the output ends before it
        // is shared.
        let memory = unsafe UnsafeMutableRawBufferPointer(start: heap.start, count: count)
        var output = unsafe OutputRawSpan(buffer: memory, initializedCount: 0)
        try write(&output)
        let written = unsafe output.finalize(for: memory)
        guard written > 0 else { self.init(); return }
        unsafe self.init(unsafeStart: heap.start, count: written, owner: heap)
    }
}
