public import ZCBytes

extension SBEMessage {
    /// Writes a message to a buffer: its header, then what the closure says.
    ///
    /// ```swift
    /// var memory = [UInt8](repeating: 0, count: 64)
    /// var bytes = memory.mutableSpan.mutableBytes
    /// let count = try Trade.encode(into: &bytes) { trade in
    ///     trade.price = 100.5
    ///     return trade.finish()
    /// }
    /// ```
    /// - Parameter position: where the message begins; bytes before it are not touched.
    /// - Precondition: `position` is one of `0...bytes.byteCount`.
    /// - Returns: the message's length.
    /// - Throws: ``SBEError``, or what the closure throws. What is from `position` on is undefined then.
    @inlinable @inline(__always)
    public static func encode(
        into bytes: inout MutableRawSpan, from position: Int = 0,
        _ body: (consuming SBEEncoder<Self, FirstPart>) throws -> SBEWritten<Self>
    ) throws -> Int {
        let capacity = bytes.byteCount &- position
        precondition(position >= 0 && capacity >= 0, "outside of the buffer")
        return try unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else {
                throw SBEError(.noRoom, at: name, expected: Schema.header.size &+ blockLength, got: 0)
            }
            // SAFETY: the buffer is ours alone until the closure returns, and the encoder does not outlive
            // it; `position` lies within.
            let end = try body(unsafe begin(start + position, capacity)).end
            precondition(end >= Schema.header.size && end <= capacity, "the end of another message")
            return end
        }
    }

    /// Writes the header, and begins the block.
    @_lifetime(immortal)
    @inlinable @inline(__always)
    @unsafe
    static func begin(
        _ start: UnsafeMutableRawPointer, _ capacity: Int
    ) throws(SBEError) -> SBEEncoder<Self, FirstPart> {
        let header = Schema.header
        guard header.size <= capacity else {
            throw SBEError(.noRoom, at: name, expected: header.size &+ blockLength, got: capacity)
        }
        // SAFETY: there is room for the header.
        unsafe SBEWireWriter<Schema>.zero(start, header.size)
        unsafe SBEWireWriter<Schema>.store(blockLength, header.blockLength, in: start)
        unsafe SBEWireWriter<Schema>.store(templateID, header.templateID, in: start)
        unsafe SBEWireWriter<Schema>.store(Schema.id, header.schemaID, in: start)
        unsafe SBEWireWriter<Schema>.store(Schema.version, header.version, in: start)
        let parts = (
            groups: FirstPart._Rules._groups(Schema.version), data: FirstPart._Rules._data(Schema.version)
        )
        if let groups = header.groups { unsafe SBEWireWriter<Schema>.store(parts.groups, groups, in: start) }
        if let data = header.data { unsafe SBEWireWriter<Schema>.store(parts.data, data, in: start) }
        return try unsafe SBEEncoder(blockIn: start, capacity: capacity, start: header.size)
    }
}

/// Writes a block into a buffer, and then its groups and data in the order of the schema.
///
/// Generated code adds a property for each field. What follows the fields is in the type: each method takes
/// the encoder and answers another, whose type knows what may come next. Leaving out a group does not
/// compile, nor does writing one twice or too early.
///
/// ```swift
/// let length = try Car.encode(into: &bytes) { car in
///     car.serialNumber = 1234
///     car.engine.capacity = 2000
///     return try car
///         .group(.fuelFigures) { figures in
///             try figures.append { $0.speed = 30; $0.mpg = 35.9 }
///         }
///         .data(.manufacturer, "Honda")
///         .finish()
/// }
/// ```
/// The block is zero at first, optional fields null; so is what is not set. Fields may be set at any time
/// until the encoder is given up.
///
/// **Ownership.** Borrows the buffer alone; nothing else can touch it meanwhile.
@safe @frozen @dynamicMemberLookup
public struct SBEEncoder<Block: SBEBlock, Part: SBEPart>: ~Copyable, ~Escapable {
    // SAFETY: `@safe` because `buffer` is writable for `capacity` bytes for the value's lifetime and by
    // nobody else, and every store is checked against the block, which lies within.
    @usableFromInline let buffer: UnsafeMutableRawPointer
    @usableFromInline let capacity: Int
    // Where the block begins, and how long it is.
    @usableFromInline let start: Int
    @usableFromInline let length: Int
    // Where the next part begins.
    @usableFromInline let position: Int

    /// - Precondition: the block lies within the capacity.
    @_lifetime(immortal)
    @inlinable @inline(__always)
    @unsafe
    init(buffer: UnsafeMutableRawPointer, capacity: Int, start: Int, length: Int, position: Int) {
        unsafe self.buffer = buffer
        self.capacity = capacity
        self.start = start
        self.length = length
        self.position = position
    }

    /// Begins a block: zeros, with null where fields are optional.
    @_lifetime(immortal)
    @inlinable @inline(__always)
    @unsafe
    init(
        blockIn buffer: UnsafeMutableRawPointer, capacity: Int, start: Int
    ) throws(SBEError) where Part == Block.FirstPart {
        let length = Block.blockLength
        guard length >= 0, start <= capacity, length <= capacity &- start else {
            throw SBEError(.noRoom, at: Block.name, expected: start &+ length, got: capacity)
        }
        // SAFETY: there is room for the block.
        unsafe (buffer + start).initializeMemory(as: UInt8.self, repeating: 0, count: length)
        Block._setNulls(unsafe SBENulls(buffer + start, length))
        unsafe self.init(
            buffer: buffer, capacity: capacity, start: start, length: length, position: start &+ length)
    }

    /// Writes a value at an offset of the block. For generated code.
    ///
    /// - Precondition: it lies within the block, as it does by the schema.
    @inlinable @inline(__always)
    public func _store<Value: SBEPrimitive>(_ value: Value, _ offset: Int) {
        precondition(
            offset >= 0 && offset <= length &- MemoryLayout<Value.Bits>.size, "outside of the block")
        // SAFETY: within the block; the store needs no alignment.
        unsafe (buffer + start).storeBytes(
            of: Block.Schema.byteOrder.applied(to: value.sbeBits), toByteOffset: offset, as: Value.Bits.self)
    }

    /// Writes a value, or the null value. For generated code.
    @inlinable @inline(__always)
    public func _storeOptional<Value: SBEPrimitive>(_ value: Value?, _ offset: Int, null: Value) {
        _store(value ?? null, offset)
    }

    /// What was written at an offset of the block. For generated code.
    ///
    /// - Precondition: it lies within the block.
    @inlinable @inline(__always)
    public func _load<Value: SBEPrimitive>(_ offset: Int) -> Value {
        precondition(
            offset >= 0 && offset <= length &- MemoryLayout<Value.Bits>.size, "outside of the block")
        // SAFETY: within the block, which was zeroed at least.
        let bits = unsafe (buffer + start).loadUnaligned(fromByteOffset: offset, as: Value.Bits.self)
        return Value(sbeBits: Block.Schema.byteOrder.applied(to: bits))
    }

    /// What was written at an offset of the block, nil of null. For generated code.
    @inlinable @inline(__always)
    public func _loadOptional<Value: SBEPrimitive>(_ offset: Int, null: Value) -> Value? {
        let value: Value = _load(offset)
        return value.isSBENull(null) ? nil : value
    }

    /// Ends the message or entry.
    @inlinable @inline(__always)
    public consuming func finish() -> SBEWritten<Block> where Part == SBEEnd {
        SBEWritten(end: position)
    }
}

// Why key paths: see the members of SBEView.
extension SBEEncoder {
    /// A composite, whose fields are set in place.
    @inlinable
    public subscript<Field: SBECompositeField>(
        dynamicMember path: KeyPath<Block.Members, SBEMember<Field>>
    ) -> SBEEncoder<Field.Composite, SBEEnd> {
        @_lifetime(copy self)
        @inline(__always)
        get { _composite(Field.self) }
    }

    /// A composite of a later version, whose fields are set in place.
    @inlinable
    public subscript<Field: SBECompositeField>(
        dynamicMember path: KeyPath<Block.Members, SBELaterMember<Field>>
    ) -> SBEEncoder<Field.Composite, SBEEnd> {
        @_lifetime(copy self)
        @inline(__always)
        get { _composite(Field.self) }
    }

    /// A composite. For generated code.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    public func _composite<Field: SBECompositeField>(
        _ field: Field.Type
    ) -> SBEEncoder<Field.Composite, SBEEnd> {
        let size = Field.Composite.blockLength
        precondition(Field.offset >= 0 && size >= 0 && Field.offset <= length &- size, "outside of the block")
        // SAFETY: the composite lies within the block; the lifetime is the same.
        let inner = unsafe SBEEncoder<Field.Composite, SBEEnd>(
            buffer: buffer, capacity: capacity, start: start &+ Field.offset, length: size,
            position: start &+ Field.offset &+ size)
        return unsafe _overrideLifetime(inner, copying: self)
    }

    /// An array of numbers, as one value.
    @inlinable
    public subscript<Field: SBEArrayField>(
        dynamicMember path: KeyPath<Block.Members, SBEMember<Field>>
    ) -> Field.Values {
        @inline(__always)
        get {
            Field._make { _load(Field.offset &+ $0 &* MemoryLayout<Field.Element.Bits>.size) }
        }
        @inline(__always)
        nonmutating set {
            for index in 0..<Field.count {
                _store(
                    Field._element(index, of: newValue),
                    Field.offset &+ index &* MemoryLayout<Field.Element.Bits>.size)
            }
        }
    }

    /// A text that is as long as the schema's array or shorter.
    @inlinable
    public subscript<Field: SBETextField>(
        dynamicMember path: KeyPath<Block.Members, SBEMember<Field>>
    ) -> SBETextEncoder<Field> {
        @_lifetime(copy self)
        @inline(__always)
        get {
            _text(Field.self)
        }
    }

    /// A text. For generated code.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    public func _text<Field: SBETextField>(_ field: Field.Type) -> SBETextEncoder<Field> {
        precondition(
            Field.offset >= 0 && Field.count >= 0 && Field.offset <= length &- Field.count,
            "outside of the block")
        // SAFETY: the text lies within the block; the lifetime is the same.
        let text = unsafe SBETextEncoder<Field>(buffer + (start &+ Field.offset))
        return unsafe _overrideLifetime(text, copying: self)
    }
}
