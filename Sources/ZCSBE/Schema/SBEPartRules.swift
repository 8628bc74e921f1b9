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
    /// It is not.
    @inlinable
    public static var _isEnd: Bool { false }

    /// Behind the start.
    @inlinable @inline(__always)
    public static func _end(_ extent: borrowing SBEExtent, length: Int, tail: Int) -> Int {
        _skip(extent, from: _start(extent, length: length, tail: tail))
    }
}
