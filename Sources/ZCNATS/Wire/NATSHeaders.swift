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

    /// No headers.
    public init() {}

    /// A copy of those that came with a message.
    init(copying view: borrowing NATSHeaderView) {
        if view.bytes.byteCount > 2 {
            encoded = view.bytes.extracting(0..<(view.bytes.byteCount - 2)).array
        }
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
        if encoded.isEmpty { encoded += NATSHeaderView.version + [13, 10] }
        encoded += name.utf8
        encoded += [UInt8(ascii: ":"), UInt8(ascii: " ")]
        encoded += value.utf8
        encoded += [13, 10]
    }

    /// The first value of a name.
    public subscript(name: String) -> String? { withView { $0[name] } }

    /// All fields in their order.
    public var fields: [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        withView { view in view.forEach { name, value in fields.append((name, value)) } }
        return fields
    }

    /// The code of a server's status, such as 503; nil where there is none.
    public var status: Int? { withView { $0.status } }

    private func withView<Result>(_ body: (borrowing NATSHeaderView) -> Result) -> Result {
        encoded.withBytes { body(NATSHeaderView($0)) }
    }
}

/// Headers of a message that came, lent with it.
///
/// **Ownership.** The bytes belong to the loop, until the callback ends. **Complexity.** Looking up is O(all
/// bytes) and allocates only the text that it answers.
@safe
public struct NATSHeaderView: ~Copyable, ~Escapable {
    static let version = Array("NATS/1.0".utf8)

    /// The block as it came, the version's line included; empty for a message without headers.
    public let bytes: RawSpan

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    /// Whether there are none.
    public var isEmpty: Bool { bytes.byteCount == 0 }

    /// The first value of a name, as text.
    public subscript(name: String) -> String? {
        var name = name
        let range = name.withBytes { find($0) }
        return range.map { bytes.extracting($0).text }
    }

    /// The first value of a name, as a whole number; nil where there is none.
    public func integer(_ name: StaticString) -> UInt64? {
        guard let range = find(SharedBytes(name).bytes), !range.isEmpty, range.count < 20 else { return nil }
        var value: UInt64 = 0
        for place in range {
            let digit = bytes.byte(at: place) &- 48
            guard digit < 10 else { return nil }
            value = value &* 10 &+ UInt64(digit)
        }
        return value
    }

    /// The code of a server's status, which stands behind the version, such as 503; nil where there is none.
    public var status: Int? {
        let line = firstLine
        guard line.count >= 3 else { return nil }
        var value = 0
        for place in line.lowerBound..<(line.lowerBound + 3) {
            let digit = bytes.byte(at: place) &- 48
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    /// What stands behind the status, such as `No Messages`.
    public var statusText: String {
        let line = firstLine
        return line.count > 4 ? bytes.extracting((line.lowerBound + 4)..<line.upperBound).text : ""
    }

    /// Calls `body` with each field in its order.
    public func forEach(_ body: (String, String) -> Void) {
        eachLine { name, value in
            body(bytes.extracting(name).text, bytes.extracting(value).text)
            return true
        }
    }

    /// Where the first value of a name lies.
    private func find(_ name: RawSpan) -> Range<Int>? {
        var found: Range<Int>?
        eachLine { candidate, value in
            guard SubjectRule.areEqual(bytes.extracting(candidate), name) else { return true }
            found = value
            return false
        }
        return found
    }

    /// What stands behind the version on its line.
    private var firstLine: Range<Int> {
        var start = Self.version.count
        var end = start
        while end < bytes.byteCount, bytes.byte(at: end) != 13 { end += 1 }
        while start < end, bytes.byte(at: start) == 32 { start += 1 }
        return min(start, end)..<end
    }

    /// Calls `body` with where each name and value lie, until it answers false. Lines without colon are
    /// passed over.
    private func eachLine(_ body: (Range<Int>, Range<Int>) -> Bool) {
        var place = firstLine.upperBound + 2
        while place < bytes.byteCount {
            var end = place
            var colon: Int?
            while end < bytes.byteCount, bytes.byte(at: end) != 13 {
                if colon == nil && bytes.byte(at: end) == UInt8(ascii: ":") { colon = end }
                end += 1
            }
            if let colon {
                var (first, last) = (colon + 1, end)
                while first < last, bytes.byte(at: first) == 32 { first += 1 }
                while last > first, bytes.byte(at: last - 1) == 32 { last -= 1 }
                if !body(place..<colon, first..<last) { return }
            }
            place = end + 2
        }
    }
}
