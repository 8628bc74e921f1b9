/// How the bytes of a text are to be read.
@frozen
public enum SBECharacterEncoding: Hashable, Sendable {
    /// UTF-8, or US-ASCII, which is a part of it.
    case utf8
    /// ISO 8859-1: each byte is the Unicode scalar of its number.
    case latin1
    /// One that the library does not know: text is read as UTF-8 and repaired, bytes stay as they are.
    case other
}

extension SBECharacterEncoding {
    /// The text of bytes. What is none is repaired.
    public func text(of bytes: ArraySlice<UInt8>) -> String {
        switch self {
        case .utf8, .other: String(decoding: bytes, as: UTF8.self)
        case .latin1: String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        }
    }

    /// The bytes of a text that is not all US-ASCII; rare where an encoding is not UTF-8.
    @usableFromInline
    func bytes(of text: String, at element: StaticString) throws(SBEError) -> [UInt8] {
        guard self == .latin1 else { return Array(text.utf8) }
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let byte = UInt8(exactly: scalar.value) else {
                throw SBEError(.notInEncoding, at: element, expected: 0xFF, actual: Int(scalar.value))
            }
            bytes.append(byte)
        }
        return bytes
    }
}
