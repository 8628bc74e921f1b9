/// A block, copied out of its message and kept: for tests, tools and slow paths. Generated on request.
///
/// ```swift
/// var car = try Car.Value(decoding: bytes)
/// print(car)                           // JSON
/// car.serialNumber += 1
/// let bytes = try car.encoded()
/// ```
public protocol SBEValue: Equatable, Sendable, CustomStringConvertible {
    /// The block's type.
    associatedtype Block: SBEBlock

    /// Zeros, nulls, and no entries.
    init()

    /// Copies a view.
    init(_ view: borrowing SBEView<Block>)

    /// Sets the fields of a block.
    ///
    /// - Throws: ``SBEError`` when a text is too long.
    func store<Part: SBEPart>(in encoder: borrowing SBEEncoder<Block, Part>) throws

    /// Sets the fields, and writes groups and data.
    ///
    /// - Throws: ``SBEError`` when something does not fit.
    func write(_ encoder: consuming SBEEncoder<Block, Block.FirstPart>) throws -> SBEWritten<Block>

    /// Writes the members of a JSON object.
    func writeMembers(_ json: inout SBEJSONWriter)

    /// Notes what lies outside of its range.
    func checkRanges(_ ranges: inout SBERangeCheck)
}

extension SBEValue {
    /// The value as a JSON object.
    public var json: String {
        var writer = SBEJSONWriter()
        writer.object { writeMembers(&$0) }
        return writer.text
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
        var ranges = SBERangeCheck()
        checkRanges(&ranges)
        return ranges.faults
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
