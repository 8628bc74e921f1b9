public import ZCNet

/// Messages of one publisher that are stored together, with consecutive numbers, or not at all.
public struct ChannelEntry: Hashable, Sendable {
    /// What makes the entry known again; nil for one that is stored as often as it comes.
    public var identity: BatchIdentity?
    /// The messages in their order, at least one.
    public var messages: [SharedBytes]

    /// An entry of a publisher, or of nobody.
    public init(_ messages: [SharedBytes], identity: BatchIdentity? = nil) {
        self.messages = messages
        self.identity = identity
    }

    /// Bytes that the entry takes in a record.
    var weight: Int { messages.reduce(20 + 4 * messages.count) { $0 + $1.count } }
}

/// One link of a channel's chain, as the log has it. Little-endian:
/// ```
///  0  4  "ZCR1"
///  4  4  CRC-32C of all that follows, begun with a hash of the channel's name
///  8  8  place of the valid record that it was written behind; 0 for the first
/// 16  8  number of the first message
/// 24  8  term of the slot's lead in which it was written
/// 32  8  incarnation of the node that wrote it
/// 40  8  that node's count of its records
/// 48  8  place of the newest record with a digest; 0 where this one has it
/// 56  4  entries, at least 1
/// 60  4  publishers of the digest; 0 where there is none
/// 64     the digest: for each publisher its number (8), how many entries (4), and of each number (8),
///        first message (8) and messages (4); as they were before this record
///        for each entry publisher (8), number (8; 0 for none), messages (4) and the length of each (4)
///        the messages
/// ```
/// **Ownership.** Messages share the record's memory.
public struct ChannelRecord: Hashable, Sendable {
    /// Place of the valid record that it was written behind; 0 for the first.
    public internal(set) var behind: UInt64
    /// Number of its first message.
    public internal(set) var first: MessageSequence
    /// Term of the slot's lead in which it was written.
    public internal(set) var term: UInt64
    /// Which node wrote it, and that node's count of its records.
    public internal(set) var author: BatchIdentity
    /// Place of the newest record with a digest; 0 where this one has it.
    var digestPlace: UInt64
    /// Publishers before this record.
    var digest: PublisherTable
    /// The entries in the order of their numbers.
    public internal(set) var entries: [ChannelEntry]

    static let magic: UInt32 = 0x3152_435A
    static let headBytes = 64

    /// The messages in the order of their numbers.
    public var messages: [SharedBytes] { entries.flatMap(\.messages) }

    /// The numbers of its messages.
    public var range: Range<MessageSequence> {
        first..<first + entries.reduce(0) { $0 + $1.messages.count }
    }

    /// By which the engine knows the record again.
    var id: String { Self.id(author) }

    static func id(_ author: BatchIdentity) -> String {
        String(author.producer, radix: 36) + "-" + String(author.number, radix: 36)
    }

    /// The record in its form, for a channel's log.
    func encoded(for channel: ChannelName) throws(ClusterError) -> SharedBytes {
        let hasDigest = digestPlace == 0
        let bytes =
            Self.headBytes + (hasDigest ? digest.byteCount : 0) + entries.reduce(0) { $0 + $1.weight }
        var buffer = WriteBuffer(limit: max(bytes, 1))
        do throws(WriteBufferError) {
            try buffer.append(Self.magic, .littleEndian)
            let checksum = try buffer.reserve(4)
            for value in [
                behind, first.rawValue, term, author.producer, author.number, digestPlace,
            ] { try buffer.append(value, .littleEndian) }
            try buffer.append(UInt32(entries.count), .littleEndian)
            try buffer.append(UInt32(hasDigest ? digest.recents.count : 0), .littleEndian)
            if hasDigest { try digest.append(to: &buffer) }
            for entry in entries {
                try buffer.append(entry.identity?.producer ?? 0, .littleEndian)
                try buffer.append(entry.identity?.number ?? 0, .littleEndian)
                try buffer.append(UInt32(entry.messages.count), .littleEndian)
                for message in entry.messages { try buffer.append(UInt32(message.count), .littleEndian) }
            }
            for entry in entries {
                for message in entry.messages { try buffer.append(message) }
            }
            let sum = Self.checksum(buffer.bytes, channel)
            try buffer.patch(sum, at: checksum.lowerBound, .littleEndian)
        } catch {
            throw ClusterError(.tooLarge, expected: "a record of at most \(bytes) bytes", got: "more")
        }
        return buffer.freeze()
    }

    private static func checksum(_ bytes: RawSpan, _ channel: ChannelName) -> UInt32 {
        let seed = UInt32(truncatingIfNeeded: ChannelName.hash(channel.description.utf8))
        return CRC32C.checksum(bytes.extracting(8..<bytes.byteCount), continuing: seed)
    }
}

extension ChannelRecord {
    /// Reads a record of a channel's log, and checks all of it.
    ///
    /// - Throws: ``ClusterError`` with `corrupt`.
    public init(_ bytes: SharedBytes, of channel: ChannelName) throws(ClusterError) {
        var reader = RecordReader(bytes)
        let magic = try reader.integer(UInt32.self)
        guard magic == Self.magic, bytes.count >= Self.headBytes else {
            throw ClusterError(
                .corrupt, expected: "a record, which begins with ZCR1",
                got: "\(bytes.count) bytes that begin with \(String(magic, radix: 16))")
        }
        let stated = try reader.integer(UInt32.self)
        let sum = Self.checksum(bytes.bytes, channel)
        guard stated == sum else {
            throw ClusterError(
                .corrupt, expected: "checksum \(String(sum, radix: 16)) of a record of \(channel)",
                got: String(stated, radix: 16))
        }
        behind = try reader.integer(UInt64.self)
        first = MessageSequence(rawValue: try reader.integer(UInt64.self))
        term = try reader.integer(UInt64.self)
        let producer = try reader.integer(UInt64.self)
        author = BatchIdentity(producer: producer, number: try reader.integer(UInt64.self))
        digestPlace = try reader.integer(UInt64.self)
        let entryCount = Int(try reader.integer(UInt32.self))
        let publishers = Int(try reader.integer(UInt32.self))
        guard entryCount > 0, digestPlace == 0 || publishers == 0 else {
            throw ClusterError(.corrupt, expected: "entries, and a digest in one place", got: "otherwise")
        }
        digest = try PublisherTable(publishers, from: &reader)
        entries = try Self.entries(entryCount, &reader)
    }

    private static func entries(
        _ count: Int, _ reader: inout RecordReader
    ) throws(ClusterError) -> [ChannelEntry] {
        // An entry has at least 24 bytes: what is not there is not made room for.
        guard count <= reader.left / 20 else {
            throw ClusterError(.corrupt, expected: "at most \(reader.left / 20) entries", got: "\(count)")
        }
        var heads: [(identity: BatchIdentity?, lengths: [Int])] = []
        heads.reserveCapacity(count)
        for _ in 0..<count {
            let producer = try reader.integer(UInt64.self)
            let number = try reader.integer(UInt64.self)
            let messages = Int(try reader.integer(UInt32.self))
            guard messages > 0, messages <= reader.left / 4 else {
                throw ClusterError(
                    .corrupt, expected: "1 to \(reader.left / 4) messages of an entry", got: "\(messages)")
            }
            var lengths: [Int] = []
            lengths.reserveCapacity(messages)
            for _ in 0..<messages { lengths.append(Int(try reader.integer(UInt32.self))) }
            let identity = number == 0 ? nil : BatchIdentity(producer: producer, number: number)
            heads.append((identity, lengths))
        }
        var entries: [ChannelEntry] = []
        entries.reserveCapacity(count)
        for head in heads {
            var messages: [SharedBytes] = []
            for length in head.lengths { messages.append(try reader.bytes(length)) }
            entries.append(ChannelEntry(messages, identity: head.identity))
        }
        try reader.end()
        return entries
    }
}

/// Reads numbers and bytes of what came from elsewhere, never beyond its end.
package struct RecordReader {
    private let whole: SharedBytes
    private var place = 0

    package init(_ bytes: SharedBytes) { whole = bytes }

    /// Bytes that are still to be read.
    package var left: Int { whole.count - place }

    package mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type
    ) throws(ClusterError) -> Value {
        guard let value = whole.bytes.integer(as: type, at: place, .littleEndian) else {
            throw ClusterError(.corrupt, expected: "\(MemoryLayout<Value>.size) bytes more", got: "\(left)")
        }
        place += MemoryLayout<Value>.size
        return value
    }

    /// So many bytes, which share the memory of the whole.
    package mutating func bytes(_ count: Int) throws(ClusterError) -> SharedBytes {
        guard count >= 0, count <= left else {
            throw ClusterError(.corrupt, expected: "\(count) bytes more", got: "\(left)")
        }
        defer { place += count }
        return whole.slice(place..<place + count)
    }

    /// So many bytes as text.
    package mutating func text(_ count: Int) throws(ClusterError) -> String {
        try Self.text(of: try bytes(count))
    }

    /// Bytes that were read, as text.
    static func text(of bytes: SharedBytes) throws(ClusterError) -> String {
        guard let text = bytes.bytes.validText else {
            throw ClusterError(.corrupt, expected: "UTF-8", got: "other bytes")
        }
        return text
    }

    /// Nothing may be left.
    package func end() throws(ClusterError) {
        if left != 0 { throw ClusterError(.corrupt, expected: "nothing more", got: "\(left) bytes") }
    }
}
