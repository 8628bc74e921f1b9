/// The end of a block's parts: nothing may follow, and a message can be finished.
@frozen
public enum SBEEnd: SBEEdge {
    /// Nothing.
    public typealias Previous = SBEStart
    /// Nothing.
    public typealias Next = SBEEnd

    /// It is.
    @inlinable
    public static var _isEnd: Bool { true }

    /// Behind the data; nobody asks.
    @inlinable @inline(__always)
    public static func _start(_ extent: borrowing SBEExtent, length: Int, tail: Int) -> Int { tail }
}
