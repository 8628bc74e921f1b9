import ZCNet

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
