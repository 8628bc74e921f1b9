import ZCNet

/// Headers of a message that is sent or kept: names and values in their order.
///
/// ```swift
/// var headers = NATSHeaders()
/// try headers.add("Trace-Id", "7")
/// ```
/// Names are compared as they are written, as servers do. **Ownership.** Owns its bytes, encoded.
/// **Complexity.** Adding is O(bytes); looking up is O(all bytes).
public struct NATSHeaders: Hashable, Sendable {
    /// The largest block of headers. Why 64 KiB: nobody's headers are larger, and servers take them so.
    public static let bytesMax = 64 << 10

    /// As they stand on the wire, without the line at the end; empty for none.
    private(set) var encoded: [UInt8] = []

    /// No headers: the message goes without.
    public init() {}

    /// A copy of those that came with a message.
    package init(copying block: RawSpan) {
        if block.byteCount > 2 { encoded = block.extracting(0..<(block.byteCount - 2)).array }
    }

    /// Whether there are none.
    public var isEmpty: Bool { encoded.isEmpty }

    /// Adds a field.
    ///
    /// - Throws: ``NATSError`` with ``NATSError/Code/header`` for a name or a value that would be read as
    ///   something else, or for more than ``bytesMax`` bytes in all.
    public mutating func add(_ name: String, _ value: String) throws(NATSError) {
        let isName =
            !name.isEmpty && name.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: ":") }
        guard isName else {
            throw NATSError(
                .header, expected: "a name of printable ASCII without colon", got: "\"\(name.prefix(64))\"")
        }
        guard value.utf8.allSatisfy({ $0 != 13 && $0 != 10 && $0 != 0 }) else {
            throw NATSError(.header, expected: "a value of \(name) without line feeds", got: "one with")
        }
        let total = encoded.count + name.utf8.count + value.utf8.count + 16
        guard total <= Self.bytesMax else {
            throw NATSError(.header, expected: "headers of at most \(Self.bytesMax) bytes", got: "\(total)")
        }
        append(name, value)
    }

    /// Adds a field whose name and value are known to be well.
    mutating func append(_ name: String, _ value: String) {
        if encoded.isEmpty { encoded += HeaderBlock.version + [13, 10] }
        encoded += name.utf8
        encoded += [UInt8(ascii: ":"), UInt8(ascii: " ")]
        encoded += value.utf8
        encoded += [13, 10]
    }

    /// The first value of a name.
    public subscript(name: String) -> String? { encoded.withBytes { HeaderBlock.value(of: name, in: $0) } }

    /// All fields in their order.
    public var fields: [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        encoded.withBytes { block in
            HeaderBlock.eachLine(of: block) { name, value in
                fields.append((block.extracting(name).text, block.extracting(value).text))
                return true
            }
        }
        return fields
    }

    /// The code of a server's status, such as 503; nil where there is none.
    public var status: Int? { encoded.withBytes { HeaderBlock.status(of: $0) } }
}

/// Headers of a message that came, lent with it.
///
/// **Ownership.** The bytes belong to the loop, until the callback ends. **Complexity.** Looking up is O(all
/// bytes) and allocates only the text that it answers.
@safe
public struct NATSHeaderView: ~Copyable, ~Escapable {
    /// The block as it came, the version's line included; empty for a message without headers.
    public let bytes: RawSpan

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    /// Whether there are none.
    public var isEmpty: Bool { bytes.byteCount == 0 }

    /// The first value of a name, as text.
    public subscript(name: String) -> String? { HeaderBlock.value(of: name, in: bytes) }

    /// The first value of a name, as a whole number; nil where there is none.
    public func integer(_ name: StaticString) -> UInt64? { HeaderBlock.integer(name, in: bytes) }

    /// The code of a server's status, which stands behind the version, such as 503; nil where there is none.
    public var status: Int? { HeaderBlock.status(of: bytes) }

    /// What stands behind the status, such as `No Messages`.
    public var statusText: String { HeaderBlock.statusText(of: bytes) }

    /// Calls `body` with each field in its order.
    public func forEach(_ body: (String, String) -> Void) {
        HeaderBlock.eachLine(of: bytes) { name, value in
            body(bytes.extracting(name).text, bytes.extracting(value).text)
            return true
        }
    }
}

/// Reads a block of headers as it stands on the wire.
enum HeaderBlock {
    static let version = Array("NATS/1.0".utf8)

    static func value(of name: String, in block: RawSpan) -> String? {
        var name = name
        let range = name.withBytes { find($0, in: block) }
        return range.map { block.extracting($0).text }
    }

    static func integer(_ name: StaticString, in block: RawSpan) -> UInt64? {
        let name = SharedBytes(name)
        guard let range = find(name.bytes, in: block), !range.isEmpty, range.count < 20 else { return nil }
        var value: UInt64 = 0
        for place in range {
            let digit = block.byte(at: place) &- 48
            guard digit < 10 else { return nil }
            value = value &* 10 &+ UInt64(digit)
        }
        return value
    }

    static func status(of block: RawSpan) -> Int? {
        let line = firstLine(of: block)
        guard line.count >= 3 else { return nil }
        var value = 0
        for place in line.lowerBound..<(line.lowerBound + 3) {
            let digit = block.byte(at: place) &- 48
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    static func statusText(of block: RawSpan) -> String {
        let line = firstLine(of: block)
        return line.count > 4 ? block.extracting((line.lowerBound + 4)..<line.upperBound).text : ""
    }

    /// Where the first value of a name lies.
    private static func find(_ name: RawSpan, in block: RawSpan) -> Range<Int>? {
        var found: Range<Int>?
        eachLine(of: block) { candidate, value in
            guard SubjectRule.areEqual(block.extracting(candidate), name) else { return true }
            found = value
            return false
        }
        return found
    }

    /// What stands behind the version on its line.
    private static func firstLine(of block: RawSpan) -> Range<Int> {
        var end = min(version.count, block.byteCount)
        var start = end
        while end < block.byteCount, block.byte(at: end) != 13 { end += 1 }
        while start < end, block.byte(at: start) == 32 { start += 1 }
        return start..<end
    }

    /// Calls `body` with where each name and value lie, until it answers false. Lines without colon are
    /// passed over.
    static func eachLine(of block: RawSpan, _ body: (Range<Int>, Range<Int>) -> Bool) {
        var place = firstLine(of: block).upperBound + 2
        while place < block.byteCount {
            var end = place
            var colon: Int?
            while end < block.byteCount, block.byte(at: end) != 13 {
                if colon == nil && block.byte(at: end) == UInt8(ascii: ":") { colon = end }
                end += 1
            }
            if let colon {
                var (first, last) = (colon + 1, end)
                while first < last, block.byte(at: first) == 32 { first += 1 }
                while last > first, block.byte(at: last - 1) == 32 { last -= 1 }
                if !body(place..<colon, first..<last) { return }
            }
            place = end + 2
        }
    }
}
