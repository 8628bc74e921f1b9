import ZCNet

/// One file of a log: its end and the places that are remembered. One thread at a time.
package struct Segment {
    let first: MessageSequence
    package let path: String
    let file: any StoreFile
    /// The random number that its records begin with.
    package let tag: UInt64
    /// Where the next record goes; everything before is durable between commits. What may stand here is a
    /// mark.
    package internal(set) var end: Int
    /// The checksum of the last record, in the file before where this one has none.
    package private(set) var checksum: UInt32
    /// Whether a mark at the end is durable too.
    var isSealed = false
    /// One more than the last message's number.
    var next: MessageSequence
    /// Where some of the records begin, in order; the first one among them.
    private(set) var places: [(sequence: MessageSequence, offset: Int)] = []
    private let spacingBytes: Int

    init(_ header: SegmentHeader, path: String, file: any StoreFile, spacingBytes: Int) {
        first = header.first
        tag = header.tag
        checksum = header.previous
        self.path = path
        self.file = file
        self.spacingBytes = spacingBytes
        end = SegmentHeader.byteCount
        next = first
    }

    /// Whether it has no record.
    var isEmpty: Bool { end == SegmentHeader.byteCount }

    /// Notes a record that was written or found.
    mutating func note(_ range: Range<MessageSequence>, at offset: Int, bytes: Int, checksum: UInt32) {
        if !range.isEmpty, places.last.map({ offset - $0.offset >= spacingBytes }) ?? true {
            places.append((range.lowerBound, offset))
        }
        end = offset + bytes
        next = range.upperBound
        self.checksum = checksum
        isSealed = false
    }

    /// Where to begin looking for a message: a record, and the number of its first message.
    func place(for sequence: MessageSequence) -> (sequence: MessageSequence, offset: Int) {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle].sequence <= sequence { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? (first, SegmentHeader.byteCount) : places[low - 1]
    }
}

/// The head of a segment, which is one file of the log. Little-endian:
/// ```
///  0  8  "ZCNETLOG"
///  8  4  version 2
/// 12  4  CRC-32C of all other bytes of the head
/// 16  8  sequence number of the segment's first message
/// 24  8  the term when the segment was begun
/// 32  8  the segment's tag, a random number that each of its records begins with
/// 40  4  checksum of the record before the segment's first; 0 for the first record of a log
/// 44  4  zeros
/// ```
/// **Why the tag.** Messages are bytes that strangers chose, and may look like records. Who does not know 64
/// random bits cannot make what recovery takes for one, and the tag leaves the folder in no message.
struct SegmentHeader: Equatable {
    static let byteCount = 48
    static let magic: UInt64 = 0x474F_4C54_454E_435A
    static let version: UInt32 = 2

    let first: MessageSequence
    let term: UInt64
    let tag: UInt64
    let previous: UInt32

    init(first: MessageSequence, term: UInt64, tag: UInt64, previous: UInt32) {
        self.first = first
        self.term = term
        self.tag = tag
        self.previous = previous
    }

    /// Nil when the bytes are no head of this version, or not a whole one.
    init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.byteCount, bytes.unsignedInteger(at: 0, as: UInt64.self) == Self.magic,
            bytes.unsignedInteger(at: 8, as: UInt32.self) == Self.version,
            bytes.unsignedInteger(at: 12, as: UInt32.self)
                == Self.checksum(bytes.extracting(0..<Self.byteCount))
        else { return nil }
        first = MessageSequence(rawValue: bytes.unsignedInteger(at: 16, as: UInt64.self))
        term = bytes.unsignedInteger(at: 24, as: UInt64.self)
        tag = bytes.unsignedInteger(at: 32, as: UInt64.self)
        previous = bytes.unsignedInteger(at: 40, as: UInt32.self)
    }

    /// The version that a whole head of the format's first version states, whose heads had 32 bytes.
    static func olderVersion(_ bytes: RawSpan) -> UInt32? {
        guard bytes.byteCount >= 32, bytes.unsignedInteger(at: 0, as: UInt64.self) == magic,
            bytes.unsignedInteger(at: 8, as: UInt32.self) == 1,
            bytes.unsignedInteger(at: 12, as: UInt32.self) == checksum(bytes.extracting(0..<32))
        else { return nil }
        return 1
    }

    func encode(into buffer: inout WriteBuffer) throws(WriteBufferError) {
        let start = buffer.count
        try buffer.append(Self.magic, .littleEndian)
        try buffer.append(Self.version, .littleEndian)
        let checksum = try buffer.reserve(4)
        try buffer.append(first.rawValue, .littleEndian)
        try buffer.append(term, .littleEndian)
        try buffer.append(tag, .littleEndian)
        try buffer.append(previous, .littleEndian)
        try buffer.append(UInt32(0), .littleEndian)
        let value = Self.checksum(buffer.bytes.extracting(start..<start + Self.byteCount))
        try buffer.patch(value, at: checksum.lowerBound, .littleEndian)
    }

    private static func checksum(_ head: RawSpan) -> UInt32 {
        CRC32C.checksum(
            head.extracting(16..<head.byteCount), continuing: CRC32C.checksum(head.extracting(0..<12)))
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
