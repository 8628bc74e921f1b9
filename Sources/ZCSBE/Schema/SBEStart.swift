/// What comes before a block's first part: its fields.
@frozen
public enum SBEStart: SBEEdge {
    /// Nothing.
    public typealias Previous = SBEStart
    /// Nothing.
    public typealias Next = SBEEnd

    /// Behind the fields.
    @inlinable @inline(__always)
    public static func _start(_ extent: borrowing SBEExtent, length: Int, tail: Int) -> Int { length }
}
