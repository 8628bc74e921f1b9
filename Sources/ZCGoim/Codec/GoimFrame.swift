public import ZCNet

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

/// What stands in front of a proto's body, but for the two lengths, which follow from body and format.
@frozen
public struct GoimHeader: Hashable, Sendable {
    /// What the proto is for.
    public var operation: GoimOperation
    /// Chosen by whoever asks; an answer has the same.
    public var sequence: Int32
    /// The protocol's version. Nobody checks it, clients use 1, and an answer has the same.
    public var version: Int16
    /// Only in the extended header; 0 otherwise.
    public var roomID: Int64
    /// Only in the extended header; 0 otherwise.
    public var userID: Int64

    /// A header with these fields.
    @inlinable @inline(__always)
    public init(
        _ operation: GoimOperation, sequence: Int32 = 0, version: Int16 = 1, roomID: Int64 = 0,
        userID: Int64 = 0
    ) {
        self.operation = operation
        self.sequence = sequence
        self.version = version
        self.roomID = roomID
        self.userID = userID
    }

    /// The same header with another operation: what answers begin with.
    @inlinable
    public func answering(with operation: GoimOperation) -> GoimHeader {
        var answer = self
        answer.operation = operation
        return answer
    }
}

/// Which of the two headers a connection's protos have; the `headerLen` field tells them apart.
///
/// | bytes | `plain` | `extended` |
/// |---|---|---|
/// | 0..<4 | packLen | packLen |
/// | 4..<6 | headerLen, 16 | headerLen, 32 |
/// | 6..<8 | ver | ver |
/// | 8..<12 | op | op |
/// | 12..<16 | seq | seq |
/// | 16..<24 | body | RoomId |
/// | 24..<32 | body | UserId |
///
/// All fields are big-endian and signed. The document that the extended header comes from names its two
/// further fields and not their width; 64 bits hold any id.
@frozen
public enum GoimHeaderFormat: UInt8, Hashable, Sendable, CaseIterable {
    /// goim's own header of 16 bytes.
    case plain
    /// The header with RoomId and UserId.
    case extended

    /// How many bytes a header has, which is what its `headerLen` says.
    @inlinable
    public var headerBytes: Int { self == .plain ? 16 : 32 }

    /// The format that has so many header bytes.
    @inlinable
    package init?(headerBytes: Int) {
        switch headerBytes {
        case 16: self = .plain
        case 32: self = .extended
        default: return nil
        }
    }
}

/// Takes protos out of bytes. Pure: no loop, no memory of its own.
///
/// ```swift
/// let decoder = GoimDecoder()
/// func onBytes(_ bytes: borrowing ReceivedChunk) throws(GoimError) -> Int {
///     var position = 0
///     while let proto = try decoder.next(in: bytes, at: &position) { handle(proto) }
///     return bytes.count - position               // the beginning of a proto whose rest has not come yet
/// }
/// ```
/// **Complexity.** O(1) per proto; bodies are not looked at. Never a byte is shown that was not received.
@frozen
public struct GoimDecoder: Hashable, Sendable {
    /// The header that every proto must have.
    public let format: GoimHeaderFormat
    /// The longest body that is accepted.
    public let bodyBytesMax: Int

    /// A decoder for one header format.
    ///
    /// - Precondition: `bodyBytesMax >= 0`.
    @inlinable
    public init(_ format: GoimHeaderFormat = .plain, bodyBytesMax: Int = 4096) {
        precondition(bodyBytesMax >= 0, "a negative limit")
        self.format = format
        self.bodyBytesMax = bodyBytesMax
    }

    /// The next proto of a stream, and moves `position` behind it; nil when no whole one is there.
    ///
    /// - Throws: ``GoimError`` as soon as a length is wrong, even if the rest has not come.
    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    public func next(
        in bytes: borrowing ReceivedChunk, at position: inout Int
    ) throws(GoimError) -> GoimProto? {
        guard
            let frame = GoimFrame.read(bytes.bytes, at: position, format, bodyBytesMax: bodyBytesMax)
        else {
            try check(bytes.bytes, at: position)
            return nil
        }
        position = frame.end
        return GoimProto(frame.header, body: bytes.extracting(frame.bodyStart..<frame.end))
    }

    /// Throws unless what begins at `position` may become a proto. Apart, so that nothing of it is in the way
    /// of those that are whole.
    @usableFromInline @inline(never)
    func check(_ bytes: RawSpan, at position: Int) throws(GoimError) {
        let problem = GoimFrame.problem(bytes, at: position, format, bodyBytesMax: bodyBytesMax)
        if let problem { throw problem }
    }

    /// The one proto that a WebSocket message is.
    ///
    /// - Throws: ``GoimError`` when the bytes are anything but one proto.
    @_lifetime(copy bytes)
    public func whole(_ bytes: borrowing ReceivedChunk) throws(GoimError) -> GoimProto {
        let frame = try GoimFrame.whole(bytes.bytes, format, bodyBytesMax: bodyBytesMax)
        return GoimProto(frame.header, body: bytes.extracting(frame.bodyStart..<frame.end))
    }
}
