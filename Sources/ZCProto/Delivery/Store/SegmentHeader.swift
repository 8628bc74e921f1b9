import ZCNet

/// The head of a segment, which is one file of the log. Little-endian:
/// ```
///  0  8  "ZCNETLOG"
///  8  4  version 1
/// 12  4  CRC-32C of all other bytes of the head
/// 16  8  sequence number of the segment's first message
/// 24  8  the term when the segment was begun
/// ```
struct SegmentHeader: Equatable {
    static let byteCount = 32
    static let magic: UInt64 = 0x474F_4C54_454E_435A
    static let version: UInt32 = 1

    let first: MessageSequence
    let term: UInt64

    init(first: MessageSequence, term: UInt64) {
        self.first = first
        self.term = term
    }

    /// Nil when the bytes are no head, or not a whole one.
    init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.byteCount, bytes.unsignedInteger(at: 0, as: UInt64.self) == Self.magic,
            bytes.unsignedInteger(at: 8, as: UInt32.self) == Self.version,
            bytes.unsignedInteger(at: 12, as: UInt32.self)
                == Self.checksum(bytes.extracting(0..<Self.byteCount))
        else { return nil }
        first = MessageSequence(rawValue: bytes.unsignedInteger(at: 16, as: UInt64.self))
        term = bytes.unsignedInteger(at: 24, as: UInt64.self)
    }

    func encode(into buffer: inout WriteBuffer) throws(WriteBufferError) {
        let start = buffer.count
        try buffer.append(Self.magic, .littleEndian)
        try buffer.append(Self.version, .littleEndian)
        let checksum = try buffer.reserve(4)
        try buffer.append(first.rawValue, .littleEndian)
        try buffer.append(term, .littleEndian)
        let value = Self.checksum(buffer.bytes.extracting(start..<start + Self.byteCount))
        try buffer.patch(value, at: checksum.lowerBound, .littleEndian)
    }

    private static func checksum(_ head: RawSpan) -> UInt32 {
        CRC32C.checksum(
            head.extracting(16..<byteCount), continuing: CRC32C.checksum(head.extracting(0..<12)))
    }

    /// The name of the segment that begins with a message.
    static func name(_ first: MessageSequence) -> String {
        let digits = String(first.rawValue)
        return String(repeating: "0", count: 20 - digits.count) + digits + ".zclog"
    }

    /// The first message of a segment of this name; nil for other files.
    static func first(inName name: String) -> MessageSequence? {
        guard name.hasSuffix(".zclog"), name.utf8.count == 26,
            name.utf8.prefix(20).allSatisfy({ $0 >= 48 && $0 <= 57 }), let number = UInt64(name.prefix(20))
        else { return nil }
        return MessageSequence(rawValue: number)
    }
}
