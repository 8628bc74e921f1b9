// Why key paths: see SBEView+Members.
extension SBEEncoder {
    /// A composite, whose fields are set in place.
    @inlinable
    public subscript<Field: SBECompositeField>(
        dynamicMember path: KeyPath<Block.Members, SBECompositeMember<Field>>
    ) -> SBEEncoder<Field.Composite, SBEEnd> {
        @_lifetime(copy self)
        @inline(__always)
        get { _composite(Field.self) }
    }

    /// A composite of a later version, whose fields are set in place.
    @inlinable
    public subscript<Field: SBECompositeField>(
        dynamicMember path: KeyPath<Block.Members, SBELaterCompositeMember<Field>>
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
        dynamicMember path: KeyPath<Block.Members, SBEArrayMember<Field>>
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
        dynamicMember path: KeyPath<Block.Members, SBETextMember<Field>>
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
