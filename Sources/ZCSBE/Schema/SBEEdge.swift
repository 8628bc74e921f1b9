/// An edge of a block's parts, before the first or behind the last: it has no bytes.
///
/// ``SBEStart`` and ``SBEEnd`` are the only ones.
public protocol SBEEdge: SBEPart, SBEPartRules where _Rules == Self {}

extension SBEEdge {
    /// It is not.
    @inlinable
    public static var _isData: Bool { false }

    /// Takes no bytes.
    @inlinable @inline(__always)
    public static func _check(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int {
        position
    }

    /// Takes no bytes.
    @inlinable @inline(__always)
    public static func _checkGroups(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int {
        position
    }

    /// Takes no bytes.
    @inlinable @inline(__always)
    public static func _checkData(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int {
        position
    }

    /// Takes no bytes.
    @inlinable @inline(__always)
    public static func _skip(_ extent: borrowing SBEExtent, from position: Int) -> Int { position }

    /// Takes no bytes.
    @inlinable @inline(__always)
    public static func _skipGroups(_ extent: borrowing SBEExtent, from position: Int) -> Int { position }

    /// Takes no bytes.
    @inlinable @inline(__always)
    public static func _skipData(_ extent: borrowing SBEExtent, from position: Int) -> Int { position }

    /// None.
    @inlinable @inline(__always)
    public static func _groups(_ version: Int) -> Int { 0 }

    /// None.
    @inlinable @inline(__always)
    public static func _data(_ version: Int) -> Int { 0 }
}
