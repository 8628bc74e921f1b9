/// Data of variable length behind a block. Generated.
public protocol SBEDataPart: SBEOpenPart {
    /// How it is checked and followed.
    associatedtype _Rules: SBEPartRules = SBEDataRules<Self>
    /// The schema that the data belong to.
    associatedtype Schema: SBESchema
    /// Its name, its length and how it is to be read.
    static var layout: SBEDataLayout { get }
}

// Why one value, which the optimiser takes apart again: each requirement costs a function in each conforming
// type.
extension SBEDataPart {
    /// The name in the schema.
    @inlinable @inline(__always)
    public static var name: StaticString { layout.name }
    /// Where the length lies, and how wide it is.
    @inlinable @inline(__always)
    public static var length: SBEWireInteger { layout.length }
    /// Where the data begin, from the start of the composite.
    @inlinable @inline(__always)
    public static var dataOffset: Int { layout.dataOffset }
    /// The version that has introduced the data.
    @inlinable @inline(__always)
    public static var sinceVersion: Int { layout.sinceVersion }
    /// The fewest bytes that the schema permits.
    @inlinable @inline(__always)
    public static var lengthMin: Int { layout.lengthMin }
    /// The most bytes that the schema permits.
    @inlinable @inline(__always)
    public static var lengthMax: Int { layout.lengthMax }
    /// How the bytes are to be read as text.
    @inlinable @inline(__always)
    public static var encoding: SBECharacterEncoding { layout.encoding }
}

/// What a schema says about data of variable length.
@frozen
public struct SBEDataLayout: Sendable {
    /// The name in the schema.
    public let name: StaticString
    /// Where the length lies, and how wide it is.
    public let length: SBEWireInteger
    /// Where the data begin, from the start of the composite.
    public let dataOffset: Int
    /// The version that has introduced the data.
    public let sinceVersion: Int
    /// The fewest bytes that the schema permits.
    public let lengthMin: Int
    /// The most bytes that the schema permits.
    public let lengthMax: Int
    /// How the bytes are to be read as text.
    public let encoding: SBECharacterEncoding

    /// Describes data of variable length; called by generated code.
    @inlinable @inline(__always)
    public init(
        _ name: StaticString, length: SBEWireInteger, dataOffset: Int, since: Int, _ lengthMin: Int,
        _ lengthMax: Int, _ encoding: SBECharacterEncoding
    ) {
        self.name = name
        self.length = length
        self.dataOffset = dataOffset
        sinceVersion = since
        self.lengthMin = lengthMin
        self.lengthMax = lengthMax
        self.encoding = encoding
    }
}

/// How data of variable length are checked and followed.
@frozen
public enum SBEDataRules<Data: SBEDataPart>: SBEPartRules {
    /// Data of variable length, and no group.
    @inlinable
    public static var _isData: Bool { true }

    /// Checks that the length is permitted and the bytes are there; answers where they end.
    @inlinable @inline(__always)
    public static func _check(
        _ extent: borrowing SBEExtent, from position: Int, _ fault: inout SBEError?
    ) -> Int {
        if extent.version < Data.sinceVersion { return position }
        guard Data.dataOffset <= extent.count &- position else {
            fault = SBEError(
                .truncated, at: Data.name, expected: position &+ Data.dataOffset, got: extent.count)
            return -1
        }
        let count = extent.unsigned(Data.length, from: position, Data.Schema.self)
        guard count >= Data.lengthMin, count <= Data.lengthMax else {
            fault = SBEError(
                .dataLength, at: Data.name,
                expected: count < Data.lengthMin ? Data.lengthMin : Data.lengthMax, got: count)
            return -1
        }
        let begin = position &+ Data.dataOffset
        guard count <= extent.count &- begin else {
            fault = SBEError(
                .truncated, at: Data.name, expected: begin.addingReportingOverflow(count).partialValue,
                got: extent.count)
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
        return end < 0 ? end : Data.Next._Rules._checkData(extent, from: end, &fault)
    }

    /// Answers where the data end, by their length.
    @inlinable @inline(__always)
    public static func _skip(_ extent: borrowing SBEExtent, from position: Int) -> Int {
        if extent.version < Data.sinceVersion { return position }
        return position &+ Data.dataOffset &+ extent.unsigned(Data.length, from: position, Data.Schema.self)
    }

    /// There are no groups behind data.
    @inlinable @inline(__always)
    public static func _skipGroups(_ extent: borrowing SBEExtent, from position: Int) -> Int { position }

    /// Follows the data and those behind them.
    @inlinable @inline(__always)
    public static func _skipData(_ extent: borrowing SBEExtent, from position: Int) -> Int {
        Data.Next._Rules._skipData(extent, from: _skip(extent, from: position))
    }

    /// Behind the previous data; the first begins where the groups end, which the view knows.
    @inlinable @inline(__always)
    public static func _start(_ extent: borrowing SBEExtent, length: Int, tail: Int) -> Int {
        guard Data.Previous._Rules._isData else { return tail }
        return Data.Previous._Rules._end(extent, length: length, tail: tail)
    }

    /// This and those behind it.
    @inlinable @inline(__always)
    public static func _data(_ version: Int) -> Int {
        (version >= Data.sinceVersion ? 1 : 0) &+ Data.Next._Rules._data(version)
    }

    /// Counts the groups of a version behind the data; there are none.
    @inlinable @inline(__always)
    public static func _groups(_ version: Int) -> Int { Data.Next._Rules._groups(version) }

    /// Checks the number of bytes, writes it, and answers where they go.
    @inlinable @inline(__always)
    @unsafe
    static func makeRoom(
        _ count: Int, _ buffer: UnsafeMutableRawPointer, _ capacity: Int, _ position: Int
    ) throws(SBEError) -> UnsafeMutableRawPointer {
        guard count >= Data.lengthMin, count <= Data.lengthMax else {
            throw SBEError(
                .dataLength, at: Data.name,
                expected: count < Data.lengthMin ? Data.lengthMin : Data.lengthMax, got: count)
        }
        guard Data.dataOffset &+ count <= capacity &- position else {
            throw SBEError(
                .noRoom, at: Data.name, expected: position &+ Data.dataOffset &+ count, got: capacity)
        }
        // SAFETY: there is room for the length and the bytes.
        unsafe SBEWireWriter<Data.Schema>.zero(buffer + position, Data.dataOffset)
        unsafe SBEWireWriter<Data.Schema>.store(count, Data.length, in: buffer + position)
        return unsafe buffer + (position &+ Data.dataOffset)
    }
}
