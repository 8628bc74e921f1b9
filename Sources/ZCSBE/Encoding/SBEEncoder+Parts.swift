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

/// The entries of a group that is being written.
///
/// ```swift
/// .group(.fuelFigures) { figures in
///     for reading in readings {
///         try figures.append { figure in
///             figure.speed = reading.speed
///             figure.mpg = reading.mpg
///         }
///     }
/// }
/// ```
/// The count that stands before the entries is written when the closure returns.
@safe @frozen
public struct SBEEntries<Group: SBEGroupBlock>: ~Copyable, ~Escapable {
    // SAFETY: `@safe` as the encoder, which is not used while this value is.
    @usableFromInline let buffer: UnsafeMutableRawPointer
    @usableFromInline let capacity: Int
    @usableFromInline let start: Int
    @usableFromInline var position: Int
    @usableFromInline var appended: Int

    /// How many entries were appended.
    @inlinable
    public var count: Int { appended }

    @_lifetime(immortal)
    @inlinable @inline(__always)
    @unsafe
    init(buffer: UnsafeMutableRawPointer, capacity: Int, start: Int) throws(SBEError) {
        let size = Group.dimension.size
        guard size <= capacity &- start else {
            throw SBEError(.noRoom, at: Group.name, expected: start &+ size, got: capacity)
        }
        unsafe self.buffer = buffer
        self.capacity = capacity
        self.start = start
        position = start &+ size
        appended = 0
    }

    /// Appends an entry that has fields only.
    ///
    /// - Throws: ``SBEError``, or what the closure throws.
    @inlinable @inline(__always)
    public mutating func append(
        _ body: (borrowing SBEEncoder<Group, SBEEnd>) throws -> Void
    ) throws where Group.FirstPart == SBEEnd {
        try admit()
        let entry = try unsafe SBEEncoder<Group, SBEEnd>(
            blockIn: buffer, capacity: capacity, start: position)
        position = entry.position
        try body(entry)
    }

    /// Appends an entry; the closure writes it to its end and answers what ``SBEEncoder/finish()`` does.
    ///
    /// - Throws: ``SBEError``, or what the closure throws.
    @inlinable @inline(__always)
    public mutating func append(
        _ body: (consuming SBEEncoder<Group, Group.FirstPart>) throws -> SBEWritten<Group>
    ) throws where Group.FirstPart: SBEOpenPart {
        try admit()
        let begin = position
        let entry = try unsafe SBEEncoder<Group, Group.FirstPart>(
            blockIn: buffer, capacity: capacity, start: position)
        let end = try body(entry).end
        precondition(end >= begin && end <= capacity, "the end of another entry")
        position = end
    }

    /// Counts an entry more.
    @inlinable @inline(__always)
    mutating func admit() throws(SBEError) {
        guard count < Group.countMax else {
            throw SBEError(.groupCount, at: Group.name, expected: Group.countMax, got: count &+ 1)
        }
        appended &+= 1
    }

    /// Writes the dimensions and answers where the group ends.
    @inlinable @inline(__always)
    consuming func close() throws(SBEError) -> Int {
        guard count >= Group.countMin else {
            throw SBEError(.groupCount, at: Group.name, expected: Group.countMin, got: count)
        }
        let dimension = Group.dimension
        let place = unsafe buffer + start
        // SAFETY: the initialiser has made sure of the room.
        unsafe SBEWireWriter<Group.Schema>.zero(place, dimension.size)
        unsafe SBEWireWriter<Group.Schema>.store(Group.blockLength, dimension.blockLength, in: place)
        unsafe SBEWireWriter<Group.Schema>.store(count, dimension.count, in: place)
        let version = Group.Schema.version
        if let groups = dimension.groups {
            unsafe SBEWireWriter<Group.Schema>.store(
                Group.FirstPart._Rules._groups(version), groups, in: place)
        }
        if let data = dimension.data {
            unsafe SBEWireWriter<Group.Schema>.store(Group.FirstPart._Rules._data(version), data, in: place)
        }
        return position
    }
}

/// An array of characters in a block that is being written.
///
/// ```swift
/// try car.vehicleCode.set("abcdef")
/// ```
@safe @frozen
public struct SBETextEncoder<Field: SBETextField>: ~Copyable, ~Escapable {
    // SAFETY: `@safe` because `start` is writable for the field's bytes for the value's lifetime.
    @usableFromInline let start: UnsafeMutableRawPointer

    @_lifetime(immortal)
    @inlinable @inline(__always)
    @unsafe
    init(_ start: UnsafeMutableRawPointer) { unsafe self.start = start }

    /// Writes a literal, and zeros behind it.
    ///
    /// - Throws: ``SBEError`` with `textTooLong`; nothing is written then.
    @inlinable @inline(__always)
    public func set(_ text: StaticString) throws(SBEError) {
        guard text.hasPointerRepresentation, Field.encoding != .latin1 || text.isASCII else {
            return try set(text.description)
        }
        // SAFETY: a literal's bytes, of that number.
        try unsafe copy(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Writes a string in the field's encoding, and zeros behind it.
    ///
    /// - Throws: ``SBEError`` with `textTooLong`; nothing is written then.
    @_disfavoredOverload
    @inlinable @inline(__always)
    public func set(_ text: String) throws(SBEError) {
        if Field.encoding == .latin1 { return try set(Field.encoding.bytes(of: text, at: Field.name)) }
        let bytes = text.utf8.span
        // SAFETY: a UInt8 has no padding.
        try set(unsafe bytes.bytes)
    }

    /// Writes bytes, and zeros behind them.
    ///
    /// - Throws: ``SBEError`` with `textTooLong`; nothing is written then.
    @inlinable @inline(__always)
    public func set(_ bytes: RawSpan) throws(SBEError) {
        let count = bytes.byteCount
        guard count <= Field.count else {
            throw SBEError(.textTooLong, at: Field.name, expected: Field.count, got: count)
        }
        unsafe bytes.withUnsafeBytes { source in unsafe fill(source) }
    }

    /// Writes bytes, and zeros behind them.
    ///
    /// - Throws: ``SBEError`` with `textTooLong`; nothing is written then.
    public func set(_ bytes: [UInt8]) throws(SBEError) {
        // SAFETY: a UInt8 has no padding.
        try set(unsafe bytes.span.bytes)
    }

    @inlinable @inline(__always)
    @unsafe
    func copy(_ source: UnsafeRawBufferPointer) throws(SBEError) {
        guard source.count <= Field.count else {
            throw SBEError(.textTooLong, at: Field.name, expected: Field.count, got: source.count)
        }
        unsafe fill(source)
    }

    @inlinable @inline(__always)
    @unsafe
    func fill(_ source: UnsafeRawBufferPointer) {
        // SAFETY: the caller has checked that it fits.
        if let from = source.baseAddress { unsafe start.copyMemory(from: from, byteCount: source.count) }
        unsafe (start + source.count).initializeMemory(
            as: UInt8.self, repeating: 0, count: Field.count &- source.count)
    }
}
