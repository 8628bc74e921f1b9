/// A group or data behind a block's fields. Generated parts form a list in the types, which is how an encoder
/// knows what may come next.
///
/// What begins with an underscore serves generated code and the library.
public protocol SBEPart {
    /// What comes before it in the schema; ``SBEStart`` of the first.
    associatedtype Previous: SBEPart
    /// What comes after it; ``SBEEnd`` of the last.
    associatedtype Next: SBEPart
    /// How it is checked and followed.
    ///
    /// Why a type of its own, which is the library's: what a public type of a user's module conforms with is
    /// compiled there for each type, whether anybody asks or not. For a hundred groups that was most of what
    /// compiling a schema took. The rules are generic, and compiled only where a message is decoded.
    associatedtype _Rules: SBEPartRules
}

/// A part that is there: a group or data, not the end. It must be written before a message or entry is
/// finished.
public protocol SBEOpenPart: SBEPart {}

/// How a part of a message is checked and followed. Serves the library: groups have ``SBEGroupRules``, data
/// ``SBEDataRules``, and the edges of a block rules of their own.
public protocol SBEPartRules {
    /// Whether it is the end of the list.
    static var _isEnd: Bool { get }
    /// Whether it is data.
    static var _isData: Bool { get }

    // Why no typed throws: the optimiser does not see through witnesses that throw a struct of this size.

    /// The end of the part that begins at `position`; negative, and with a fault, where it contradicts the
    /// schema.
    static func _check(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int
    /// The end of this group and those that follow.
    static func _checkGroups(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int
    /// The end of this data and those that follow.
    static func _checkData(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int

    /// As `_check`, of a message that was checked.
    static func _skip(_ extent: borrowing SBEExtent, from position: Int) -> Int
    /// As `_checkGroups`, of a message that was checked.
    static func _skipGroups(_ extent: borrowing SBEExtent, from position: Int) -> Int
    /// As `_checkData`, of a message that was checked.
    static func _skipData(_ extent: borrowing SBEExtent, from position: Int) -> Int

    /// How many groups a version has from here on.
    static func _groups(_ version: Int) -> Int
    /// How many data fields a version has from here on.
    static func _data(_ version: Int) -> Int

    /// Where the part begins in a block of that length, whose data begin at `tail`.
    static func _start(_ extent: borrowing SBEExtent, length: Int, tail: Int) -> Int
    /// Where the part ends.
    static func _end(_ extent: borrowing SBEExtent, length: Int, tail: Int) -> Int
}

extension SBEPartRules {
    /// Only ``SBEEnd`` is the end of the list.
    @inlinable
    public static var _isEnd: Bool { false }

    /// The part ends where following its lengths leads, from where it begins.
    @inlinable @inline(__always)
    public static func _end(_ extent: borrowing SBEExtent, length: Int, tail: Int) -> Int {
        _skip(extent, from: _start(extent, length: length, tail: tail))
    }
}

/// An edge of a block's parts, before the first or behind the last: it has no bytes.
///
/// ``SBEStart`` and ``SBEEnd`` are the only ones.
public protocol SBEEdge: SBEPart, SBEPartRules where _Rules == Self {}

extension SBEEdge {
    /// An edge is not data.
    @inlinable
    public static var _isData: Bool { false }

    /// An edge has no bytes that could be wrong.
    @inlinable @inline(__always)
    public static func _check(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int {
        position
    }

    /// An edge has no groups, and ends where it begins.
    @inlinable @inline(__always)
    public static func _checkGroups(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int {
        position
    }

    /// An edge has no data, and ends where it begins.
    @inlinable @inline(__always)
    public static func _checkData(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int {
        position
    }

    /// An edge has no bytes to skip.
    @inlinable @inline(__always)
    public static func _skip(_ extent: borrowing SBEExtent, from position: Int) -> Int { position }

    /// An edge has no groups to skip.
    @inlinable @inline(__always)
    public static func _skipGroups(_ extent: borrowing SBEExtent, from position: Int) -> Int { position }

    /// An edge has no data to skip.
    @inlinable @inline(__always)
    public static func _skipData(_ extent: borrowing SBEExtent, from position: Int) -> Int { position }

    /// An edge has no groups to count.
    @inlinable @inline(__always)
    public static func _groups(_ version: Int) -> Int { 0 }

    /// An edge has no data to count.
    @inlinable @inline(__always)
    public static func _data(_ version: Int) -> Int { 0 }
}

/// What comes before a block's first part: its fields.
@frozen
public enum SBEStart: SBEEdge {
    /// Nothing comes before the start.
    public typealias Previous = SBEStart
    /// Nothing follows by this name: the first part is the block's to name.
    public typealias Next = SBEEnd

    /// The parts begin where the fields end.
    @inlinable @inline(__always)
    public static func _start(_ extent: borrowing SBEExtent, length: Int, tail: Int) -> Int { length }
}

/// The end of a block's parts: nothing may follow, and a message can be finished.
@frozen
public enum SBEEnd: SBEEdge {
    /// No part is known to come before the end.
    public typealias Previous = SBEStart
    /// Nothing comes after the end.
    public typealias Next = SBEEnd

    /// This is the end of the list.
    @inlinable
    public static var _isEnd: Bool { true }

    /// Behind the data; nobody asks.
    @inlinable @inline(__always)
    public static func _start(_ extent: borrowing SBEExtent, length: Int, tail: Int) -> Int { tail }
}
