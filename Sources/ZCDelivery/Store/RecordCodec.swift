import ZCNet

/// The head of a record, which is one batch on the disk. Little-endian:
/// ```
///  0  8  the segment's tag
///  8  4  bytes of the record, a multiple of 8
/// 12  4  CRC-32C of where the record stands and of all other bytes of the record
/// 16  4  messages; 0 in a mark
/// 20  4  checksum of the record before it, in the file before where it is the first
/// 24  8  sequence number of the first
/// 32  8  term
/// 40  8  how much of this file was durable before the record was written
/// 48  8  producer; in a mark 1 if it closes the log, else 0
/// 56  8  the producer's number for the batch; 0 for none
/// 64     a length of 4 bytes for each message, then the messages, then zeros up to the multiple of 8
/// ```
/// **Why the durable part is in every record.** A record that does not check is either a write that a crash
/// cut short, which nobody was told of, or one that decayed after its senders had been told. Where a later
/// record says that this place was durable, it is the second.
///
/// **Marks.** A mark says that all before it is durable. One is written behind every group once that was
/// synced, and the next group takes its place.
///
/// **Why tag, place and predecessor.** A record is one only in its own segment, at its own place, behind the
/// record that it was written behind: no message's content, no copy of a record, and no remainder of a log
/// that was truncated is ever taken for it.
package struct RecordHeader: Equatable {
    package static let byteCount = 64
    /// The most bytes of a record. Of the format, whatever a store is configured to accept.
    static let recordBytesMax = 1 << 30

    var recordBytes: Int
    var checksum: UInt32
    var messageCount: Int
    var previous: UInt32
    var first: MessageSequence
    var term: UInt64
    var durableBytes: UInt64
    var producer: UInt64
    var number: UInt64

    package var isMark: Bool { messageCount == 0 }
    /// Whether it is the mark of a log that was closed in good order.
    var isClosing: Bool { isMark && producer == 1 }
    var range: Range<MessageSequence> { first..<first + messageCount }
    var identity: BatchIdentity? { number == 0 ? nil : BatchIdentity(producer: producer, number: number) }

    /// Reads a head, and checks what can be checked without the rest: nil when it is none.
    ///
    /// - Parameters:
    ///   - tag: the segment's.
    ///   - bytesMax: what is left of the file.
    package init?(_ bytes: RawSpan, tag: UInt64, bytesMax: Int) {
        guard bytes.byteCount >= Self.byteCount, bytes.unsignedInteger(at: 0, as: UInt64.self) == tag
        else { return nil }
        recordBytes = Int(bytes.unsignedInteger(at: 8, as: UInt32.self))
        checksum = bytes.unsignedInteger(at: 12, as: UInt32.self)
        messageCount = Int(bytes.unsignedInteger(at: 16, as: UInt32.self))
        previous = bytes.unsignedInteger(at: 20, as: UInt32.self)
        first = MessageSequence(rawValue: bytes.unsignedInteger(at: 24, as: UInt64.self))
        term = bytes.unsignedInteger(at: 32, as: UInt64.self)
        durableBytes = bytes.unsignedInteger(at: 40, as: UInt64.self)
        producer = bytes.unsignedInteger(at: 48, as: UInt64.self)
        number = bytes.unsignedInteger(at: 56, as: UInt64.self)
        guard recordBytes & 7 == 0, recordBytes <= min(bytesMax, Self.recordBytesMax),
            recordBytes >= Self.byteCount + 4 * messageCount
        else { return nil }
    }

    /// The bytes of a record with these messages.
    static func recordBytes(of messages: [SharedBytes]) -> Int {
        let bytes = messages.reduce(byteCount + 4 * messages.count) { $0 + $1.count }
        return (bytes + 7) & ~7
    }
}

extension RawSpan {
    /// A little-endian number at an offset that lies within the view.
    func unsignedInteger<Value: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        at offset: Int, as type: Value.Type
    ) -> Value {
        guard let value = integer(as: type, at: offset, .littleEndian) else {
            preconditionFailure("a number outside of the view")
        }
        return value
    }
}

/// Where a record is to stand: its segment's tag, its offset in the file, the checksum of the record before
/// it, and how much of the file is durable before it is written.
package struct RecordPlace {
    var tag: UInt64
    var offset: Int
    var previous: UInt32
    var durableBytes: Int

    package init(tag: UInt64, offset: Int, previous: UInt32, durableBytes: Int) {
        self.tag = tag
        self.offset = offset
        self.previous = previous
        self.durableBytes = durableBytes
    }
}

/// Records as bytes: see ``RecordHeader`` for the layout.
package enum RecordCodec {
    /// Appends a batch as a record; answers its checksum.
    package static func encode(
        _ batch: MessageBatch, first: MessageSequence, at place: RecordPlace, into buffer: inout WriteBuffer
    ) throws(WriteBufferError) -> UInt32 {
        let start = buffer.count
        let recordBytes = RecordHeader.recordBytes(of: batch.messages)
        try buffer.ensureRoom(for: recordBytes)
        try buffer.append(place.tag, .littleEndian)
        try buffer.append(UInt32(recordBytes), .littleEndian)
        let checksum = try buffer.reserve(4)
        try buffer.append(UInt32(batch.messages.count), .littleEndian)
        try buffer.append(place.previous, .littleEndian)
        try buffer.append(first.rawValue, .littleEndian)
        try buffer.append(batch.term, .littleEndian)
        try buffer.append(UInt64(place.durableBytes), .littleEndian)
        try buffer.append(batch.identity?.producer ?? 0, .littleEndian)
        try buffer.append(batch.identity?.number ?? 0, .littleEndian)
        for message in batch.messages { try buffer.append(UInt32(message.count), .littleEndian) }
        for message in batch.messages { try buffer.append(message.bytes) }
        while (buffer.count - start) & 7 != 0 { try buffer.append(UInt8(0), .littleEndian) }
        let value = Self.checksum(buffer.bytes.extracting(start..<start + recordBytes), at: place.offset)
        try buffer.patch(value, at: checksum.lowerBound, .littleEndian)
        return value
    }

    /// Appends a mark: that all before it is durable, and if it is closing, that the log was closed in good
    /// order.
    package static func encodeMark(
        isClosing: Bool, next: MessageSequence, term: UInt64, at place: RecordPlace,
        into buffer: inout WriteBuffer
    ) throws(WriteBufferError) {
        var batch = MessageBatch([])
        batch.term = term
        batch.identity = BatchIdentity(producer: isClosing ? 1 : 0, number: 0)
        _ = try encode(batch, first: next, at: place, into: &buffer)
    }

    /// The checksum over a record but for the place that holds it. It begins with the record's offset, so
    /// that the same bytes elsewhere have another.
    static func checksum(_ record: RawSpan, at offset: Int) -> UInt32 {
        // Why not eight bytes more to sum up: a checksum may begin with any number, and two that begin with
        // different ones and go on with the same bytes end different. Offsets below 32 GiB all differ here.
        let (low, high) = (UInt32(truncatingIfNeeded: offset >> 3), UInt32(truncatingIfNeeded: offset >> 35))
        let head = CRC32C.checksum(record.extracting(0..<12), continuing: low ^ high &* 0x9E37_79B9)
        return CRC32C.checksum(record.extracting(16..<record.byteCount), continuing: head)
    }

    /// Whether the bytes are the whole record that a head announces, as it was written at an offset.
    package static func isWhole(_ header: RecordHeader, _ record: RawSpan, at offset: Int) -> Bool {
        record.byteCount == header.recordBytes && checksum(record, at: offset) == header.checksum
            && messageRanges(header, record) != nil
    }

    /// The lengths of a record's messages, given that its head and checksum are right; nil when they do not
    /// add up, which no record that this codec wrote does.
    static func messageRanges(_ header: RecordHeader, _ record: RawSpan) -> [Range<Int>]? {
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(header.messageCount)
        var end = RecordHeader.byteCount + 4 * header.messageCount
        for index in 0..<header.messageCount {
            let length = record.unsignedInteger(at: RecordHeader.byteCount + 4 * index, as: UInt32.self)
            guard Int(length) <= record.byteCount - end else { return nil }
            ranges.append(end..<end + Int(length))
            end += Int(length)
        }
        return record.byteCount - end < 8 ? ranges : nil
    }
}
