import ZCLibC

/// Output of one connection that the kernel has not taken: a queue of pieces, bounded in bytes by its owner.
///
/// Exists only while something waits. Small pieces are copied behind each other into pooled buffers; shared
/// bytes and file ranges are queued by reference, and order holds over all kinds. Loop thread only. Every
/// step is O(1) but `conflate`, which looks through the waiting pieces of a slow reader.
///
/// All that it holds is in the loop's books: pooled buffers through their pool, the places of the queue while
/// it is open, and shared bytes from the end of the turn on, see `settle`.
@usableFromInline
package struct Outbound: ~Copyable {
    private var pieces = PieceQueue()
    private let books: OutputBooks
    /// The bytes of places that are in the books; 0 while nobody has the queue.
    private var placeBytes = 0
    /// How many of the first pieces are in the books.
    private var settledCount = 0
    /// Shared bytes that are in the books, for whoever asks who holds most: counted in full.
    private var settledBytes = 0
    /// The pooled buffers of the pieces, at their capacity.
    private(set) var pooledBytes = 0
    /// Bytes that wait, file ranges included.
    private(set) var byteCount = 0
    /// Of these, the bytes that occupy memory: all but file ranges.
    private(set) var memoryByteCount = 0
    /// How many of the first pieces are sealed, or need not be, where a transform seals what is sent.
    private var sealedCount = 0
    /// Bytes at the front that the driver is sending from where they are: they must not move or change.
    var inFlight = 0

    /// Shared bytes up to this are copied: a reference would cost more than the copy.
    static let copyBytesMax = 256
    static let bufferBytesMin = 1024
    /// What the places of a queue take that was just opened.
    static let placeBytesMin = PieceQueue.capacityMin * MemoryLayout<OutboundPiece>.stride

    init(_ books: OutputBooks) { self.books = books }

    deinit {
        for index in 0..<settledCount { if let shared = pieces[index].shared { books.letGo(shared) } }
        books.budget.release(placeBytes, for: .output)
    }

    // MARK: The books

    /// A connection has the queue from now on.
    mutating func open() { settlePlaces() }

    /// Nobody has the queue any more; it is empty. False when it has grown too large to be kept for another.
    mutating func close() -> Bool {
        books.budget.release(placeBytes, for: .output)
        placeBytes = 0
        return pieces.capacity <= 64
    }

    /// Enters what is not in the books yet, as it is to wait beyond the turn.
    mutating func settle() {
        while settledCount < pieces.count {
            if let shared = pieces[settledCount].shared {
                books.hold(shared)
                settledBytes += pieces[settledCount].count
            }
            settledCount += 1
        }
    }

    private mutating func settlePlaces() {
        books.budget.charge(pieces.byteCount - placeBytes, for: .output)
        placeBytes = pieces.byteCount
    }

    /// What is held beside pooled buffers.
    var referredBytes: Int { settledBytes + placeBytes }

    /// Everything of this queue that is in the books but shared bytes, counted anew; and whether what it says
    /// of itself, by which it is chosen to go, agrees.
    var audited: (pooled: Int, places: Int, isRight: Bool) {
        var pooled = 0
        var settled = 0
        for index in 0..<pieces.count {
            pooled += pieces[index].capacity
            if index < settledCount && pieces[index].shared != nil { settled += pieces[index].count }
        }
        let isRight = pooled == pooledBytes && settled == settledBytes
        return (pooled, placeBytes == 0 ? 0 : pieces.byteCount, isRight)
    }

    /// Calls `body` for the shared bytes that are in the books.
    func forEachSettled(_ body: (SharedBytes) -> Void) {
        for index in 0..<settledCount { if let shared = pieces[index].shared { body(shared) } }
    }

    var isEmpty: Bool { byteCount == 0 }

    /// How many pieces wait.
    var pieceCount: Int { pieces.count }

    // MARK: Adding

    /// Makes room for copies of so many bytes; false, and nothing changed, when the pool has no memory left.
    mutating func reserve(_ count: Int, from pool: borrowing BufferPool) -> Bool {
        let spare = pieces.count > 0 ? pieces[pieces.count - 1].room : 0
        if count <= spare { return true }
        guard let buffer = pool.take(minimumCapacity: max(count - spare, Self.bufferBytesMin)) else {
            return false
        }
        pooledBytes += buffer.capacity
        pieces.append(OutboundPiece(buffer))
        settlePlaces()
        return true
    }

    /// Copies bytes behind the others, into room that was made for them.
    mutating func append(copying bytes: UnsafeRawBufferPointer) {
        // What was reserved may begin in the last piece but one.
        let former = pieces.count - 2
        let filled =
            former >= 0 && pieces[former + 1].count == 0 ? unsafe pieces[former].fill(from: bytes) : 0
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[filled...])
        if unsafe !rest.isEmpty {
            let taken = unsafe pieces[former + 1].fill(from: rest)
            precondition(taken == rest.count, "room for all that is appended")
        }
        memoryByteCount += bytes.count
        byteCount += bytes.count
    }

    /// Queues a reference to bytes.
    mutating func append(_ bytes: SharedBytes, key: UInt64 = 0) {
        pieces.append(OutboundPiece(bytes, key: key))
        settlePlaces()
        memoryByteCount += bytes.count
        byteCount += bytes.count
    }

    /// Queues a range of a file.
    mutating func append(_ file: FileTransfer) {
        pieces.append(OutboundPiece(file))
        settlePlaces()
        byteCount += file.remaining
    }

    /// Says that all that waits is to leave as it is.
    mutating func markSealed() {
        for index in 0..<pieces.count { pieces[index].fix() }
        sealedCount = pieces.count
    }

    /// Queues sealed bytes behind others that are sealed, and before all that are not.
    mutating func insert(sealed piece: consuming OutboundPiece) {
        memoryByteCount += piece.count
        byteCount += piece.count
        pooledBytes += piece.capacity
        if sealedCount < settledCount { settledCount += 1 }
        pieces.insert(piece, at: sealedCount)
        sealedCount += 1
        settlePlaces()
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
            if index < settledCount, let replaced = pieces[index].shared {
                books.letGo(replaced)
                books.hold(bytes)
                settledBytes += change
            }
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

    /// Whether what comes next may leave as it is.
    var isFrontSealed: Bool { sealedCount > 0 }

    /// Fills `vectors` with what comes next of what is sealed.
    func gatherSealed(into vectors: UnsafeMutablePointer<iovec>, max: Int) -> (count: Int, bytes: Int) {
        unsafe gather(into: vectors, max: min(max, sealedCount))
    }

    /// Fills `vectors` with what comes next, at most so many bytes; up to a file.
    func gather(
        into vectors: UnsafeMutablePointer<iovec>, max: Int, bytesMax: Int
    ) -> IOVectors {
        let (count, _) = unsafe gather(into: vectors, max: max)
        var bytes = 0
        var used = 0
        while used < count && bytes < bytesMax {
            let length = unsafe min(vectors[used].iov_len, bytesMax - bytes)
            unsafe vectors[used].iov_len = length
            bytes += length
            used += 1
        }
        return unsafe IOVectors(base: vectors, count: used, byteCount: bytes)
    }

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
            if settledCount > 0 && pieces[0].shared != nil { settledBytes -= step }
            pieces[0].consume(step)
            rest -= step
            if pieces[0].count == 0 { removeFirst() }
        }
        byteCount -= count
    }

    private mutating func removeFirst() {
        pooledBytes -= pieces[0].capacity
        if sealedCount > 0 { sealedCount -= 1 }
        if settledCount > 0 {
            if let shared = pieces[0].shared { books.letGo(shared) }
            settledCount -= 1
        }
        pieces.removeFirst()
    }
}
