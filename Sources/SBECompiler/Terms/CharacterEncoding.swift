import Foundation

/// A character encoding by its registered name: octets to text and back.
package struct CharacterEncoding: Sendable {
    private enum Kind {
        case ascii, latin1, utf8
        case other(String.Encoding)
    }

    private let kind: Kind
    /// Octets of one code unit: a text of fixed length ends at the first unit of zero.
    private let unit: Int

    /// The encoding of this name, in any case; nil where this tool does not know it. Without a name it is
    /// US-ASCII (Field Encoding, "Character encoding").
    package init?(_ name: String?) {
        unit = name?.uppercased().hasPrefix("UTF-16") == true ? 2 : 1
        switch name?.uppercased() ?? "US-ASCII" {
        case "ASCII", "US-ASCII", "ISO646-US", "ANSI_X3.4-1968": kind = .ascii
        case "UTF-8", "UTF8": kind = .utf8
        case "ISO-8859-1", "ISO_8859-1", "ISO8859-1", "ISO8859_1", "LATIN1": kind = .latin1
        case let other:
            guard let encoding = Self.others[other] else { return nil }
            kind = .other(encoding)
        }
    }

    /// Whether octets above 127 are no text.
    package var isASCII: Bool {
        if case .ascii = kind { true } else { false }
    }

    /// Foundation's encodings, those without a constant by their Core Foundation number.
    private static let others: [String: String.Encoding] = [
        "ISO-8859-2": .isoLatin2, "WINDOWS-1250": .windowsCP1250, "WINDOWS-1251": .windowsCP1251,
        "WINDOWS-1252": .windowsCP1252, "WINDOWS-1253": .windowsCP1253, "WINDOWS-1254": .windowsCP1254,
        "UTF-16LE": .utf16LittleEndian, "UTF-16BE": .utf16BigEndian, "UTF-16": .utf16BigEndian,
        "SHIFT_JIS": .shiftJIS, "SHIFT-JIS": .shiftJIS, "EUC-JP": .japaneseEUC,
        "ISO-8859-15": String.Encoding(rawValue: 0x8000_020F),
        "GB18030": String.Encoding(rawValue: 0x8000_0632), "GBK": String.Encoding(rawValue: 0x8000_0631),
        "GB2312": String.Encoding(rawValue: 0x8000_0930), "BIG5": String.Encoding(rawValue: 0x8000_0A03),
        "EUC-KR": String.Encoding(rawValue: 0x8000_0940),
    ]

    /// The text of octets. What is no text shows as the replacement character; nothing is refused.
    package func text(of bytes: some Collection<UInt8>) -> String {
        switch kind {
        case .ascii: Self.asciiText(of: bytes)
        case .latin1: String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        case .utf8: String(decoding: bytes, as: UTF8.self)
        case .other(let encoding): String(bytes: bytes, encoding: encoding) ?? Self.asciiText(of: bytes)
        }
    }

    /// The text of octets up to the first NUL, as fixed-length texts are padded.
    package func text(upToNUL bytes: some RandomAccessCollection<UInt8>) -> String {
        guard unit == 2 else { return text(of: bytes.prefix { $0 != 0 }) }
        let units = Array(bytes)
        let end = stride(from: 0, to: units.count - 1, by: 2).first { units[$0] == 0 && units[$0 + 1] == 0 }
        return text(of: units[..<(end ?? units.count)])
    }

    /// The octets of a text, nil where the encoding lacks one of its characters.
    package func bytes(of text: String) -> [UInt8]? {
        switch kind {
        case .ascii:
            let bytes = Array(text.utf8)
            return bytes.allSatisfy { $0 < 0x80 } ? bytes : nil
        case .latin1:
            var bytes: [UInt8] = []
            for scalar in text.unicodeScalars {
                guard let byte = UInt8(exactly: scalar.value) else { return nil }
                bytes.append(byte)
            }
            return bytes
        case .utf8: return Array(text.utf8)
        case .other(let encoding): return text.data(using: encoding).map { [UInt8]($0) }
        }
    }

    private static func asciiText(of bytes: some Collection<UInt8>) -> String {
        String(String.UnicodeScalarView(bytes.map { $0 < 0x80 ? Unicode.Scalar($0) : "\u{FFFD}" }))
    }
}
