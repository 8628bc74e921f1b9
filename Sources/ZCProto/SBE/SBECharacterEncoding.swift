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
}
