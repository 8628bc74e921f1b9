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
    // Why seven words in all: from the eighth on the compiler destroys the value by a call, trivial as it is,
    // and reading a car takes half as long again.
    @usableFromInline let extent: SBEExtent
    // Bytes of an entry's block on the wire.
    @usableFromInline let length: Int
    // Where the dimensions are; of an absent group -1.
    @usableFromInline let start: Int
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
        self.start = start
        self.extent = copy extent
    }

    @_lifetime(copy extent)
    @inlinable @inline(__always)
    init(emptyIn extent: borrowing SBEExtent) {
        length = 0
        left = 0
        position = 0
        start = -1
        self.extent = copy extent
    }

    /// The next entry, or nil after the last. O(1), or O(entries) of the entry's own groups.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    public mutating func next() -> SBEView<Entry>? {
        guard left > 0 else { return nil }
        left &-= 1
        let begin = position
        let unknown = SBEGroupRules<Entry>.unknownParts(extent, at: start)
        let groups = Entry.FirstPart._Rules._skipGroups(extent, from: begin &+ length)
        let tail = unknown.endOfGroups(extent, from: groups, Entry.Schema.self)
        let data = Entry.FirstPart._Rules._skipData(extent, from: tail)
        position = unknown.endOfData(extent, from: data, Entry.Schema.self)
        return SBEView(extent.dropping(begin), length: length, tail: tail &- begin, end: position &- begin)
    }

    /// Calls the closure for each entry that is left.
    @inlinable @inline(__always)
    public func forEach<Failure: Error>(_ body: (borrowing SBEView<Entry>) throws(Failure) -> Void)
        throws(Failure)
    {
        var rest = copy self
        while let entry = rest.next() { try body(entry) }
    }
}

extension SBEGroup where Entry.FirstPart == SBEEnd {
    /// One of the entries that are left. O(1), and O(index) in a message of a newer version whose entries
    /// have data or groups that this version does not know. There only where entries have fields alone.
    ///
    /// - Precondition: `index` is one of `0..<count`.
    @inlinable @inline(__always)
    public subscript(index: Int) -> SBEView<Entry> {
        @_lifetime(copy self)
        get {
            precondition(index >= 0 && index < left, "no such entry")
            guard SBEGroupRules<Entry>.unknownParts(extent, at: start).isEmpty else {
                return unequalEntry(index)
            }
            return SBEView(
                extent.dropping(position &+ index &* length), length: length, tail: length, end: length)
        }
    }

    /// One of entries that are not equally long.
    @_lifetime(copy self)
    @usableFromInline
    func unequalEntry(_ index: Int) -> SBEView<Entry> {
        var rest = copy self
        for _ in 0..<index { _ = rest.next() }
        guard let entry = rest.next() else { preconditionFailure("no such entry") }
        return entry
    }
}
