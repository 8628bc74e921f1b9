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
