public import ZCBytes

/// A block of a received message, read in place: the root of a message, an entry of a group or a composite.
///
/// Generated code adds a property for each field.
///
/// ```swift
/// let car = try Car.decode(bytes)
/// total += car.serialNumber                        // a field: one load
/// var figures = car.fuelFigures                    // a group
/// while let figure = figures.next() { total += UInt64(figure.speed) }
/// if car.manufacturer == "Honda" { … }             // variable data
/// ```
/// `decode` has checked the whole message, so that no property can fail: of a message of an older version,
/// the fields that it does not have are nil, and its groups, data and arrays are empty.
///
/// **Ownership.** Borrows the bytes. The compiler lets no view outlive them.
///
/// **Complexity.** Fields, composites, the first group and the first data: O(1). A further group is found by
/// following those before it: O(1) each, or O(entries) where its entries have groups or data of their own.
@safe @frozen @dynamicMemberLookup
public struct SBEView<Block: SBEBlock>: ~Escapable {
    @usableFromInline let extent: SBEExtent
    // Bytes of the block as its writer has it. Never more than the extent has.
    @usableFromInline let length: Int
    // Where the data begin, and where all ends.
    @usableFromInline let tail: Int
    @usableFromInline let end: Int

    @_lifetime(copy extent)
    @inlinable @inline(__always)
    package init(_ extent: consuming SBEExtent, length: Int, tail: Int, end: Int) {
        precondition(length >= 0 && length <= extent.count, "outside of the message")
        self.length = length
        self.tail = tail
        self.end = end
        self.extent = extent
    }

    /// The version of the schema that wrote the message.
    @inlinable
    public var actingVersion: Int { extent.version }

    /// Bytes of the block, without what follows it. Longer than the schema has it in a message of a newer
    /// version, shorter in one of an older.
    @inlinable
    public var actingBlockLength: Int { length }

    /// Bytes from the start of the block to the end of its last group or data, unknown ones of newer versions
    /// included where the schema counts them.
    @inlinable
    public var encodedLength: Int { end }

    /// The bytes of the block and what follows it.
    @inlinable
    public var encodedBytes: RawSpan {
        @_lifetime(copy self)
        get { extent.bytes(0, encodedLength) }
    }
}

extension SBEView {
    /// A value at an offset of the block. For generated code; no parameter here has a default and no
    /// name is overloaded, for the compiler to look at in each of its thousands of accessors.
    ///
    /// - Precondition: it lies within the block, as it does by the schema.
    @inlinable @inline(__always)
    public func _load<Value: SBEPrimitive>(_ offset: Int) -> Value {
        precondition(
            offset >= 0 && offset <= length &- MemoryLayout<Value.Bits>.size, "outside of the block")
        // SAFETY: within the block, which is within the extent; every bit pattern is an integer.
        let bits = unsafe extent.start.loadUnaligned(fromByteOffset: offset, as: Value.Bits.self)
        return Value(sbeBits: Block.Schema.byteOrder.applied(to: bits))
    }

    /// A value of a later version; nil of an older message. For generated code.
    @inlinable @inline(__always)
    public func _loadLater<Value: SBEPrimitive>(_ offset: Int, since version: Int) -> Value? {
        extent.version >= version ? _load(offset) : nil
    }

    /// An optional value; nil of its null value. For generated code.
    @inlinable @inline(__always)
    public func _loadOptional<Value: SBEPrimitive>(_ offset: Int, null: Value) -> Value? {
        let value: Value = _load(offset)
        return value.isSBENull(null) ? nil : value
    }

    /// An optional value of a later version; nil of its null value and of an older message. For generated
    /// code.
    @inlinable @inline(__always)
    public func _loadLaterOptional<Value: SBEPrimitive>(
        _ offset: Int, null: Value, since version: Int
    ) -> Value? {
        extent.version >= version ? _loadOptional(offset, null: null) : nil
    }
}

// What the members are made of, by their types; generated code calls it, and so may code that is generic over
// messages.
extension SBEView {
    /// A group; empty in a message of an older version.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    public func _group<Group: SBEGroupBlock>(_ group: Group.Type) -> SBEGroup<Group> {
        guard extent.version >= Group.sinceVersion else { return SBEGroup(emptyIn: extent) }
        return SBEGroup(extent, from: Group._Rules._start(extent, length: length, tail: tail))
    }

    /// Data; empty in a message of an older version.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    public func _data<Data: SBEDataPart>(_ data: Data.Type) -> SBEText {
        guard extent.version >= Data.sinceVersion else { return SBEText(extent.bytes(0, 0), Data.encoding) }
        let start = Data._Rules._start(extent, length: length, tail: tail)
        let count = extent.unsigned(Data.length, from: start, Data.Schema.self)
        return SBEText(extent.bytes(start &+ Data.dataOffset, count), Data.encoding)
    }

    /// An array of numbers; empty in a message of an older version.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    public func _array<Field: SBEArrayField>(_ field: Field.Type) -> SBEArray<Field> {
        guard extent.version >= Field.sinceVersion else { return SBEArray(extent.bytes(0, 0)) }
        return SBEArray(blockBytes(Field.offset, Field.count &* MemoryLayout<Field.Element.Bits>.size))
    }

    /// A text; empty in a message of an older version.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    public func _text<Field: SBETextField>(_ field: Field.Type) -> SBEText {
        guard extent.version >= Field.sinceVersion else { return SBEText(extent.bytes(0, 0), Field.encoding) }
        return SBEText(padded: blockBytes(Field.offset, Field.count), Field.encoding)
    }

    /// A composite.
    ///
    /// - Precondition: the message's version has it.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    public func _composite<Field: SBECompositeField>(_ field: Field.Type) -> SBEView<Field.Composite> {
        // What is behind the composite in the block counts as its own; only its fields are read.
        precondition(Field.offset <= length, "outside of the block")
        return SBEView<Field.Composite>(
            extent.dropping(Field.offset), length: length &- Field.offset, tail: length &- Field.offset,
            end: length &- Field.offset)
    }

    @_lifetime(copy self)
    @inlinable @inline(__always)
    func blockBytes(_ offset: Int, _ size: Int) -> RawSpan {
        precondition(offset <= length &- size, "outside of the block")
        return extent.bytes(offset, size)
    }
}

// The key path names a property of a type that has no values; only its type matters, and the optimiser
// removes it. Why so: a module without experimental flags cannot return a borrowed view from code of its own,
// and generated code lives in such modules.
extension SBEView {
    /// A group of the block, by its member's name.
    @inlinable
    public subscript<Group: SBEGroupBlock>(
        dynamicMember path: KeyPath<Block.Members, SBEMember<Group>>
    ) -> SBEGroup<Group> {
        @_lifetime(copy self)
        @inline(__always)
        get { _group(Group.self) }
    }

    /// Data of variable length.
    @inlinable
    public subscript<Data: SBEDataPart>(
        dynamicMember path: KeyPath<Block.Members, SBEMember<Data>>
    ) -> SBEText {
        @_lifetime(copy self)
        @inline(__always)
        get { _data(Data.self) }
    }

    /// A composite of the block, by its member's name.
    @inlinable
    public subscript<Field: SBECompositeField>(
        dynamicMember path: KeyPath<Block.Members, SBEMember<Field>>
    ) -> SBEView<Field.Composite> {
        @_lifetime(copy self)
        @inline(__always)
        get { _composite(Field.self) }
    }

    /// A composite of a later version; nil of an older message.
    @inlinable
    public subscript<Field: SBECompositeField>(
        dynamicMember path: KeyPath<Block.Members, SBELaterMember<Field>>
    ) -> SBEView<Field.Composite>? {
        @_lifetime(copy self)
        @inline(__always)
        get { actingVersion >= Field.sinceVersion ? _composite(Field.self) : nil }
    }

    /// An array of numbers.
    @inlinable
    public subscript<Field: SBEArrayField>(
        dynamicMember path: KeyPath<Block.Members, SBEMember<Field>>
    ) -> SBEArray<Field> {
        @_lifetime(copy self)
        @inline(__always)
        get { _array(Field.self) }
    }

    /// An array of characters.
    @inlinable
    public subscript<Field: SBETextField>(
        dynamicMember path: KeyPath<Block.Members, SBEMember<Field>>
    ) -> SBEText {
        @_lifetime(copy self)
        @inline(__always)
        get { _text(Field.self) }
    }
}
