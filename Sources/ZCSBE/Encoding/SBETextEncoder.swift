/// An array of characters in a block that is being written.
///
/// ```swift
/// try car.vehicleCode.set("abcdef")
/// ```
@safe @frozen
public struct SBETextEncoder<Field: SBETextField>: ~Copyable, ~Escapable {
    // SAFETY: `@safe` because `start` is writable for the field's bytes for the value's lifetime.
    @usableFromInline let start: UnsafeMutableRawPointer

    @_lifetime(immortal)
    @inlinable @inline(__always)
    @unsafe
    init(_ start: UnsafeMutableRawPointer) { unsafe self.start = start }

    /// Writes a literal, and zeros behind it.
    ///
    /// - Throws: ``SBEError`` with `textTooLong`; nothing is written then.
    @inlinable @inline(__always)
    public func set(_ text: StaticString) throws(SBEError) {
        guard text.hasPointerRepresentation, Field.encoding != .latin1 || text.isASCII else {
            return try set(text.description)
        }
        // SAFETY: a literal's bytes, of that number.
        try unsafe copy(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Writes a string in the field's encoding, and zeros behind it.
    ///
    /// - Throws: ``SBEError`` with `textTooLong`; nothing is written then.
    @_disfavoredOverload
    @inlinable @inline(__always)
    public func set(_ text: String) throws(SBEError) {
        if Field.encoding == .latin1 { return try set(Field.encoding.bytes(of: text, at: Field.name)) }
        let bytes = text.utf8.span
        // SAFETY: a UInt8 has no padding.
        try set(unsafe bytes.bytes)
    }

    /// Writes bytes, and zeros behind them.
    ///
    /// - Throws: ``SBEError`` with `textTooLong`; nothing is written then.
    @inlinable @inline(__always)
    public func set(_ bytes: RawSpan) throws(SBEError) {
        let count = bytes.byteCount
        guard count <= Field.count else {
            throw SBEError(.textTooLong, at: Field.name, expected: Field.count, got: count)
        }
        unsafe bytes.withUnsafeBytes { source in unsafe fill(source) }
    }

    /// Writes bytes, and zeros behind them.
    ///
    /// - Throws: ``SBEError`` with `textTooLong`; nothing is written then.
    public func set(_ bytes: [UInt8]) throws(SBEError) {
        // SAFETY: a UInt8 has no padding.
        try set(unsafe bytes.span.bytes)
    }

    @inlinable @inline(__always)
    @unsafe
    func copy(_ source: UnsafeRawBufferPointer) throws(SBEError) {
        guard source.count <= Field.count else {
            throw SBEError(.textTooLong, at: Field.name, expected: Field.count, got: source.count)
        }
        unsafe fill(source)
    }

    @inlinable @inline(__always)
    @unsafe
    func fill(_ source: UnsafeRawBufferPointer) {
        // SAFETY: the caller has checked that it fits.
        if let from = source.baseAddress { unsafe start.copyMemory(from: from, byteCount: source.count) }
        unsafe (start + source.count).initializeMemory(
            as: UInt8.self, repeating: 0, count: Field.count &- source.count)
    }
}
