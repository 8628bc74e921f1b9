/// Data of variable length behind a block. Generated.
public protocol SBEDataPart: SBEOpenPart {
    /// The schema.
    associatedtype Schema: SBESchema
    /// The name in the schema.
    static var name: StaticString { get }
    /// Where the length lies, and how wide it is.
    static var length: SBEWireInteger { get }
    /// Where the data begin, from the start of the composite.
    static var dataOffset: Int { get }
    /// The version that has introduced the data.
    static var sinceVersion: Int { get }
    /// The fewest bytes.
    static var lengthMin: Int { get }
    /// The most bytes.
    static var lengthMax: Int { get }
    /// How the bytes are to be read as text.
    static var encoding: SBECharacterEncoding { get }
}

extension SBEDataPart {
    /// Behind the length.
    @inlinable
    public static var dataOffset: Int { length.offset &+ length.width }
    /// The first version.
    @inlinable
    public static var sinceVersion: Int { 0 }
    /// None.
    @inlinable
    public static var lengthMin: Int { 0 }
    /// As many as the length can say.
    @inlinable
    public static var lengthMax: Int { length.largest }
    /// UTF-8, of which US-ASCII is a part.
    @inlinable
    public static var encoding: SBECharacterEncoding { .utf8 }
    /// It is.
    @inlinable
    public static var _isData: Bool { true }

    /// Checks the length.
    @inlinable @inline(__always)
    public static func _check(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int {
        if extent.version < sinceVersion { return position }
        guard dataOffset <= extent.count &- position else {
            fault = SBEError(.truncated, at: name, expected: position &+ dataOffset, actual: extent.count)
            return -1
        }
        let count = extent.unsigned(length, from: position, Schema.self)
        guard count >= lengthMin, count <= lengthMax else {
            fault = SBEError(
                .dataLength, at: name, expected: count < lengthMin ? lengthMin : lengthMax, actual: count)
            return -1
        }
        let begin = position &+ dataOffset
        guard count <= extent.count &- begin else {
            fault = SBEError(
                .truncated, at: name, expected: begin.addingReportingOverflow(count).partialValue,
                actual: extent.count)
            return -1
        }
        return begin &+ count
    }

    /// There are no groups behind data.
    @inlinable @inline(__always)
    public static func _checkGroups(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int {
        position
    }

    /// Checks the data and those behind them.
    @inlinable @inline(__always)
    public static func _checkData(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int {
        let end = _check(extent, from: position, &fault)
        return end < 0 ? end : Next._checkData(extent, from: end, &fault)
    }

    /// Follows the length.
    @inlinable @inline(__always)
    public static func _skip(_ extent: borrowing SBEExtent, from position: Int) -> Int {
        if extent.version < sinceVersion { return position }
        return position &+ dataOffset &+ extent.unsigned(length, from: position, Schema.self)
    }

    /// There are no groups behind data.
    @inlinable @inline(__always)
    public static func _skipGroups(_ extent: borrowing SBEExtent, from position: Int) -> Int { position }

    /// Follows the data and those behind them.
    @inlinable @inline(__always)
    public static func _skipData(_ extent: borrowing SBEExtent, from position: Int) -> Int {
        Next._skipData(extent, from: _skip(extent, from: position))
    }

    /// Behind the previous data; the first begins where the groups end, which the view knows.
    @inlinable @inline(__always)
    public static func _start(_ extent: borrowing SBEExtent, length: Int, tail: Int) -> Int {
        Previous._isData ? Previous._end(extent, length: length, tail: tail) : tail
    }

    /// This and those behind it.
    @inlinable @inline(__always)
    public static func _data(_ version: Int) -> Int {
        (version >= sinceVersion ? 1 : 0) &+ Next._data(version)
    }

    /// Those behind it.
    @inlinable @inline(__always)
    public static func _groups(_ version: Int) -> Int { Next._groups(version) }
}
