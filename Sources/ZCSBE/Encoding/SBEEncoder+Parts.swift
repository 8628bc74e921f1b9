/// The name of a group or data, as the first argument of ``SBEEncoder``'s methods. Generated code adds the
/// names; where a part must not follow, its name is not found.
@frozen
public struct SBEPartName<Part: SBEPart>: Sendable {
    /// Names the part. For generated code.
    @inlinable @inline(__always)
    public init() {}
}

extension SBEEncoder where Part: SBEGroupBlock {
    /// Writes a group: the closure appends its entries, none or more.
    ///
    /// - Throws: ``SBEError``, or what the closure throws.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    public consuming func group(
        _ name: SBEPartName<Part>, _ body: (inout SBEEntries<Part>) throws -> Void
    ) throws -> SBEEncoder<Block, Part.Next> {
        let end = try unsafe Self.write(buffer, capacity, position, body)
        let next = unsafe SBEEncoder<Block, Part.Next>(
            buffer: buffer, capacity: capacity, start: start, length: length, position: end)
        return unsafe _overrideLifetime(next, copying: self)
    }

    @inlinable @inline(__always)
    @unsafe
    static func write(
        _ buffer: UnsafeMutableRawPointer, _ capacity: Int, _ position: Int,
        _ body: (inout SBEEntries<Part>) throws -> Void
    ) throws -> Int {
        var entries = try unsafe SBEEntries<Part>(buffer: buffer, capacity: capacity, start: position)
        try body(&entries)
        return try entries.close()
    }
}

extension SBEEncoder where Part: SBEDataPart {
    /// Writes data: bytes.
    ///
    /// - Throws: ``SBEError`` when they are too many for the schema or the buffer.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    public consuming func data(
        _ name: SBEPartName<Part>, _ bytes: RawSpan
    ) throws(SBEError) -> SBEEncoder<Block, Part.Next> {
        let count = bytes.byteCount
        try makeRoom(count)
        let target = unsafe buffer + (position &+ Part.dataOffset)
        unsafe bytes.withUnsafeBytes { source in
            // SAFETY: there is room, and nobody else has the buffer.
            if let from = source.baseAddress { unsafe target.copyMemory(from: from, byteCount: count) }
        }
        return behind(count)
    }

    /// Writes data: bytes.
    ///
    /// - Throws: ``SBEError`` when they are too many for the schema or the buffer.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    public consuming func data(
        _ name: SBEPartName<Part>, _ bytes: Span<UInt8>
    ) throws(SBEError) -> SBEEncoder<Block, Part.Next> {
        // SAFETY: a UInt8 has no padding.
        try data(name, unsafe bytes.bytes)
    }

    /// Writes data: a literal, in the encoding of the schema.
    ///
    /// - Throws: ``SBEError`` when it is too long for the schema or the buffer.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    public consuming func data(
        _ name: SBEPartName<Part>, _ text: StaticString
    ) throws(SBEError) -> SBEEncoder<Block, Part.Next> {
        guard text.hasPointerRepresentation, Part.encoding != .latin1 || text.isASCII else {
            return try data(name, text.description)
        }
        let count = text.utf8CodeUnitCount
        try makeRoom(count)
        // SAFETY: there is room; a literal's bytes, of that number.
        unsafe (buffer + (position &+ Part.dataOffset)).copyMemory(from: text.utf8Start, byteCount: count)
        return behind(count)
    }

    /// Writes data: a string, in the encoding of the schema.
    ///
    /// - Throws: ``SBEError`` when it is too long for the schema or the buffer.
    @_lifetime(copy self)
    @_disfavoredOverload
    @inlinable @inline(__always)
    public consuming func data(
        _ name: SBEPartName<Part>, _ text: String
    ) throws(SBEError) -> SBEEncoder<Block, Part.Next> {
        if Part.encoding == .latin1 {
            let bytes = try Part.encoding.bytes(of: text, at: Part.name)
            return try data(name, bytes.span)
        }
        let bytes = text.utf8.span
        // SAFETY: a UInt8 has no padding.
        return try data(name, unsafe bytes.bytes)
    }

    /// Writes the length, after checking it.
    @inlinable @inline(__always)
    func makeRoom(_ count: Int) throws(SBEError) {
        _ = try unsafe SBEDataRules<Part>.makeRoom(count, buffer, capacity, position)
    }

    @_lifetime(copy self)
    @inlinable @inline(__always)
    consuming func behind(_ count: Int) -> SBEEncoder<Block, Part.Next> {
        let next = unsafe SBEEncoder<Block, Part.Next>(
            buffer: buffer, capacity: capacity, start: start, length: length,
            position: position &+ Part.dataOffset &+ count)
        return unsafe _overrideLifetime(next, copying: self)
    }
}

/// Proof that a message or entry was written to its end. Only ``SBEEncoder/finish()`` makes it.
@frozen
public struct SBEWritten<Block: SBEBlock>: ~Copyable {
    /// Bytes from the start of the buffer to the end of what was written.
    public let end: Int

    @inlinable @inline(__always)
    init(end: Int) { self.end = end }
}
