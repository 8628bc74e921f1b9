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
