/// Writes JSON, with the forms that the project's SBE tools share.
///
/// Numbers of 64 bits are strings, so that no reader rounds them; floats come with their bits; enumerations,
/// sets, texts and data as objects that keep the raw bytes or number.
public struct SBEJSONWriter: Sendable {
    /// The JSON that was written so far.
    public private(set) var text = ""
    private var needsComma = false

    /// Makes a writer of an empty text.
    public init() {}

    /// An object of members.
    public mutating func object(_ body: (inout SBEJSONWriter) -> Void) {
        open("{")
        body(&self)
        close("}")
    }

    /// An array of elements.
    public mutating func list<Element>(
        _ elements: [Element], _ body: (inout SBEJSONWriter, Element) -> Void
    ) {
        open("[")
        for element in elements { body(&self, element) }
        close("]")
    }

    /// The name of the member that comes next.
    public mutating func key(_ name: StaticString) {
        separate()
        quote(name.description)
        text += ": "
        needsComma = false
    }

    /// Writes `null`, for a value that is not there.
    public mutating func null() { write("null") }

    /// An integer; a string where it has 64 bits.
    public mutating func value(_ number: some FixedWidthInteger) {
        if type(of: number).bitWidth < 64 { write("\(number)") } else { string("\(number)") }
    }

    /// Writes a character as a string of its own.
    public mutating func value(_ character: SBEChar) { string(character.description) }

    /// A float and its bits.
    public mutating func value(_ number: Float) { float("\(number)", UInt64(number.bitPattern), digits: 8) }

    /// A double and its bits.
    public mutating func value(_ number: Double) { float("\(number)", number.bitPattern, digits: 16) }

    /// An enumeration's name and number: null for null, `?` for a value without a name.
    public mutating func value<Value: SBEEnumeration>(_ value: Value, isNull: Bool) {
        object { json in
            json.key("enum")
            if let name = value.sbeName {
                json.string(name.description)
            } else if isNull {
                json.null()
            } else {
                json.string("?")
            }
            json.key("raw")
            json.value(value.sbeBits)
        }
    }

    /// A set's names and bits.
    public mutating func value<Value: SBEChoices>(_ value: Value) {
        object { json in
            json.key("set")
            json.list(value.sbeChosen) { $0.string($1) }
            json.key("raw")
            json.value(value.sbeBits)
        }
    }

    /// An array of characters: the text up to the first NUL, and all bytes.
    public mutating func value(_ octets: SBEOctets, size: Int, _ encoding: SBECharacterEncoding) {
        let padding = [UInt8](repeating: 0, count: max(0, size - octets.bytes.count))
        object { json in
            json.key("text")
            json.string(encoding.text(of: octets.bytes.prefix { $0 != 0 }))
            json.key("hex")
            json.string(Self.hex(octets.bytes + padding))
        }
    }

    /// Data: the bytes, and the text where the schema says how to read it.
    public mutating func value(_ octets: SBEOctets, _ encoding: SBECharacterEncoding?) {
        object { json in
            json.key("hex")
            json.string(Self.hex(octets.bytes))
            guard let encoding else { return }
            json.key("text")
            json.string(encoding.text(of: octets.bytes[...]))
        }
    }

    /// Writes a string in quotation marks, with escapes where JSON wants them.
    public mutating func string(_ string: String) {
        separate()
        quote(string)
    }

    private mutating func float(_ value: String, _ bits: UInt64, digits: Int) {
        object { json in
            json.key("value")
            json.string(value)
            json.key("bits")
            let hex = String(bits, radix: 16)
            json.string(String(repeating: "0", count: digits - hex.count) + hex)
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        var text = ""
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16)
        }
        return text
    }

    mutating func open(_ bracket: String) {
        write(bracket)
        needsComma = false
    }

    mutating func close(_ bracket: String) {
        text += bracket
        needsComma = true
    }

    private mutating func write(_ piece: String) {
        separate()
        text += piece
    }

    private mutating func separate() {
        if needsComma { text += ", " }
        needsComma = true
    }

    private mutating func quote(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case _ where scalar.value < 0x20:
                text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
