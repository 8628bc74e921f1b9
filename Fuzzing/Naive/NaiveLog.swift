/// The store's files as plainly as can be, from the layouts that `RecordHeader` and `SegmentHeader` describe:
/// what a folder of them holds, or that it is none.
struct NaiveLog: Equatable {
    static let tag: UInt64 = 0x5EED_5EED_5EED_5EED
    static let headBytes = 48
    /// The messages that are whole, in order.
    var messages: [[UInt8]] = []
    var term: UInt64 = 0

    enum Verdict: Equatable {
        case log(NaiveLog)
        /// Something that was stored is missing or not what it was.
        case corrupt
        /// Records of a stranger who knows the tag: there are more of them to sum up than is allowed, or they
        /// contradict themselves. To refuse is right, and to take what is whole.
        case either
    }

    /// CRC-32C, bit by bit.
    static func checksum(_ bytes: some Sequence<UInt8>, from start: UInt32 = 0) -> UInt32 {
        var value = ~start
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
        }
        return ~value
    }

    static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    static func octets(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    /// The head of a segment, in order.
    static func head(first: UInt64, term: UInt64, previous: UInt32) -> [UInt8] {
        var bytes = Array("ZCNETLOG".utf8) + octets(2, 4) + octets(0, 4) + octets(first, 8)
        bytes += octets(term, 8) + octets(tag, 8) + octets(UInt64(previous), 4) + octets(0, 4)
        bytes.replaceSubrange(12..<16, with: octets(UInt64(checksum(bytes[..<12] + bytes[16...])), 4))
        return bytes
    }

    /// What a record's place has for a checksum.
    static func checksum(ofRecord record: ArraySlice<UInt8>, at offset: Int) -> UInt32 {
        let from = UInt32(truncatingIfNeeded: offset / 8)
        return checksum(record.prefix(12) + record.dropFirst(16), from: from)
    }

    /// A record of the tag that is whole where it stands.
    private struct Record {
        let bytes: Int
        let checksum: UInt32
        let previous: UInt32
        let first: UInt64
        let term: UInt64
        let durable: UInt64
        let messages: [[UInt8]]
    }

    /// How long a record of the tag claims to be; nil where none begins.
    private static func claim(_ file: [UInt8], at offset: Int) -> Int? {
        let rest = file[offset...]
        guard rest.count >= 64, number(rest.prefix(8)) == tag else { return nil }
        let (size, count) = (number(rest[offset + 8..<offset + 12]), number(rest[offset + 16..<offset + 20]))
        guard size % 8 == 0, size <= rest.count, size >= 64 + 4 * count else { return nil }
        return Int(size)
    }

    private static func record(_ file: [UInt8], at offset: Int) -> Record? {
        guard let size = claim(file, at: offset) else { return nil }
        let bytes = Array(file[offset..<offset + size])
        let sum = checksum(ofRecord: bytes[...], at: offset)
        guard number(bytes[12..<16]) == UInt64(sum) else { return nil }
        let count = Int(number(bytes[16..<20]))
        var (messages, end) = ([[UInt8]](), 64 + 4 * count)
        for index in 0..<count {
            let length = Int(number(bytes[64 + 4 * index..<68 + 4 * index]))
            guard length <= size - end else { return nil }
            messages.append(Array(bytes[end..<end + length]))
            end += length
        }
        guard size - end < 8 else { return nil }
        return Record(
            bytes: size, checksum: sum, previous: UInt32(number(bytes[20..<24])),
            first: number(bytes[24..<32]),
            term: number(bytes[32..<40]), durable: number(bytes[40..<48]), messages: messages)
    }

    /// What is in one file, which is the last one, and begins with message 1 and a head in order.
    static func judge(_ file: [UInt8]) -> Verdict {
        var log = NaiveLog()
        var (place, previous) = (headBytes, UInt32(0))
        var (end, groupStart) = (headBytes, headBytes)
        var isMarked = false
        while place < file.count, !isMarked, let record = record(file, at: place),
            record.first == UInt64(log.messages.count) + 1, record.term >= log.term,
            record.previous == previous
        {
            isMarked = record.messages.isEmpty
            end = place + record.bytes
            if isMarked { break }
            log.messages += record.messages
            (log.term, previous) = (record.term, record.checksum)
            groupStart = Int(min(record.durable, UInt64(place)))
            place = end
        }
        if end < file.count {
            let verdict = behind(file, end, recordsEnd: place)
            if verdict != .log(NaiveLog()) { return verdict }
        }
        // The last group is written again, and looked through, unless it is marked.
        if !isMarked, place > headBytes, !isBoundary(file, groupStart, place) { return .either }
        return .log(log)
    }

    /// Whether a stranger's records behind the end say that something is missing.
    private static func behind(_ file: [UInt8], _ end: Int, recordsEnd: Int) -> Verdict {
        var claimed = 0
        var place = end
        while place + 64 <= file.count {
            var step = 8
            if let size = claim(file, at: place) {
                claimed += size
                if claimed > 4 * (file.count - end) { return .either }
                if let record = record(file, at: place) {
                    if place == end || record.durable > UInt64(recordsEnd) { return .corrupt }
                    step = record.bytes
                }
            }
            place += step
        }
        return .log(NaiveLog())
    }

    /// Whether a record begins at `place`, on the way from the head to `end`.
    private static func isBoundary(_ file: [UInt8], _ place: Int, _ end: Int) -> Bool {
        var offset = headBytes
        while offset < place, offset < end, let record = record(file, at: offset) { offset += record.bytes }
        return offset == place
    }
}
