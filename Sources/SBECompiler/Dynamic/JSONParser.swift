/// Reads JSON (RFC 8259) in linear time, with bounded depth.
package struct JSONParser {
    /// Arrays and objects inside each other, at most.
    package static let depthMax = 256

    private let bytes: [UInt8]
    private var index = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The value that a whole text is.
    package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes)
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { parser.index = 3 }
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.index == bytes.count else { throw parser.error("the end of the text") }
        return value
    }

    private func error(_ expected: String) -> JSONError {
        let line = 1 + bytes[..<min(index, bytes.count)].count { $0 == UInt8(ascii: "\n") }
        let got = index < bytes.count ? "'\(Unicode.Scalar(bytes[index]))'" : "the end"
        return JSONError(line: line, expected: expected, got: got)
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[index]) { index += 1 }
    }

    /// Takes a character, behind white space, if it is the next.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        skipSpace()
        guard depth <= Self.depthMax else { throw error("at most \(Self.depthMax) levels") }
        guard index < bytes.count else { throw error("a value") }
        switch bytes[index] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
        default:
            for (word, value) in [
                ("null", JSONValue.null), ("true", .boolean(true)), ("false", .boolean(false)),
            ]
            where bytes[index...].starts(with: word.utf8) {
                index += word.utf8.count
                return value
            }
            throw error("a value")
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        index += 1
        var members: [JSONMember] = []
        if take("}") { return .object([]) }
        repeat {
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                throw error("a name in quotes")
            }
            let name = try string()
            guard take(":") else { throw error("':'") }
            members.append(JSONMember(name: name, value: try value(depth: depth + 1)))
        } while take(",")
        guard take("}") else { throw error("',' or '}'") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        index += 1
        var elements: [JSONValue] = []
        if take("]") { return .array([]) }
        repeat { elements.append(try value(depth: depth + 1)) } while take(",")
        guard take("]") else { throw error("',' or ']'") }
        return .array(elements)
    }

    private mutating func number() throws(JSONError) -> String {
        let start = index
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        let digits = skipDigits()
        let isZero = digits > 1 && bytes[index - digits] == UInt8(ascii: "0")
        guard digits > 0, !isZero else { throw error("a number without leading zeros") }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            guard skipDigits() > 0 else { throw error("digits") }
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            guard skipDigits() > 0 else { throw error("digits") }
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func skipDigits() -> Int {
        let start = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
        return index - start
    }

    private mutating func string() throws(JSONError) -> String {
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw error("text in UTF-8")
                }
                return string
            case UInt8(ascii: "\\"):
                index += 1
                text += Array(String(Character(try escape())).utf8)
            case ..<0x20: throw error("no control character in a text")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw error("'\"'")
    }

    /// The character that an escape means; of surrogates, both halves are needed.
    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard index < bytes.count else { throw error("an escape") }
        let letter = bytes[index]
        index += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexadecimal()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            guard (0xd800..<0xdc00).contains(unit), bytes[index...].starts(with: Array("\\u".utf8)) else {
                throw error("a pair of surrogates")
            }
            index += 2
            let low = try hexadecimal()
            guard (0xdc00..<0xe000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00))
            else { throw error("a low surrogate") }
            return scalar
        default: throw error("an escape")
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard index + 4 <= bytes.count else { throw error("four hexadecimal digits") }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }
}

/// Why a text is no JSON.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line in the text, counted from 1.
    package let line: Int
    /// What JSON has in that place.
    package let expected: String
    /// What the text has there.
    package let got: String

    /// What was expected and what came.
    package var description: String { "line \(line): expected \(expected), got \(got)" }
}
