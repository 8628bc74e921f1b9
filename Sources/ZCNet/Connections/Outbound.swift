import Glibc

/// Output of one connection that the kernel has not taken: a queue of pieces, bounded in bytes by its owner.
///
/// Exists only while something waits. Small pieces are copied behind each other into pooled buffers; shared
/// bytes and file ranges are queued by reference, and order holds over all kinds. Loop thread only. Every
/// step is O(1) but `conflate`, which looks through the waiting pieces of a slow reader.
@usableFromInline
package struct Outbound: ~Copyable {
    private var pieces = PieceQueue()
    /// Bytes that wait, file ranges included.
    private(set) var byteCount = 0
    /// Of these, the bytes that occupy memory: all but file ranges.
    private(set) var memoryByteCount = 0
    /// Bytes at the front that the driver is sending from where they are: they must not move or change.
    var inFlight = 0

    /// Shared bytes up to this are copied: a reference would cost more than the copy.
    static let copyBytesMax = 256
    private static let bufferBytesMin = 1024

    init() {}

    var isEmpty: Bool { byteCount == 0 }

    /// How many pieces wait.
    var pieceCount: Int { pieces.count }

    // MARK: Adding

    /// Copies bytes behind the others; false, and nothing changed, when the pool has no memory left.
    mutating func append(copying bytes: UnsafeRawBufferPointer, from pool: borrowing BufferPool) -> Bool {
        let last = pieces.count - 1
        let filled = last >= 0 ? unsafe pieces[last].fill(from: bytes) : 0
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[filled...])
        if unsafe !rest.isEmpty {
            guard let buffer = pool.take(minimumCapacity: max(rest.count, Self.bufferBytesMin)) else {
                if filled > 0 { pieces[last].unfill(filled) }
                return false
            }
            unsafe pieces.append(OutboundPiece(copying: rest, into: buffer))
        }
        memoryByteCount += bytes.count
        byteCount += bytes.count
        return true
    }

    /// Queues a reference to bytes.
    mutating func append(_ bytes: SharedBytes, key: UInt64 = 0) {
        pieces.append(OutboundPiece(bytes, key: key))
        memoryByteCount += bytes.count
        byteCount += bytes.count
    }

    /// Queues a range of a file.
    mutating func append(_ file: FileTransfer) {
        pieces.append(OutboundPiece(file))
        byteCount += file.remaining
    }

    /// Puts `bytes` in the place of a waiting piece of the same key; nil when there is none, else the change
    /// in bytes.
    ///
    /// A piece that the kernel has begun to take stays: half a message must be followed by its other half.
    mutating func conflate(_ bytes: SharedBytes, key: UInt64) -> Int? {
        var flying = inFlight
        for index in 0..<pieces.count {
            defer { flying -= pieces[index].count }
            guard pieces[index].key == key, !pieces[index].isStarted, flying <= 0 else { continue }
            let change = bytes.count - pieces[index].count
            pieces[index] = OutboundPiece(bytes, key: key)
            memoryByteCount += change
            byteCount += change
            return change
        }
        return nil
    }

    /// The byte count of a waiting piece that `conflate` would replace.
    func replaceableCount(key: UInt64) -> Int? {
        var flying = inFlight
        for index in 0..<pieces.count {
            defer { flying -= pieces[index].count }
            if pieces[index].key == key && !pieces[index].isStarted && flying <= 0 {
                return pieces[index].count
            }
        }
        return nil
    }

    // MARK: Sending

    /// The file at the front, when a file is what comes next.
    var frontFile: FileTransfer? { pieces.count > 0 ? pieces[0].file : nil }

    /// Fills `vectors` with what comes next, up to a file or the array's end; answers how many and how many
    /// bytes.
    func gather(into vectors: UnsafeMutablePointer<iovec>, max: Int) -> (count: Int, bytes: Int) {
        var count = 0
        var bytes = 0
        while count < min(max, pieces.count), let start = unsafe pieces[count].start {
            unsafe vectors[count] = iovec(iov_base: start, iov_len: pieces[count].count)
            bytes += pieces[count].count
            count += 1
        }
        return (count, bytes)
    }

    /// Forgets the first `count` bytes, which are in the kernel.
    mutating func consume(_ count: Int) {
        var rest = count
        while rest > 0 {
            let step = min(rest, pieces[0].count)
            if pieces[0].file == nil { memoryByteCount -= step }
            pieces[0].consume(step)
            rest -= step
            if pieces[0].count == 0 { pieces.removeFirst() }
        }
        byteCount -= count
    }
}
