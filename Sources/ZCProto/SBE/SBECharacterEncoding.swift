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
