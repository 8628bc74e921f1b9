// The key path names a property of a type that has no values; only its type matters, and the optimiser
// removes it. Why so: a module without experimental flags cannot return a borrowed view from code of its own,
// and generated code lives in such modules.
extension SBEView {
    /// A group.
    @inlinable
    public subscript<Group: SBEGroupBlock>(
        dynamicMember path: KeyPath<Block.Members, SBEGroupMember<Group>>
    ) -> SBEGroup<Group> {
        @_lifetime(copy self)
        @inline(__always)
        get { _group(Group.self) }
    }

    /// Data of variable length.
    @inlinable
    public subscript<Data: SBEDataPart>(
        dynamicMember path: KeyPath<Block.Members, SBEDataMember<Data>>
    ) -> SBEText {
        @_lifetime(copy self)
        @inline(__always)
        get { _data(Data.self) }
    }

    /// A composite.
    @inlinable
    public subscript<Field: SBECompositeField>(
        dynamicMember path: KeyPath<Block.Members, SBECompositeMember<Field>>
    ) -> SBEView<Field.Composite> {
        @_lifetime(copy self)
        @inline(__always)
        get { _composite(Field.self) }
    }

    /// A composite of a later version; nil of an older message.
    @inlinable
    public subscript<Field: SBECompositeField>(
        dynamicMember path: KeyPath<Block.Members, SBELaterCompositeMember<Field>>
    ) -> SBEView<Field.Composite>? {
        @_lifetime(copy self)
        @inline(__always)
        get { actingVersion >= Field.sinceVersion ? _composite(Field.self) : nil }
    }

    /// An array of numbers.
    @inlinable
    public subscript<Field: SBEArrayField>(
        dynamicMember path: KeyPath<Block.Members, SBEArrayMember<Field>>
    ) -> SBEArray<Field> {
        @_lifetime(copy self)
        @inline(__always)
        get { _array(Field.self) }
    }

    /// An array of characters.
    @inlinable
    public subscript<Field: SBETextField>(
        dynamicMember path: KeyPath<Block.Members, SBETextMember<Field>>
    ) -> SBEText {
        @_lifetime(copy self)
        @inline(__always)
        get { _text(Field.self) }
    }
}
