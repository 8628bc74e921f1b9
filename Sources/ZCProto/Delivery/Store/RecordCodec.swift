import ZCNet

/// Records as bytes: see ``RecordHeader`` for the layout.
enum RecordCodec {
    /// Appends a batch as a record. No messages make a mark.
    static func encode(
        _ messages: [SharedBytes], first: MessageSequence, term: UInt64, identity: BatchIdentity?,
        durableBytes: Int, into buffer: inout WriteBuffer
    ) throws(WriteBufferError) {
        let start = buffer.count
        let recordBytes = RecordHeader.recordBytes(of: messages)
        try buffer.ensureRoom(for: recordBytes)
        try buffer.append(RecordHeader.magic, .littleEndian)
        try buffer.append(UInt32(recordBytes), .littleEndian)
        let checksum = try buffer.reserve(4)
        try buffer.append(UInt32(messages.count), .littleEndian)
        try buffer.append(first.rawValue, .littleEndian)
        try buffer.append(term, .littleEndian)
        try buffer.append(UInt64(durableBytes), .littleEndian)
        try buffer.append(identity?.producer ?? 0, .littleEndian)
        try buffer.append(identity?.number ?? 0, .littleEndian)
        for message in messages { try buffer.append(UInt32(message.count), .littleEndian) }
        for message in messages { try buffer.append(message.bytes) }
        while (buffer.count - start) & 7 != 0 { try buffer.append(UInt8(0), .littleEndian) }
        let value = Self.checksum(buffer.bytes.extracting(start..<start + recordBytes))
        try buffer.patch(value, at: checksum.lowerBound, .littleEndian)
    }

    /// The checksum over a record but for the place that holds it.
    static func checksum(_ record: RawSpan) -> UInt32 {
        let head = CRC32C.checksum(record.extracting(0..<8))
        return CRC32C.checksum(record.extracting(12..<record.byteCount), continuing: head)
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
