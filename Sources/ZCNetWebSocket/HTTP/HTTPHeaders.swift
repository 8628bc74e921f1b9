/// Header fields in the order in which they came; names are compared without regard to case (RFC 9110 5.1).
///
/// ```swift
/// var headers: HTTPHeaders = ["Cache-Control": "no-store"]
/// headers.add("Set-Cookie", "seat=12; HttpOnly")
/// headers["cache-control"]                       // "no-store"
/// ```
/// **Ownership.** Names and values are copies. Bytes of a received value that are no UTF-8 show as U+FFFD.
///
/// **Safety.** No field can hold what would end its line: `add` and `set` refuse it, so text of a user's
/// cannot become a header or a body of its own.
///
/// **Complexity.** Every lookup looks at all fields, of which ``HTTPHeadLimits`` allows a hundred.
public struct HTTPHeaders: Hashable, Sendable {
    /// One field: its name and its value.
    public struct Field: Hashable, Sendable {
        /// As it was written.
        public let name: String
        /// Without the blanks around it.
        public let value: String
    }

    /// All fields, in the order in which they came or were added.
    public private(set) var fields: [Field] = []

    /// A list without any fields.
    public init() {}

    /// How many fields there are.
    public var count: Int { fields.count }

    /// The first value of a name.
    public subscript(name: String) -> String? {
        fields.first { HTTPCharacters.isSame($0.name, name) }?.value
    }

    /// Whether there is a field of a name.
    public func contains(_ name: String) -> Bool {
        fields.contains { HTTPCharacters.isSame($0.name, name) }
    }

    /// All values of a name, in order.
    public func values(of name: String) -> [String] {
        fields.lazy.filter { HTTPCharacters.isSame($0.name, name) }.map(\.value)
    }

    /// Adds a field behind all others.
    ///
    /// - Returns: false, and nothing is added, when the name is no token or the value has control characters.
    @discardableResult
    public mutating func add(_ name: String, _ value: String) -> Bool {
        guard Self.isValid(name, value) else { return false }
        fields.append(Field(name: name, value: Self.trimmed(value)))
        return true
    }

    /// Replaces all fields of a name by one.
    ///
    /// - Returns: false, and nothing changes, when the name is no token or the value has control characters.
    @discardableResult
    public mutating func set(_ name: String, to value: String) -> Bool {
        guard Self.isValid(name, value) else { return false }
        remove(name)
        return add(name, value)
    }

    /// Removes all fields of a name.
    public mutating func remove(_ name: String) {
        fields.removeAll { HTTPCharacters.isSame($0.name, name) }
    }

    /// Whether `add` would take a field: the name is a token, the value has no control characters but tabs.
    public static func isValid(_ name: String, _ value: String) -> Bool {
        HTTPCharacters.isToken(name) && value.utf8.allSatisfy { HTTPCharacters.isFieldContent($0) }
    }

    /// Adds a field whose characters and blanks the parser has already seen to.
    mutating func append(checked name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// The fields as lines of a head, without the empty line behind them.
    func appendLines(to text: inout String, where isIncluded: (Field) -> Bool = { _ in true }) {
        for field in fields where isIncluded(field) {
            text += field.name
            text += ": "
            text += field.value
            text += "\r\n"
        }
    }

    /// A `Date` as a line of a head, unless there is none, or the fields have one.
    func appendDate(_ date: String?, to text: inout String) {
        guard let date, !contains("Date") else { return }
        text += "Date: "
        text += date
        text += "\r\n"
    }

    private static func trimmed(_ value: String) -> String {
        guard let first = value.utf8.first, let last = value.utf8.last,
            HTTPCharacters.isBlank(first) || HTTPCharacters.isBlank(last)
        else { return value }
        return String(decoding: HTTPCharacters.trimmed(Array(value.utf8)[...]), as: UTF8.self)
    }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
    /// The fields of a literal, in its order; a pair that ``add(_:_:)`` refuses is left out.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }
}

/// Fields whose values are comma-separated lists.
extension HTTPHeaders {
    /// The elements of a list that may span several fields of one name: RFC 9110 5.6.1.
    ///
    /// Empty elements are left out, as that section asks; a comma between quotes does not separate. O(n).
    public func list(of name: String) -> [String] { values(of: name).flatMap { Self.elements(of: $0) } }

    /// Whether a list contains a token, without regard to case.
    public func list(of name: String, contains token: String) -> Bool {
        list(of: name).contains { HTTPCharacters.isSame($0, token) }
    }

    /// The elements of a list of tokens that may span several fields of one name, such as `Connection`,
    /// `Upgrade` or `Transfer-Encoding`. O(n).
    ///
    /// Every comma separates. Why not ``list(of:)``: a quote means nothing in these fields, and one that a
    /// client sends must not hide what stands behind it, which proxies go by.
    func tokens(of name: String) -> [String] {
        values(of: name).flatMap { value in
            value.utf8.split(separator: UInt8(ascii: ",")).compactMap { part in
                let element = HTTPCharacters.trimmed(Array(part)[...])
                return element.isEmpty ? nil : String(decoding: element, as: UTF8.self)
            }
        }
    }

    /// Whether a list of tokens contains one, without regard to case. O(n), without an allocation.
    func hasToken(_ token: String, in name: String) -> Bool {
        fields.contains { field in
            HTTPCharacters.isSame(field.name, name) && HTTPCharacters.isToken(token, in: field.value)
        }
    }

    private static func elements(of value: String) -> [String] {
        parts(of: Array(value.utf8)[...], at: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The parts between separators, without blanks around them and without empty ones; a separator between
    /// quotes is none.
    static func parts(of bytes: ArraySlice<UInt8>, at separator: UInt8) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var (isQuoted, isEscaped) = (false, false)
        func take(upTo end: Int) {
            let part = HTTPCharacters.trimmed(bytes[start..<end])
            if !part.isEmpty { parts.append(part) }
            start = end + 1
        }
        for index in bytes.indices {
            let byte = bytes[index]
            if isEscaped {
                isEscaped = false
            } else if byte == HTTPCharacters.quote {
                isQuoted.toggle()
            } else if isQuoted {
                isEscaped = byte == HTTPCharacters.backslash
            } else if byte == separator {
                take(upTo: index)
            }
        }
        take(upTo: bytes.endIndex)
        return parts
    }
}
