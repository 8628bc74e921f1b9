/// The entries of a group, in place.
///
/// ```swift
/// var figures = car.fuelFigures
/// while let figure = figures.next() { … }
///
/// car.fuelFigures.forEach { figure in … }
/// ```
/// There is no `for … in`: `Sequence` wants elements that may be kept, and an entry is a view that may not.
///
/// **Ownership.** Borrows the bytes of the message, as the entries do. Copies iterate on their own.
@safe @frozen
public struct SBEGroup<Entry: SBEGroupBlock>: ~Escapable {
    @usableFromInline let extent: SBEExtent
    // Bytes of an entry's block on the wire.
    @usableFromInline let length: Int
    // What entries have that this version does not know.
    @usableFromInline let unknown: SBEUnknownParts<Entry.Schema>
    // Where the next entry begins, and how many there are left.
    @usableFromInline var position: Int
    @usableFromInline var left: Int

    /// How many entries there are left; before the first ``next()``, all.
    @inlinable
    public var count: Int { left }

    /// Whether there is no entry left.
    @inlinable
    public var isEmpty: Bool { left == 0 }

    @_lifetime(copy extent)
    @inlinable @inline(__always)
    init(_ extent: borrowing SBEExtent, from start: Int) {
        length = extent.unsigned(Entry.dimension.blockLength, from: start, Entry.Schema.self)
        left = extent.unsigned(Entry.dimension.count, from: start, Entry.Schema.self)
        position = start &+ Entry.dimension.size
        unknown = Entry.unknownParts(extent, at: start)
        self.extent = copy extent
    }

    @_lifetime(copy extent)
    @inlinable @inline(__always)
    init(emptyIn extent: borrowing SBEExtent) {
        length = 0
        left = 0
        position = 0
        unknown = SBEUnknownParts(groups: 0, data: 0)
        self.extent = copy extent
    }

    /// The next entry, or nil after the last. O(1), or O(entries) of the entry's own groups.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    public mutating func next() -> SBEView<Entry>? {
        guard left > 0 else { return nil }
        left &-= 1
        let begin = position
        let tail = unknown.endOfGroups(extent, from: Entry.FirstPart._skipGroups(extent, from: begin &+ length))
        position = unknown.endOfData(extent, from: Entry.FirstPart._skipData(extent, from: tail))
        return SBEView(extent.dropping(begin), length: length, tail: tail &- begin, end: position &- begin)
    }

    /// Calls the closure for each entry that is left.
    @inlinable @inline(__always)
    public func forEach<Failure: Error>(_ body: (borrowing SBEView<Entry>) throws(Failure) -> Void) throws(Failure)
    {
        var rest = copy self
        while let entry = rest.next() { try body(entry) }
    }
}

extension SBEGroup where Entry.FirstPart == SBEEnd {
    /// One of the entries that are left. O(1); there only where all entries are equally long.
    ///
    /// - Precondition: `index` is one of `0..<count`.
    @inlinable @inline(__always)
    public subscript(index: Int) -> SBEView<Entry> {
        @_lifetime(copy self)
        get {
            precondition(index >= 0 && index < left && unknown.isEmpty, "no such entry")
            return SBEView(extent.dropping(position &+ index &* length), length: length, tail: length, end: length)
        }
    }
}
