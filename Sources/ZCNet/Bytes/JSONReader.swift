/// What a text was expected to be as JSON, and what is there instead.
package struct JSONError: Error, Hashable, Sendable {
    /// What was expected, and where.
    package let expected: String
    /// What the text has in that place.
    package let got: String

    package init(expected: String, got: String) {
        self.expected = expected
        self.got = got
    }
}

/// As much of JSON (RFC 8259) as what peers say of themselves needs: objects, arrays, strings, whole numbers
/// and truth values are read, all else is skipped. Over a copy of the bytes; nesting is bounded, so is the
/// stack.
package struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private static let depthMax = 16

    package init(_ span: RawSpan) { bytes = span.array }

    // MARK: Values

    /// Reads an object, and has `field` read the value of each of its names.
    package mutating func object(
        _ field: (inout JSONReader, String) throws(JSONError) -> Void
    ) throws(JSONError) {
        try begin("{")
        if take("}") { return leave() }
        repeat {
            let name = try string()
            try expect(":")
            try field(&self, name)
        } while take(",")
        try expect("}")
        leave()
    }

    /// Reads an array, and has `element` read each of its values.
    package mutating func array(_ element: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        if takeWord("null") { return }
        try begin("[")
        if take("]") { return leave() }
        repeat { try element(&self) } while take(",")
        try expect("]")
        leave()
    }

    /// A whole number of 64 bits.
    package mutating func integer() throws(JSONError) -> Int64 {
        skipBlanks()
        let start = position
        while position < bytes.count, isNumber(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let digits = text.first == "-" ? text.dropFirst() : text[...]
        guard !text.hasPrefix("+"), digits == "0" || digits.first != "0", let number = Int64(text) else {
            position = start
            throw expected("a whole number of 64 bits")
        }
        return number
    }

    /// A string, with its escapes resolved. RFC 8259 7.
    package mutating func string() throws(JSONError) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let string = String(validating: text, as: UTF8.self) else { throw expected("UTF-8") }
                return string
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &text)
            case 0..<0x20: throw expected("a string without control characters")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw expected("the end of a string")
    }

    /// Reads `true` or `false`.
    package mutating func boolean() throws(JSONError) -> Bool {
        if takeWord("true") { return true }
        if takeWord("false") { return false }
        throw expected("true or false")
    }

    /// What the next value is.
    package enum Kind {
        case object
        case array
        case string
        case number
        case boolean
        case null
    }

    /// Tells what the next value is by how it begins, and reads nothing of it.
    package mutating func kind() throws(JSONError) -> Kind {
        skipBlanks()
        switch position < bytes.count ? bytes[position] : 0 {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case let byte where isNumber(byte): return .number
        default: throw expected("a value")
        }
    }

    /// A number as it is written, by the grammar of RFC 8259 6.
    package mutating func numeral() throws(JSONError) -> String {
        skipBlanks()
        let start = position
        func digits(_ reader: inout JSONReader) throws(JSONError) {
            let first = reader.position
            while reader.position < reader.bytes.count,
                reader.bytes[reader.position] &- UInt8(ascii: "0") < 10
            {
                reader.position += 1
            }
            if reader.position == first { throw reader.expected("a digit") }
        }
        func takeByte(_ choices: StaticString, _ reader: inout JSONReader) -> Bool {
            guard reader.position < reader.bytes.count,
                "\(choices)".utf8.contains(reader.bytes[reader.position])
            else { return false }
            reader.position += 1
            return true
        }
        _ = takeByte("-", &self)
        if !takeByte("0", &self) { try digits(&self) }
        if takeByte(".", &self) { try digits(&self) }
        if takeByte("eE", &self) {
            _ = takeByte("+-", &self)
            try digits(&self)
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Any value, of which nothing is kept.
    package mutating func skip() throws(JSONError) {
        skipBlanks()
        switch position < bytes.count ? bytes[position] : 0 {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "{"): try object { (reader, _) throws(JSONError) in try reader.skip() }
        case UInt8(ascii: "["): try array { (reader) throws(JSONError) in try reader.skip() }
        default:
            if takeWord("true") || takeWord("false") || takeWord("null") { return }
            let start = position
            while position < bytes.count, isNumber(bytes[position]) { position += 1 }
            let text = String(decoding: bytes[start..<position], as: UTF8.self)
            guard position > start, Double(text) != nil else {
                position = start
                throw expected("a value")
            }
        }
    }

    /// Takes a null, if there is one.
    package mutating func takeNull() -> Bool { takeWord("null") }

    /// Nothing but blanks may follow.
    package mutating func end() throws(JSONError) {
        skipBlanks()
        if position < bytes.count { throw expected("the end") }
    }

    // MARK: Writing

    /// A string as JSON has it.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    // MARK: Pieces

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        guard position < bytes.count else { throw expected("the end of an escape") }
        let kind = bytes[position]
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            var value = try hexadecimal()
            if 0xD800...0xDBFF ~= value, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            {
                position += 2
                let low = try hexadecimal()
                guard 0xDC00...0xDFFF ~= low else { throw expected("the second half of a pair") }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(value) else { throw expected("a character") }
            text.append(contentsOf: String(scalar).utf8)
        default: throw expected("an escape")
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw expected("four hexadecimal digits") }
        let digits = bytes[position..<(position + 4)]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw expected("four hexadecimal digits") }
        position += 4
        return value
    }

    private mutating func begin(_ bracket: Unicode.Scalar) throws(JSONError) {
        try expect(bracket)
        depth += 1
        guard depth <= Self.depthMax else { throw expected("at most \(Self.depthMax) levels") }
    }

    private mutating func leave() { depth -= 1 }

    private func isNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func skipBlanks() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    private mutating func takeWord(_ word: String) -> Bool {
        skipBlanks()
        guard bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(JSONError) {
        if !take(scalar) { throw expected("'\(scalar)'") }
    }

    private func expected(_ what: String) -> JSONError {
        let got = position < bytes.count ? "'\(Character(Unicode.Scalar(bytes[position])))'" : "the end"
        return JSONError(expected: "JSON with \(what) at byte \(position)", got: got)
    }
}
