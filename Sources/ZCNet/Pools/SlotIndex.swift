/// The place of an element in a ``Slab``: stable while the element lives, and used again after it was
/// removed.
///
/// An index alone cannot tell a new element from an old one in the same place; where stale indices can turn
/// up, pair it with a generation, as connection ids do.
@frozen
@usableFromInline
package struct SlotIndex: RawRepresentable, Hashable, Sendable, Comparable {
    /// The place, counted from zero.
    @usableFromInline package let rawValue: UInt32

    /// The index of a place; whether something lives there is for the slab to say.
    @inlinable
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Orders by place.
    @inlinable
    package static func < (left: SlotIndex, right: SlotIndex) -> Bool { left.rawValue < right.rawValue }
}
