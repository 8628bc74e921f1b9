import ZCNet

/// The head of a record, which is one batch on the disk. Little-endian:
/// ```
///  0  4  magic "ZCR1"
///  4  4  bytes of the record, a multiple of 8
///  8  4  CRC-32C of all other bytes of the record
/// 12  4  messages; 0 in a mark that says that all before it is durable
/// 16  8  sequence number of the first
/// 24  8  term
/// 32  8  how much of this file was durable before the record was written
/// 40  8  producer
/// 48  8  the producer's number for the batch; 0 for none
/// 56     a length of 4 bytes for each message, then the messages, then zeros up to the multiple of 8
/// ```
/// **Why the durable part is in every record.** A record that does not check is either a write that a crash
/// cut short, which nobody was told of, or one that decayed after its senders had been told. Where a later
/// record says that this place was durable, it is the second.
struct RecordHeader: Equatable {
    static let byteCount = 56
    static let magic: UInt32 = 0x3152_435A

    var recordBytes: Int
    var checksum: UInt32
    var messageCount: Int
    var first: MessageSequence
    var term: UInt64
    var durableBytes: UInt64
    var identity: BatchIdentity?

    var isMark: Bool { messageCount == 0 }
    var range: Range<MessageSequence> { first..<first + messageCount }

    /// Reads a head, and checks what can be checked without the rest: nil when it is none.
    ///
    /// - Parameter bytesMax: what is left of the file, or may be in a record.
    init?(_ bytes: RawSpan, bytesMax: Int) {
        guard bytes.byteCount >= Self.byteCount, bytes.unsignedInteger(at: 0, as: UInt32.self) == Self.magic
        else { return nil }
        recordBytes = Int(bytes.unsignedInteger(at: 4, as: UInt32.self))
        checksum = bytes.unsignedInteger(at: 8, as: UInt32.self)
        messageCount = Int(bytes.unsignedInteger(at: 12, as: UInt32.self))
        first = MessageSequence(rawValue: bytes.unsignedInteger(at: 16, as: UInt64.self))
        term = bytes.unsignedInteger(at: 24, as: UInt64.self)
        durableBytes = bytes.unsignedInteger(at: 32, as: UInt64.self)
        let number = bytes.unsignedInteger(at: 48, as: UInt64.self)
        identity =
            number == 0
            ? nil
            : BatchIdentity(producer: bytes.unsignedInteger(at: 40, as: UInt64.self), number: number)
        guard recordBytes & 7 == 0, recordBytes <= bytesMax,
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
        // SAFETY: the bounds are checked by the call, and every bit pattern is a number.
        Value(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: type))
    }
}
