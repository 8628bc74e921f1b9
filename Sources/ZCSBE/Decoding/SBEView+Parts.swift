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
