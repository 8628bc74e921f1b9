/// Why a message could not be decoded or encoded.
///
/// ```swift
/// do {
///     let trade = try Trade.decode(bytes)
/// } catch {
///     print(error)        // Trade: expected 29 bytes, got 20
/// }
/// ```
public struct SBEError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    @frozen
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        // A number rather than a name, so that throwing takes few instructions in the code that decodes.
        @usableFromInline let number: UInt8

        @inlinable
        init(_ number: UInt8) { self.number = number }

        /// The bytes end before the message does.
        @inlinable public static var truncated: Code { Code(0) }
        /// The header names another schema.
        @inlinable public static var otherSchema: Code { Code(1) }
        /// The header names another message.
        @inlinable public static var otherTemplate: Code { Code(2) }
        /// A block is shorter on the wire than the fields of its version.
        @inlinable public static var blockTooShort: Code { Code(3) }
        /// A group has fewer or more entries than its limits permit.
        @inlinable public static var groupCount: Code { Code(4) }
        /// Variable data is shorter or longer than its limits permit.
        @inlinable public static var dataLength: Code { Code(5) }
        /// A text does not fit the field that it was meant for.
        @inlinable public static var textTooLong: Code { Code(6) }
        /// The buffer ends before the message that is being written.
        @inlinable public static var noRoom: Code { Code(7) }

        /// An array has more elements than the field that it was meant for.
        @inlinable public static var arrayTooLong: Code { Code(8) }

        /// A text has characters that the field's encoding lacks.
        @inlinable public static var notInEncoding: Code { Code(9) }

        /// The name of the code.
        public var description: String {
            let names = [
                "truncated", "other schema", "other template", "block too short",
                "group count", "data length", "text too long", "no room", "array too long",
                "not in the encoding",
            ]
            return names[Int(number)]
        }
    }

    /// The kind of error.
    public let code: Code
    // A literal, so that the error has no references to count.
    private let name: StaticString
    /// What was expected: bytes, entries or an id, by the code.
    public let expected: Int
    /// What came, or what there was room for.
    public let got: Int

    /// Describes an error.
    ///
    /// Rare, so neither inlined nor fast.
    @inline(never)
    public init(_ code: Code, at element: StaticString, expected: Int, got: Int) {
        self.code = code
        name = element
        self.expected = expected
        self.got = got
    }

    /// The message, group or field that it happened at, by its name in the schema.
    public var element: String { name.description }

    /// Compares what the errors say.
    public static func == (one: SBEError, other: SBEError) -> Bool {
        one.code == other.code && one.element == other.element && one.expected == other.expected
            && one.got == other.got
    }

    /// Hashes what the error says.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(element)
        hasher.combine(expected)
        hasher.combine(got)
    }

    /// What was expected and what came, in words.
    public var description: String {
        switch code {
        case .truncated: "\(element): expected \(expected) bytes, got \(got)"
        case .otherSchema: "\(element): expected schema \(expected), got \(got)"
        case .otherTemplate: "\(element): expected template \(expected), got \(got)"
        case .blockTooShort: "\(element): expected a block of \(expected) bytes, got \(got)"
        case .groupCount:
            "\(element): expected \(bound) \(expected) entries, got \(got)"
        case .dataLength:
            "\(element): expected \(bound) \(expected) bytes, got \(got)"
        case .textTooLong: "\(element): expected at most \(expected) bytes, got \(got)"
        case .arrayTooLong: "\(element): expected at most \(expected) elements, got \(got)"
        case .notInEncoding: "\(element): expected characters of the field's encoding, got others"
        case .noRoom: "\(element): expected room for \(expected) bytes, got \(got)"
        default: "\(element): \(code), expected \(expected), got \(got)"
        }
    }

    private var bound: String { got < expected ? "at least" : "at most" }
}
