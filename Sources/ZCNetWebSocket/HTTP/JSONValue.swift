import ZCNet

/// A JSON text as a value: RFC 8259, without Foundation.
///
/// ```swift
/// let note = try request.json()                       // {"title": "milk", "tags": ["home"], "count": 2}
/// note["title"]?.string                               // "milk"
/// note["tags"]?[0]?.string                            // "home"
/// let answer: JSONValue = ["id": 7, "title": "milk", "done": false]
/// HTTPResponse(status: 201, json: answer)
/// ```
/// **Strictness.** A text nests at most 16 deep, and no object has a name twice. A number that is whole and
/// fits 64 bits is an `integer`, any other a `number`.
///
/// **Cost.** Values take several times the memory of their text: bound the text, as `bodyBytesMax` does.
public enum JSONValue: Hashable, Sendable {
    /// The value `null`, which is not the lack of one.
    case null
    /// Either `true` or `false`.
    case boolean(Bool)
    /// A whole number that fits 64 bits.
    case integer(Int64)
    /// A number with a fraction or an exponent, or one beyond 64 bits.
    case number(Double)
    /// A text, its escapes resolved.
    case string(String)
    /// Any number of values, in order.
    case array([JSONValue])
    /// Any number of values by their names.
    case object([String: JSONValue])

    /// Reads a text, which must be one value and nothing more.
    ///
    /// - Throws: an ``HTTPError`` of status 400 that says what was expected at which byte.
    public init(parsing text: String) throws(HTTPError) {
        let bytes = Array(text.utf8)
        try self.init(parsing: bytes.span.rawBytes)
    }

    /// Reads a text, which must be one value and nothing more. O(n).
    ///
    /// - Throws: an ``HTTPError`` of status 400 that says what was expected at which byte.
    public init(parsing bytes: RawSpan) throws(HTTPError) {
        var reader = JSONReader(bytes)
        do throws(JSONError) {
            self = try Self.read(&reader)
            try reader.end()
        } catch {
            throw HTTPError(400, expected: error.expected, got: error.got)
        }
    }

    private static func read(_ reader: inout JSONReader) throws(JSONError) -> JSONValue {
        switch try reader.kind() {
        case .object:
            var members: [String: JSONValue] = [:]
            try reader.object { (reader, name) throws(JSONError) in
                guard members.updateValue(try read(&reader), forKey: name) == nil else {
                    throw JSONError(
                        expected: "each name of an object once",
                        got: "\(HTTPCharacters.quoted(name)) twice")
                }
            }
            return .object(members)
        case .array:
            var elements: [JSONValue] = []
            try reader.array { (reader) throws(JSONError) in elements.append(try read(&reader)) }
            return .array(elements)
        case .string: return .string(try reader.string())
        case .boolean: return .boolean(try reader.boolean())
        case .null:
            if reader.takeNull() { return .null }
            throw JSONError(expected: "JSON with a value", got: "a word that is none")
        case .number:
            let numeral = try reader.numeral()
            if let whole = Int64(numeral) { return .integer(whole) }
            guard let number = Double(numeral), number.isFinite else {
                throw JSONError(
                    expected: "a number of 64 bits", got: HTTPCharacters.quoted(numeral))
            }
            return .number(number)
        }
    }

    // MARK: Looking into it

    /// The member of an object; nil for a name that it has not, and for what is no object.
    public subscript(name: String) -> JSONValue? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The element of an array; nil beyond its end, and for what is no array.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The text, where this is one.
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The whole number, where this is one.
    public var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    /// The number, whole or not, where this is one.
    public var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
    /// The truth value, where this is one.
    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    /// The elements, where this is an array.
    public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The members, where this is an object.
    public var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

    // MARK: Writing

    /// The value as JSON without blanks, the names of objects in order, so that equal values are equal texts.
    /// What JSON has no numeral for, infinity and NaN, is written as null.
    public var text: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let number): "\(number)"
        case .number(let number): number.isFinite ? "\(number)" : "null"
        case .string(let text): JSONReader.quoted(text)
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\(JSONReader.quoted($0.key)):\($0.value.text)" }
                .joined(separator: ",") + "}"
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// A text, as it stands in the source.
    public init(stringLiteral text: String) { self = .string(text) }
    /// A whole number, as it stands in the source.
    public init(integerLiteral number: Int64) { self = .integer(number) }
    /// A number with a fraction.
    public init(floatLiteral number: Double) { self = .number(number) }
    /// Either `true` or `false`, as it stands in the source.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// The value `null`, written as `nil`.
    public init(nilLiteral: ()) { self = .null }
    /// Values in order, written as an array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Values by name; of a name that is there twice the last one stays.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}

extension HTTPResponse {
    /// An answer in JSON.
    ///
    /// - Precondition: the status is 200 to 599.
    public init(status: Int = 200, json: JSONValue) {
        self.init(status: status, text: json.text, type: "application/json")
    }
}
