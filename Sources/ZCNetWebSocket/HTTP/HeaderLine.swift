import ZCNet

/// Names of header fields that this library itself looks for, so that a name is compared once, when it comes,
/// and from then on is a number.
enum KnownHeader: UInt8, Sendable, CaseIterable {
    /// A name that nothing here asks for.
    case other
    case connection
    case contentLength
    case date
    case expect
    case host
    case origin
    case transferEncoding
    case upgrade
    case webSocketExtensions
    case webSocketKey
    case webSocketProtocol
    case webSocketVersion

    /// In lower case; empty for any other.
    var name: StaticString {
        switch self {
        case .other: ""
        case .connection: "connection"
        case .contentLength: "content-length"
        case .date: "date"
        case .expect: "expect"
        case .host: "host"
        case .origin: "origin"
        case .transferEncoding: "transfer-encoding"
        case .upgrade: "upgrade"
        case .webSocketExtensions: "sec-websocket-extensions"
        case .webSocketKey: "sec-websocket-key"
        case .webSocketProtocol: "sec-websocket-protocol"
        case .webSocketVersion: "sec-websocket-version"
        }
    }

    /// The number of a name, whatever its case. The length leaves two to compare with at most.
    init(_ name: RawSpan) {
        switch name.byteCount {
        case 4: self = Self.first(of: .host, .date, named: name)
        case 6: self = Self.first(of: .origin, .expect, named: name)
        case 7: self = Self.first(of: .upgrade, .upgrade, named: name)
        case 10: self = Self.first(of: .connection, .connection, named: name)
        case 14: self = Self.first(of: .contentLength, .contentLength, named: name)
        case 17: self = Self.first(of: .webSocketKey, .transferEncoding, named: name)
        case 21: self = Self.first(of: .webSocketVersion, .webSocketVersion, named: name)
        case 22: self = Self.first(of: .webSocketProtocol, .webSocketProtocol, named: name)
        case 24: self = Self.first(of: .webSocketExtensions, .webSocketExtensions, named: name)
        default: self = .other
        }
    }

    private static func first(of one: Self, _ two: Self, named name: RawSpan) -> Self {
        if HTTPCharacters.isSame(name, one.name) { return one }
        return one != two && HTTPCharacters.isSame(name, two.name) ? two : .other
    }
}

/// Some of the bytes that a head lies in.
struct HeadExtent: Sendable {
    var start: UInt32
    var count: UInt32

    init(_ range: Range<Int>) {
        start = UInt32(range.lowerBound)
        count = UInt32(range.count)
    }

    static let nothing = HeadExtent(0..<0)

    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// Where a field's name and value lie among the bytes of its head: 20 bytes.
struct HeaderLine: Sendable {
    let name: HeadExtent
    let value: HeadExtent
    let known: KnownHeader
}

extension HTTPCharacters {
    /// Whether two texts differ in the case of ASCII letters at most.
    static func isSame(_ left: RawSpan, _ right: RawSpan) -> Bool {
        guard left.byteCount == right.byteCount else { return false }
        for index in 0..<left.byteCount
        where lowercased(left.byte(at: index)) != lowercased(right.byte(at: index)) {
            return false
        }
        return true
    }

    /// Whether a comma-separated list of tokens has one, which is given in lower case. O(n).
    static func isToken(_ token: StaticString, in list: RawSpan) -> Bool {
        var start = 0
        while start < list.byteCount {
            var end = start
            while end < list.byteCount && list.byte(at: end) != UInt8(ascii: ",") { end += 1 }
            if isSame(list.extracting(trimmed(start..<end, of: list)), token) { return true }
            start = end + 1
        }
        return false
    }

    /// A range without the blanks at both of its ends.
    static func trimmed(_ range: Range<Int>, of bytes: RawSpan) -> Range<Int> {
        var (first, last) = (range.lowerBound, range.upperBound)
        while first < last && isBlank(bytes.byte(at: first)) { first += 1 }
        while first < last && isBlank(bytes.byte(at: last - 1)) { last -= 1 }
        return first..<last
    }
}
