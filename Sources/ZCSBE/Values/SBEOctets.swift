/// The bytes of a text or of variable data, kept: what generated values have where a view has ``SBEText``.
///
/// ```swift
/// value.vehicleCode = "abcdef"
/// value.manufacturer = SBEOctets([0x48, 0x6F])
/// ```
public struct SBEOctets: Hashable, Sendable {
    /// The bytes; of an array of characters without the zeros at its end.
    public var bytes: [UInt8]

    /// Bytes.
    public init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    /// The UTF-8 of a string.
    public init(_ text: String) { bytes = Array(text.utf8) }

    /// A copy of a view's bytes.
    public init(_ text: borrowing SBEText) {
        let source = text.bytes
        bytes = unsafe source.withUnsafeBytes { unsafe Array($0) }
        guard text.isPadded else { return }
        while bytes.last == 0 { bytes.removeLast() }
    }
}

extension SBEOctets: ExpressibleByStringLiteral {
    /// The UTF-8 of a literal.
    public init(stringLiteral text: String) { self.init(text) }
}

extension SBEOctets: CustomStringConvertible {
    /// The bytes as UTF-8, repaired.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
