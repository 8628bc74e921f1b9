/// A block, copied out of its message and kept: for tests, tools and slow paths. Generated on request.
///
/// ```swift
/// var car = try Car.Value(decoding: bytes)
/// print(car)                           // JSON
/// car.serialNumber += 1
/// let bytes = try car.encoded()
/// ```
public protocol SBEValue: Equatable, Sendable, CustomStringConvertible {
    /// The generated type whose messages the value is a copy of.
    associatedtype Block: SBEBlock

    /// Zeros, nulls, and no entries.
    init()

    /// Hands each field, group and data to the visitor, in the order of the schema. Generated; serves the
    /// library.
    mutating func _visit(_ visitor: inout SBEVisitor)
}

extension SBEValue {
    /// Whether all fields, groups and data have the same bits; so a NaN equals itself, and -0.0 is not 0.0.
    public static func == (left: Self, right: Self) -> Bool { left.record == right.record }

    /// Everything in the value, in bytes.
    var record: [UInt8] {
        var visitor = SBEVisitor(.record)
        var value = self
        value._visit(&visitor)
        return visitor.record
    }

    /// Makes a copy of all that a view shows.
    public init(_ view: borrowing SBEView<Block>) {
        self.init()
        var visitor = SBEVisitor(copying: view)
        _visit(&visitor)
    }

    /// Sets the fields of a block.
    ///
    /// - Throws: ``SBEError`` when a text is too long.
    public func store<Part: SBEPart>(in encoder: borrowing SBEEncoder<Block, Part>) throws {
        var visitor = SBEVisitor(storingIn: encoder, hasFieldsOnly: true)
        var value = self
        value._visit(&visitor)
        try visitor.check()
    }

    /// Sets the fields, and writes groups and data.
    ///
    /// - Throws: ``SBEError`` when something does not fit.
    public func write(
        _ encoder: consuming SBEEncoder<Block, Block.FirstPart>
    ) throws -> SBEWritten<Block> {
        var visitor = SBEVisitor(storingIn: encoder, hasFieldsOnly: false)
        var value = self
        value._visit(&visitor)
        try visitor.check()
        return SBEWritten(end: visitor.position)
    }

    /// The value as a JSON object.
    public var json: String {
        var visitor = SBEVisitor(.json)
        var value = self
        visitor.json.open("{")
        value._visit(&visitor)
        visitor.json.close("}")
        return visitor.json.text
    }

    /// The value as a JSON object.
    public var description: String { json }

    /// The fields whose values are outside of what the schema allows: below `minValue` or above `maxValue`
    /// (or the primitive type's own limits), null though required, of an enumeration and not listed, or in a
    /// text of US-ASCII and not printable.
    ///
    /// ```swift
    /// for fault in try Car.Value(decoding: bytes).outOfRange {
    ///     print(fault)                     // engine.efficiency: expected 0...100, got 101
    /// }
    /// ```
    /// Decoding takes such values as they are, as the standard wants it; whether they are acceptable is the
    /// application's decision.
    public var outOfRange: [SBERangeFault] {
        var visitor = SBEVisitor(.ranges)
        var value = self
        value._visit(&visitor)
        return visitor.ranges.faults
    }
}

extension SBEValue where Block: SBEMessage {
    /// Copies a message.
    ///
    /// - Throws: ``SBEError`` when the bytes are not one.
    public init(decoding bytes: RawSpan) throws(SBEError) { self.init(try Block.decode(bytes)) }

    /// Copies a message.
    ///
    /// - Throws: ``SBEError`` when the bytes are not one.
    public init(decoding bytes: Span<UInt8>) throws(SBEError) { self.init(try Block.decode(bytes)) }

    /// The message's bytes.
    ///
    /// - Parameter limit: the most bytes to make.
    /// - Throws: ``SBEError`` when something does not fit the schema or the limit.
    public func encoded(limit: Int = 16 * 1024 * 1024) throws -> [UInt8] {
        var size = min(limit, Block.Schema.header.size + Block.blockLength + 512)
        while true {
            var memory = [UInt8](repeating: 0, count: size)
            do {
                var bytes = memory.mutableSpan
                // SAFETY: a UInt8 has no padding.
                var raw = unsafe bytes.mutableBytes
                let count = try Block.encode(into: &raw) { try write($0) }
                memory.removeLast(size - count)
                return memory
            } catch let error as SBEError where error.code == .noRoom && size < limit {
                size = min(limit, max(size * 2, error.expected))
            }
        }
    }
}

/// The bytes of a text or of variable data, kept: what generated values have where a view has ``SBEText``.
///
/// ```swift
/// value.vehicleCode = "abcdef"
/// value.manufacturer = SBEOctets([0x48, 0x6F])
/// ```
public struct SBEOctets: Hashable, Sendable {
    /// The bytes; of an array of characters without the zeros at its end.
    public var bytes: [UInt8]

    /// Makes octets of the bytes.
    public init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    /// The UTF-8 of a string.
    public init(_ text: String) { bytes = Array(text.utf8) }

    /// A copy of a view's bytes.
    public init(_ text: borrowing SBEText) {
        let source = text.bytes
        bytes = unsafe source.withUnsafeBytes { unsafe Array($0) }
        guard text.isPadded else { return }
        while bytes.last == 0 { bytes.removeLast() }
    }
}

extension SBEOctets: ExpressibleByStringLiteral {
    /// The UTF-8 of a literal.
    public init(stringLiteral text: String) { self.init(text) }
}

extension SBEOctets: CustomStringConvertible {
    /// The bytes as UTF-8, repaired.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
