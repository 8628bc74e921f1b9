import ZCNet

/// What a message is published to: words between dots, without wildcards.
///
/// ```swift
/// let orders: NATSSubject = "orders.new"
/// let room = try NATSSubject("rooms.\(number)")
/// ```
/// **Ownership.** Shares its bytes with its copies. **Limits.** ``bytesMax`` bytes; no blanks, no control
/// characters, no empty words.
public struct NATSSubject: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The longest subject. Why 1,024: two of them fit a line of the 4,096 bytes that servers take.
    public static let bytesMax = 1024

    let bytes: SharedBytes

    /// Checks a subject.
    ///
    /// - Throws: ``NATSError`` with ``NATSError/Code/subject``.
    public init(_ text: String) throws(NATSError) {
        let bytes = SharedBytes(text.utf8)
        try SubjectRule.check(bytes.bytes, allowsWildcards: false)
        self.bytes = bytes
    }

    /// A literal, which has to be a subject.
    public init(stringLiteral value: StaticString) {
        bytes = SharedBytes(value)
        precondition(SubjectRule.isKept(bytes.bytes, allowsWildcards: false), "\(value) is no subject")
    }

    /// Checks bytes, such as those that a message came with, and copies them.
    init(copying span: RawSpan) throws(NATSError) {
        try SubjectRule.check(span, allowsWildcards: false)
        bytes = SharedBytes(copying: span)
    }

    /// The subject as text.
    public var description: String { bytes.bytes.text }

    /// Whether both have the same bytes.
    public static func == (left: NATSSubject, right: NATSSubject) -> Bool {
        SubjectRule.areEqual(left.bytes.bytes, right.bytes.bytes)
    }

    /// Hashes the bytes as they are.
    public func hash(into hasher: inout Hasher) { SubjectRule.hash(bytes.bytes, into: &hasher) }
}

/// What a subscription listens to: a subject in which `*` stands for any word, and `>` at the end for one or
/// more.
///
/// ```swift
/// let everything: NATSPattern = "orders.>"
/// ```
public struct NATSPattern: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    let bytes: SharedBytes

    /// Checks a pattern.
    ///
    /// - Throws: ``NATSError`` with ``NATSError/Code/subject``.
    public init(_ text: String) throws(NATSError) {
        let bytes = SharedBytes(text.utf8)
        try SubjectRule.check(bytes.bytes, allowsWildcards: true)
        self.bytes = bytes
    }

    /// Stands for exactly one subject.
    public init(_ subject: NATSSubject) { bytes = subject.bytes }

    /// A literal, which has to be a pattern.
    public init(stringLiteral value: StaticString) {
        bytes = SharedBytes(value)
        precondition(SubjectRule.isKept(bytes.bytes, allowsWildcards: true), "\(value) is no pattern")
    }

    /// Whether a subject is one of those that the pattern stands for.
    public func matches(_ subject: NATSSubject) -> Bool {
        let words = description.split(separator: ".")
        let others = subject.description.split(separator: ".")
        for (index, word) in words.enumerated() {
            if word == ">" { return others.count > index }
            guard index < others.count, word == "*" || word == others[index] else { return false }
        }
        return words.count == others.count
    }

    /// The pattern as text.
    public var description: String { bytes.bytes.text }

    /// Whether both have the same bytes.
    public static func == (left: NATSPattern, right: NATSPattern) -> Bool {
        SubjectRule.areEqual(left.bytes.bytes, right.bytes.bytes)
    }

    /// Hashes the bytes as they are.
    public func hash(into hasher: inout Hasher) { SubjectRule.hash(bytes.bytes, into: &hasher) }
}

/// The rules of subjects, which servers check only where they are told to.
enum SubjectRule {
    static func isKept(_ bytes: RawSpan, allowsWildcards: Bool) -> Bool {
        problem(bytes, allowsWildcards: allowsWildcards) == nil
    }

    static func check(_ bytes: RawSpan, allowsWildcards: Bool) throws(NATSError) {
        guard let problem = problem(bytes, allowsWildcards: allowsWildcards) else { return }
        let shown = bytes.extracting(0..<min(64, bytes.byteCount)).text
        throw NATSError(.subject, expected: problem, got: "\"\(shown)\"")
    }

    /// What is wrong, as what was expected; nil when nothing is.
    private static func problem(_ bytes: RawSpan, allowsWildcards: Bool) -> String? {
        guard bytes.byteCount <= NATSSubject.bytesMax else {
            return "a subject of at most \(NATSSubject.bytesMax) bytes"
        }
        var wordStart = 0
        for place in 0...bytes.byteCount {
            let byte = place < bytes.byteCount ? bytes.byte(at: place) : UInt8(ascii: ".")
            if byte <= 32 || byte == 127 { return "a subject without blanks and control characters" }
            guard byte == UInt8(ascii: ".") else { continue }
            let count = place - wordStart
            if count == 0 { return "a subject without empty words" }
            let first = bytes.byte(at: wordStart)
            let isWildcard = count == 1 && (first == UInt8(ascii: "*") || first == UInt8(ascii: ">"))
            if isWildcard && !allowsWildcards { return "a subject without wildcards" }
            if isWildcard && first == UInt8(ascii: ">") && place < bytes.byteCount {
                return "a pattern with > at its end only"
            }
            wordStart = place + 1
        }
        return nil
    }

    static func areEqual(_ left: RawSpan, _ right: RawSpan) -> Bool {
        guard left.byteCount == right.byteCount else { return false }
        for place in 0..<left.byteCount where left.byte(at: place) != right.byte(at: place) { return false }
        return true
    }

    static func hash(_ bytes: RawSpan, into hasher: inout Hasher) {
        // SAFETY: the pointer is used during the call only.
        unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}
