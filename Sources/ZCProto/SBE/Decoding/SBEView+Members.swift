// The key path names a property of a type that has no values; only its type matters, and the optimiser removes
// it. Why so: a module without experimental flags cannot return a borrowed view from code of its own, and
// generated code lives in such modules.
extension SBEView {
    /// A group.
    @inlinable
    public subscript<Group: SBEGroupBlock>(
        dynamicMember path: KeyPath<Block.Members, SBEGroupMember<Group>>
    ) -> SBEGroup<Group> {
        @_lifetime(copy self)
        @inline(__always)
        get {
            guard extent.version >= Group.sinceVersion else { return SBEGroup(emptyIn: extent) }
            return SBEGroup(extent, from: Group._start(extent, length: length, tail: tail))
        }
    }

    /// Data of variable length.
    @inlinable
    public subscript<Data: SBEDataPart>(
        dynamicMember path: KeyPath<Block.Members, SBEDataMember<Data>>
    ) -> SBEText {
        @_lifetime(copy self)
        @inline(__always)
        get {
            guard extent.version >= Data.sinceVersion else {
                return SBEText(extent.bytes(0, 0), Data.encoding)
            }
            let start = Data._start(extent, length: length, tail: tail)
            let count = extent.unsigned(Data.length, from: start, Block.Schema.self)
            return SBEText(extent.bytes(start &+ Data.dataOffset, count), Data.encoding)
        }
    }

    /// A composite.
    @inlinable
    public subscript<Field: SBECompositeField>(
        dynamicMember path: KeyPath<Block.Members, SBECompositeMember<Field>>
    ) -> SBEView<Field.Composite> {
        @_lifetime(copy self)
        @inline(__always)
        get { composite(Field.self) }
    }

    /// A composite of a later version; nil of an older message.
    @inlinable
    public subscript<Field: SBECompositeField>(
        dynamicMember path: KeyPath<Block.Members, SBELaterCompositeMember<Field>>
    ) -> SBEView<Field.Composite>? {
        @_lifetime(copy self)
        @inline(__always)
        get {
            guard extent.version >= Field.sinceVersion else { return nil }
            return composite(Field.self)
        }
    }

    /// An array of numbers.
    @inlinable
    public subscript<Field: SBEArrayField>(
        dynamicMember path: KeyPath<Block.Members, SBEArrayMember<Field>>
    ) -> SBEArray<Field> {
        @_lifetime(copy self)
        @inline(__always)
        get {
            guard extent.version >= Field.sinceVersion else { return SBEArray(extent.bytes(0, 0)) }
            return SBEArray(blockBytes(Field.offset, Field.count &* MemoryLayout<Field.Element.Bits>.size))
        }
    }

    /// An array of characters.
    @inlinable
    public subscript<Field: SBETextField>(
        dynamicMember path: KeyPath<Block.Members, SBETextMember<Field>>
    ) -> SBEText {
        @_lifetime(copy self)
        @inline(__always)
        get {
            guard extent.version >= Field.sinceVersion else {
                return SBEText(extent.bytes(0, 0), Field.encoding)
            }
            return SBEText(padded: blockBytes(Field.offset, Field.count), Field.encoding)
        }
    }

    @_lifetime(copy self)
    @inlinable @inline(__always)
    func blockBytes(_ offset: Int, _ size: Int) -> RawSpan {
        precondition(offset <= length &- size, "outside of the block")
        return extent.bytes(offset, size)
    }

    @_lifetime(copy self)
    @inlinable @inline(__always)
    func composite<Field: SBECompositeField>(_ field: Field.Type) -> SBEView<Field.Composite> {
        // A composite of a newer version grows at the block's end at most, so all of the block is its.
        precondition(Field.offset <= length, "outside of the block")
        return SBEView<Field.Composite>(
            extent.dropping(Field.offset), length: length &- Field.offset, tail: length &- Field.offset)
    }
}
