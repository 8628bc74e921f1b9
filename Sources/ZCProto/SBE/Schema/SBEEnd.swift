/// The end of a block's parts: nothing may follow, and a message can be finished.
@frozen
public enum SBEEnd: SBEPart {
    /// Nothing.
    public typealias Previous = SBEStart
    /// Nothing.
    public typealias Next = SBEEnd

    /// It is.
    @inlinable
    public static var _isEnd: Bool { true }
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

    /// Behind the data; nobody asks.
    @inlinable @inline(__always)
    public static func _start(_ extent: borrowing SBEExtent, length: Int, tail: Int) -> Int { tail }

    /// None.
    @inlinable @inline(__always)
    public static func _groups(_ version: Int) -> Int { 0 }

    /// None.
    @inlinable @inline(__always)
    public static func _data(_ version: Int) -> Int { 0 }
}
