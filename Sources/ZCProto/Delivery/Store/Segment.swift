import ZCNet

/// One file of a log: its end and the places that are remembered. One thread at a time.
struct Segment {
    let first: MessageSequence
    let path: String
    let file: any StoreFile
    /// Where the next record goes; everything before is durable between commits.
    var end: Int
    /// One more than the last message's number.
    var next: MessageSequence
    /// Where some of the records begin, in order; the first one among them.
    private(set) var places: [(sequence: MessageSequence, offset: Int)] = []
    private let spacingBytes: Int

    init(first: MessageSequence, path: String, file: any StoreFile, spacingBytes: Int) {
        self.first = first
        self.path = path
        self.file = file
        self.spacingBytes = spacingBytes
        end = SegmentHeader.byteCount
        next = first
    }

    /// Notes a record that was written or found.
    mutating func note(_ range: Range<MessageSequence>, at offset: Int, bytes: Int) {
        if !range.isEmpty, places.last.map({ offset - $0.offset >= spacingBytes }) ?? true {
            places.append((range.lowerBound, offset))
        }
        end = offset + bytes
        next = range.upperBound
    }

    /// Forgets records from an end on.
    mutating func cut(to offset: Int, next: MessageSequence) {
        end = offset
        self.next = next
        while let last = places.last, last.offset >= offset { places.removeLast() }
    }

    /// Where to begin looking for a message.
    func place(for sequence: MessageSequence) -> Int {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle].sequence <= sequence { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? SegmentHeader.byteCount : places[low - 1].offset
    }
}
