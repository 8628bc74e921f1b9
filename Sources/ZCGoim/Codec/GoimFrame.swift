import ZCNet

/// A proto found in received bytes: its header, and where its body lies. Plain numbers, no memory.
@frozen
@usableFromInline
package struct GoimFrame {
    @usableFromInline package var header: GoimHeader
    /// Offsets into the bytes that were read.
    @usableFromInline package var bodyStart: Int
    @usableFromInline package var end: Int

    @inlinable @inline(__always)
    init(header: GoimHeader, bodyStart: Int, end: Int) {
        self.header = header
        self.bodyStart = bodyStart
        self.end = end
    }

    /// The whole proto at `position`, or nil when there is none: ask `problem` why.
    ///
    /// One comparison for what is there and one for what is claimed; nothing is built for an error here.
    @inlinable @inline(__always)
    package static func read(
        _ bytes: RawSpan, at position: Int, _ format: GoimHeaderFormat, bodyBytesMax: Int
    ) -> GoimFrame? {
        let there = bytes.byteCount &- position
        let headerBytes = format.headerBytes
        guard position >= 0, there >= headerBytes else { return nil }
        // SAFETY: as many bytes as the header has lie behind `position`; every bit pattern is an integer.
        let low = unsafe UInt64(
            bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self))
        let high = unsafe UInt64(
            bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position &+ 8, as: UInt64.self))
        let bodyBytes = Int(Int32(truncatingIfNeeded: low >> 32)) &- headerBytes
        guard UInt(bitPattern: bodyBytes) <= UInt(bitPattern: bodyBytesMax),
            bodyBytes <= there &- headerBytes,
            UInt16(truncatingIfNeeded: low >> 16) == UInt16(truncatingIfNeeded: headerBytes)
        else { return nil }
        var header = GoimHeader(
            GoimOperation(rawValue: Int32(truncatingIfNeeded: high >> 32)),
            sequence: Int32(truncatingIfNeeded: high), version: Int16(truncatingIfNeeded: low))
        if format == .extended {
            // SAFETY: as above; the header has 32 bytes.
            header.roomID = unsafe Int64(
                bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position &+ 16, as: Int64.self))
            header.userID = unsafe Int64(
                bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position &+ 24, as: Int64.self))
        }
        let start = position &+ headerBytes
        return GoimFrame(header: header, bodyStart: start, end: start &+ bodyBytes)
    }

    /// What is wrong at `position`, where `read` found nothing; nil when the proto is only not whole yet.
    ///
    /// Each field is judged as soon as its bytes are there, so that a hopeless proto is not waited for.
    @usableFromInline
    package static func problem(
        _ bytes: RawSpan, at position: Int, _ format: GoimHeaderFormat, bodyBytesMax: Int
    ) -> GoimError? {
        guard let packLength = bytes.integer(as: Int32.self, at: position, .bigEndian) else { return nil }
        let range = format.headerBytes...(format.headerBytes + bodyBytesMax)
        guard range.contains(Int(packLength)) else {
            return GoimError(
                .packLength, expected: "a packLen of \(range.lowerBound) to \(range.upperBound)",
                got: "\(packLength)")
        }
        guard let headerLength = bytes.integer(as: Int16.self, at: position + 4, .bigEndian) else {
            return nil
        }
        guard Int(headerLength) == format.headerBytes else {
            return GoimError(
                .headerLength, expected: "a headerLen of \(format.headerBytes)", got: "\(headerLength)")
        }
        return nil
    }

    /// The one proto that fills `bytes`, as a WebSocket message does.
    package static func whole(
        _ bytes: RawSpan, _ format: GoimHeaderFormat, bodyBytesMax: Int
    ) throws(GoimError) -> GoimFrame {
        if let frame = read(bytes, at: 0, format, bodyBytesMax: bodyBytesMax), frame.end == bytes.byteCount {
            return frame
        }
        throw mismatch(bytes, format, bodyBytesMax)
    }

    private static func mismatch(
        _ bytes: RawSpan, _ format: GoimHeaderFormat, _ bodyBytesMax: Int
    ) -> GoimError {
        let headerBytes = format.headerBytes
        guard bytes.byteCount >= headerBytes,
            let packLength = bytes.integer(as: Int32.self, at: 0, .bigEndian)
        else {
            return GoimError(
                .frame, expected: "a header of \(headerBytes) bytes", got: "a frame of \(bytes.byteCount)")
        }
        if let error = problem(bytes, at: 0, format, bodyBytesMax: bodyBytesMax) { return error }
        return GoimError(
            .frame, expected: "a packLen of \(bytes.byteCount), as long as the frame", got: "\(packLength)")
    }

    /// The format of the proto at the beginning of `bytes`: nil until its headerLen is there.
    package static func format(of bytes: RawSpan) throws(GoimError) -> GoimHeaderFormat? {
        guard let length = bytes.integer(as: Int16.self, at: 4, .bigEndian) else { return nil }
        if let format = GoimHeaderFormat(headerBytes: Int(length)) { return format }
        throw GoimError(.headerLength, expected: "a headerLen of 16 or 32", got: "\(length)")
    }
}
