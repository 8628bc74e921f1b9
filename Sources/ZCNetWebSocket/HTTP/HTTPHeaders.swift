/// Header fields in the order in which they came; names are compared without regard to case.
public struct HTTPHeaders: Hashable, Sendable {
    /// One line.
    public struct Field: Hashable, Sendable {
        /// As it was written.
        public let name: String
        /// Without the white space around it.
        public let value: String
    }

    /// All lines.
    public private(set) var fields: [Field] = []

    /// No fields.
    public init() {}

    /// The first value of a name. O(fields).
    public subscript(name: String) -> String? {
        fields.first { Self.isSame($0.name, name) }?.value
    }

    /// All values of a name, in order.
    public func values(of name: String) -> [String] {
        fields.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    /// The elements of a comma-separated list that may span several lines: RFC 9110 5.6.1. Empty elements are
    /// left out; commas within quotes do not separate.
    public func list(of name: String) -> [String] { values(of: name).flatMap(Self.split) }

    /// Whether a list contains a token, without regard to case.
    public func list(of name: String, contains token: String) -> Bool {
        list(of: name).contains { Self.isSame($0, token) }
    }

    /// Adds a line.
    ///
    /// - Returns: false, and nothing is added, for a name that is no token or a value with control
    ///   characters: it would let whoever chose it write lines of their own.
    @discardableResult
    public mutating func add(_ name: String, _ value: String) -> Bool {
        guard !name.isEmpty, name.utf8.allSatisfy(HTTPCharacters.isToken) else { return false }
        guard value.utf8.allSatisfy(HTTPCharacters.isFieldContent) else { return false }
        fields.append(Field(name: name, value: value))
        return true
    }

    /// Replaces all lines of a name; see `add(_:_:)`.
    @discardableResult
    public mutating func set(_ name: String, to value: String) -> Bool {
        remove(name)
        return add(name, value)
    }

    /// Removes all lines of a name.
    public mutating func remove(_ name: String) { fields.removeAll { Self.isSame($0.name, name) } }

    static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { HTTPCharacters.lower($0) == HTTPCharacters.lower($1) }
    }

    private static func split(_ value: String) -> [String] {
        var parts: [String] = []
        var part: [UInt8] = []
        var isQuoted = false
        var isEscaped = false
        for byte in value.utf8 {
            if byte == UInt8(ascii: ",") && !isQuoted {
                append(part, to: &parts)
                part = []
                continue
            }
            if isQuoted && !isEscaped && byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                if byte == UInt8(ascii: "\"") && !isEscaped { isQuoted.toggle() }
                isEscaped = false
            }
            part.append(byte)
        }
        append(part, to: &parts)
        return parts
    }

    private static func append(_ part: [UInt8], to parts: inout [String]) {
        let trimmed = HTTPCharacters.trim(part[...])
        if !trimmed.isEmpty { parts.append(String(decoding: trimmed, as: UTF8.self)) }
    }
}
