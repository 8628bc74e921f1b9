/// Header fields in the order in which they came; names are compared without regard to case (RFC 9110 5.1).
///
/// ```swift
/// var headers: HTTPHeaders = ["Cache-Control": "no-store"]
/// headers.add("Set-Cookie", "seat=12; HttpOnly")
/// headers["cache-control"]                       // "no-store"
/// ```
/// **Ownership.** Names and values are copies, which lie behind each other as the bytes that came; a `String`
/// is made of one when it is asked for. Bytes of a received value that are no UTF-8 show as U+FFFD.
///
/// **Safety.** No field can hold what would end its line: `add` and `set` refuse it, so text of a user's
/// cannot become a header or a body of its own.
///
/// **Complexity.** Every lookup looks at all fields, of which ``HTTPHeadLimits`` allows a hundred.
public struct HTTPHeaders: Sendable {
    /// One field: its name and its value.
    public struct Field: Hashable, Sendable {
        /// As it was written.
        public let name: String
        /// Without the blanks around it.
        public let value: String
    }

    /// What names and values lie in: of a received head the whole of it.
    private(set) var bytes: [UInt8] = []
    /// The fields, in the order in which they came or were added.
    private(set) var lines: [HeaderLine] = []
    /// A bit for each known name that is there.
    private var known: UInt16 = 0

    /// A list without any fields.
    public init() {}

    /// All fields, in the order in which they came or were added. O(n): each is made a text.
    public var fields: [Field] { lines.map { Field(name: text($0.name), value: text($0.value)) } }

    /// How many fields there are.
    public var count: Int { lines.count }

    /// The first value of a name.
    public subscript(name: String) -> String? {
        line(named: name).map { text($0.value) }
    }

    /// Whether there is a field of a name.
    public func contains(_ name: String) -> Bool { line(named: name) != nil }

    /// All values of a name, in order.
    public func values(of name: String) -> [String] {
        let utf8 = name.utf8
        let known = KnownHeader(utf8.raw)
        var values: [String] = []
        for line in lines where isOf(line, known, utf8.raw) { values.append(text(line.value)) }
        return values
    }

    /// Adds a field behind all others.
    ///
    /// - Returns: false, and nothing is added, when the name is no token or the value has control characters.
    @discardableResult
    public mutating func add(_ name: String, _ value: String) -> Bool {
        guard Self.isValid(name, value) else { return false }
        append(checked: name, Self.trimmed(value))
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
        if !contains(name) { return }
        // What is left is put together anew: what was removed would stay among the bytes.
        let left = fields.filter { !HTTPCharacters.isSame($0.name, name) }
        self = HTTPHeaders()
        for field in left { append(checked: field.name, field.value) }
    }

    /// Whether `add` would take a field: the name is a token, the value has no control characters but tabs.
    public static func isValid(_ name: String, _ value: String) -> Bool {
        HTTPCharacters.isToken(name) && value.utf8.allSatisfy { HTTPCharacters.isFieldContent($0) }
    }

    /// Adds a field whose characters and blanks somebody has already seen to.
    mutating func append(checked name: String, _ value: String) {
        let (name, value) = (keep(name), keep(value))
        append(HeaderLine(name: name, value: value, known: KnownHeader(span(name))))
    }

    /// A `Date` as a line of a head, unless there is none, or the fields have one.
    func appendDate(_ date: String?, to head: inout [UInt8]) {
        guard let date, !contains(.date) else { return }
        head += "Date: ".utf8
        head += date.utf8
        head += "\r\n".utf8
    }

    /// The fields as lines of a head, without the empty line behind them.
    func appendLines(to head: inout [UInt8], where isIncluded: (HeaderLine) -> Bool = { _ in true }) {
        for line in lines where isIncluded(line) {
            head += bytes[line.name.range]
            head += ": ".utf8
            head += bytes[line.value.range]
            head += "\r\n".utf8
        }
    }

    private static func trimmed(_ value: String) -> String {
        guard let first = value.utf8.first, let last = value.utf8.last,
            HTTPCharacters.isBlank(first) || HTTPCharacters.isBlank(last)
        else { return value }
        return String(decoding: HTTPCharacters.trimmed(Array(value.utf8)[...]), as: UTF8.self)
    }
}

/// What the library itself asks of fields: by number, and without a text.
extension HTTPHeaders {
    /// Some of the bytes.
    @_lifetime(borrow self)
    func span(_ extent: HeadExtent) -> RawSpan { bytes.raw.extracting(extent.range) }

    /// Some of the bytes as text; what is no UTF-8 is replaced by U+FFFD.
    func text(_ extent: HeadExtent) -> String { span(extent).text }

    /// Puts a text behind the bytes.
    mutating func keep(_ text: String) -> HeadExtent {
        let start = bytes.count
        bytes += text.utf8
        return HeadExtent(start..<bytes.count)
    }

    /// Adds a field that a parser has found; where it lies is given later, to `adopt`.
    mutating func append(_ line: HeaderLine) {
        if lines.isEmpty { lines.reserveCapacity(8) }
        lines.append(line)
        known |= 1 << UInt16(line.known.rawValue)
    }

    /// Copies the head whose lines were found.
    mutating func adopt(_ head: RawSpan) { bytes = head.array }

    /// Whether there is a field of a known name. O(1).
    func contains(_ header: KnownHeader) -> Bool { known & 1 << UInt16(header.rawValue) != 0 }

    /// The first field of a known name.
    func line(_ header: KnownHeader) -> HeaderLine? {
        contains(header) ? lines.first { $0.known == header } : nil
    }

    /// The first value of a known name.
    subscript(header: KnownHeader) -> String? { line(header).map { text($0.value) } }

    /// How many fields have a known name.
    func count(of header: KnownHeader) -> Int {
        contains(header) ? lines.reduce(0) { $0 + ($1.known == header ? 1 : 0) } : 0
    }

    /// All values of a known name, in order.
    func values(of header: KnownHeader) -> [String] {
        contains(header) ? lines.lazy.filter { $0.known == header }.map { text($0.value) } : []
    }

    /// Whether a list of tokens contains one, which is given in lower case. O(n), without an allocation.
    func hasToken(_ token: StaticString, in header: KnownHeader) -> Bool {
        guard contains(header) else { return false }
        return lines.contains { line in
            line.known == header && HTTPCharacters.isToken(token, in: span(line.value))
        }
    }

    /// The elements of a list of tokens that may span several fields of one name, such as `Connection`,
    /// `Upgrade` or `Transfer-Encoding`. O(n).
    ///
    /// Every comma separates. Why not ``list(of:)``: a quote means nothing in these fields, and one that a
    /// client sends must not hide what stands behind it, which proxies go by.
    func tokens(of header: KnownHeader) -> [String] {
        values(of: header).flatMap { value in
            value.utf8.split(separator: UInt8(ascii: ",")).compactMap { part in
                let element = HTTPCharacters.trimmed(Array(part)[...])
                return element.isEmpty ? nil : String(decoding: element, as: UTF8.self)
            }
        }
    }

    private func line(named name: String) -> HeaderLine? {
        let utf8 = name.utf8
        let known = KnownHeader(utf8.raw)
        for line in lines where isOf(line, known, utf8.raw) { return line }
        return nil
    }

    private func isOf(_ line: HeaderLine, _ known: KnownHeader, _ name: RawSpan) -> Bool {
        line.known == known && (known != .other || HTTPCharacters.isSame(span(line.name), name))
    }
}

extension HTTPHeaders: Hashable {
    /// Whether both have the same fields in the same order.
    public static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool { left.fields == right.fields }

    /// Feeds all names and values.
    public func hash(into hasher: inout Hasher) { hasher.combine(fields) }
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
