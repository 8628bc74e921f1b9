/// A repeating group: a part of its owner, and the block of its entries. Generated.
public protocol SBEGroupBlock: SBEBlock, SBEOpenPart {
    /// How it is checked and followed.
    associatedtype _Rules: SBEPartRules = SBEGroupRules<Self>
    /// Its dimensions and how many entries it may have.
    static var layout: SBEGroupLayout { get }
}

// Why one value: see SBEDataPart.
extension SBEGroupBlock {
    /// Where a group's entry length and count stand in front of its entries.
    @inlinable @inline(__always)
    public static var dimension: SBEDimensionLayout { layout.dimension }
    /// The version that has introduced the group.
    @inlinable @inline(__always)
    public static var sinceVersion: Int { layout.sinceVersion }
    /// The fewest entries that the schema permits.
    @inlinable @inline(__always)
    public static var countMin: Int { layout.countMin }
    /// The most entries that the schema permits.
    @inlinable @inline(__always)
    public static var countMax: Int { layout.countMax }
}

/// What a schema says about a group, apart from its entries.
@frozen
public struct SBEGroupLayout: Sendable {
    /// Where a group's entry length and count stand in front of its entries.
    public let dimension: SBEDimensionLayout
    /// The version that has introduced the group.
    public let sinceVersion: Int
    /// The fewest entries that the schema permits.
    public let countMin: Int
    /// The most entries that the schema permits.
    public let countMax: Int

    /// Describes a group; called by generated code.
    @inlinable @inline(__always)
    public init(_ dimension: SBEDimensionLayout, since: Int, _ countMin: Int, _ countMax: Int) {
        self.dimension = dimension
        sinceVersion = since
        self.countMin = countMin
        self.countMax = countMax
    }
}

/// How groups are checked and followed.
@frozen
public enum SBEGroupRules<Group: SBEGroupBlock>: SBEPartRules {
    /// What the entries have of groups and data.
    public typealias Entries = Group.FirstPart._Rules

    /// A group, and no data.
    @inlinable
    public static var _isData: Bool { false }

    /// The most entries that take no bytes at all. Without it, a few bytes could keep a reader busy for long.
    @inlinable
    static var emptyEntriesMax: Int { 65_535 }

    /// Checks the dimensions, and each entry unless all are equally long.
    @inlinable @inline(__always)
    public static func _check(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int {
        if extent.version < Group.sinceVersion { return position }
        let dimension = Group.dimension
        guard dimension.size <= extent.count &- position else {
            fault = SBEError(
                .truncated, at: Group.name, expected: position &+ dimension.size, got: extent.count)
            return -1
        }
        let length = extent.unsigned(dimension.blockLength, from: position, Group.Schema.self)
        let count = extent.unsigned(dimension.count, from: position, Group.Schema.self)
        guard count >= Group.countMin, count <= Group.countMax else {
            fault = SBEError(
                .groupCount, at: Group.name,
                expected: count < Group.countMin ? Group.countMin : Group.countMax, got: count)
            return -1
        }
        let begin = position &+ dimension.size
        if count == 0 { return begin }
        let lengthMin = Group.blockLengthMin(version: extent.version)
        guard length >= lengthMin else {
            fault = SBEError(.blockTooShort, at: Group.name, expected: lengthMin, got: length)
            return -1
        }
        let unknown = unknownParts(extent, at: position)
        if isFlat(inVersion: extent.version) && unknown.isEmpty {
            return checkFlat(extent, from: begin, length: length, count: count, &fault)
        }
        var at = begin
        for _ in 0..<count {
            guard length <= extent.count &- at else {
                fault = SBEError(
                    .truncated, at: Group.name, expected: at.addingReportingOverflow(length).partialValue,
                    got: extent.count)
                return -1
            }
            let groups = Entries._checkGroups(extent, from: at &+ length, &fault)
            let tail = unknown.endOfGroups(extent, from: groups, Group.Schema.self)
            let data = tail < 0 ? tail : Entries._checkData(extent, from: tail, &fault)
            at = unknown.endOfData(extent, from: data, Group.Schema.self)
            if at < 0 {
                if fault == nil {
                    fault = SBEError(
                        .truncated, at: Group.name, expected: extent.count &+ 1, got: extent.count)
                }
                return at
            }
        }
        return at
    }

    /// Whether entries of that version have neither groups nor data, and so are equally long.
    @inlinable @inline(__always)
    static func isFlat(inVersion version: Int) -> Bool {
        Entries._isEnd || Entries._groups(version) &+ Entries._data(version) == 0
    }

    /// What entries have that this version does not know, of a group that begins at `position`.
    @inlinable @inline(__always)
    static func unknownParts(_ extent: borrowing SBEExtent, at position: Int) -> SBEUnknownParts {
        SBEUnknownParts(
            extent, at: position, Group.dimension.groups, Group.dimension.data, known: Group.FirstPart.self,
            Group.Schema.self)
    }

    /// The end of entries that are equally long.
    @inlinable @inline(__always)
    static func checkFlat(
        _ extent: borrowing SBEExtent, from begin: Int, length: Int, count: Int, _ fault: inout SBEError?
    ) -> Int {
        let (size, overflow) = count.multipliedReportingOverflow(by: length)
        guard !overflow, size <= extent.count &- begin else {
            fault = SBEError(
                .truncated, at: Group.name,
                expected: overflow ? .max : begin.addingReportingOverflow(size).partialValue,
                got: extent.count)
            return -1
        }
        guard length > 0 || count <= emptyEntriesMax else {
            fault = SBEError(.groupCount, at: Group.name, expected: emptyEntriesMax, got: count)
            return -1
        }
        return begin &+ size
    }

    /// Checks the group and those behind it.
    @inlinable @inline(__always)
    public static func _checkGroups(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int {
        let end = _check(extent, from: position, &fault)
        return end < 0 ? end : Group.Next._Rules._checkGroups(extent, from: end, &fault)
    }

    /// Groups are behind us.
    @inlinable @inline(__always)
    public static func _checkData(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int {
        Group.Next._Rules._checkData(extent, from: position, &fault)
    }

    /// Follows the dimensions, and each entry unless all are equally long.
    @inlinable @inline(__always)
    public static func _skip(_ extent: borrowing SBEExtent, from position: Int) -> Int {
        if extent.version < Group.sinceVersion { return position }
        let length = extent.unsigned(Group.dimension.blockLength, from: position, Group.Schema.self)
        let count = extent.unsigned(Group.dimension.count, from: position, Group.Schema.self)
        var at = position &+ Group.dimension.size
        let unknown = unknownParts(extent, at: position)
        if isFlat(inVersion: extent.version) && unknown.isEmpty { return at &+ count &* length }
        for _ in 0..<count {
            let groups = Entries._skipGroups(extent, from: at &+ length)
            let tail = unknown.endOfGroups(extent, from: groups, Group.Schema.self)
            let data = Entries._skipData(extent, from: tail)
            at = unknown.endOfData(extent, from: data, Group.Schema.self)
        }
        return at
    }

    /// Follows the group and those behind it.
    @inlinable @inline(__always)
    public static func _skipGroups(_ extent: borrowing SBEExtent, from position: Int) -> Int {
        Group.Next._Rules._skipGroups(extent, from: _skip(extent, from: position))
    }

    /// Groups are behind us.
    @inlinable @inline(__always)
    public static func _skipData(_ extent: borrowing SBEExtent, from position: Int) -> Int {
        Group.Next._Rules._skipData(extent, from: position)
    }

    /// Behind the previous group.
    @inlinable @inline(__always)
    public static func _start(_ extent: borrowing SBEExtent, length: Int, tail: Int) -> Int {
        Group.Previous._Rules._end(extent, length: length, tail: tail)
    }

    /// This and those behind it.
    @inlinable @inline(__always)
    public static func _groups(_ version: Int) -> Int {
        (version >= Group.sinceVersion ? 1 : 0) &+ Group.Next._Rules._groups(version)
    }

    /// Counts the data of a version behind the group.
    @inlinable @inline(__always)
    public static func _data(_ version: Int) -> Int { Group.Next._Rules._data(version) }
}
