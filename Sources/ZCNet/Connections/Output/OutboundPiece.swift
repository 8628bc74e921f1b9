import ZCLibC

/// One piece of waiting output: pooled memory of its own, a reference to shared bytes, or a range of a file.
///
/// SAFETY: `@safe` because `start` points into what the piece itself keeps.
@safe
package struct OutboundPiece: ~Copyable {
    /// The next byte to send; meaningless for a file.
    var start: UnsafeMutableRawPointer?
    /// Bytes still to send.
    var count: Int
    /// Free bytes behind the last one, in a pooled buffer.
    var spare = 0
    /// Under the policy `conflate`, what a newer piece of the same key replaces; 0 for none.
    var key: UInt64 = 0
    /// Whether some of the piece is in the kernel already, so that the rest must follow.
    var isStarted = false

    // What keeps the bytes: exactly one of these.
    private var buffer: PooledBuffer?
    private(set) var shared: SharedBytes?
    var file: FileTransfer?

    /// The size of its pooled buffer; 0 without one.
    private(set) var capacity = 0

    /// Pooled memory to copy into.
    init(_ buffer: consuming PooledBuffer) {
        let memory = unsafe buffer.memory
        unsafe start = memory.baseAddress
        count = 0
        spare = memory.count
        capacity = buffer.capacity
        self.buffer = consume buffer
    }

    /// Bytes that are sealed, and lie in the buffer.
    init(sealed count: Int, in buffer: consuming PooledBuffer) {
        unsafe start = buffer.memory.baseAddress
        self.count = count
        capacity = buffer.capacity
        self.buffer = consume buffer
    }

    /// A piece that refers to shared bytes.
    init(_ bytes: SharedBytes, key: UInt64) {
        // SAFETY: `shared` keeps the bytes for as long as the piece exists; they are only ever read.
        unsafe start = bytes.withUnsafeBytes { unsafe UnsafeMutableRawPointer(mutating: $0.baseAddress) }
        count = bytes.count
        self.key = key
        shared = bytes
    }

    /// A range of a file.
    init(_ file: FileTransfer) {
        unsafe start = nil
        count = file.remaining
        self.file = file
    }

    /// How much may be copied into the free end.
    var room: Int { key == 0 ? spare : 0 }

    /// Copies as much as fits into the free end; answers how much that was.
    mutating func fill(from bytes: UnsafeRawBufferPointer) -> Int {
        let taken = min(room, bytes.count)
        guard taken > 0, let start = unsafe start, let source = bytes.baseAddress else { return 0 }
        unsafe (start + count).copyMemory(from: source, byteCount: taken)
        count += taken
        spare -= taken
        return taken
    }

    /// Has the piece stay as it is: nothing is added, and nothing takes its place.
    mutating func fix() {
        spare = 0
        key = 0
    }

    /// Forgets bytes that are gone.
    mutating func consume(_ bytes: Int) {
        unsafe start = start.map { unsafe $0 + bytes }
        count -= bytes
        isStarted = true
        file?.advance(bytes)
    }
}

/// A first-in-first-out queue of pieces on a ring of memory that doubles when full.
///
/// SAFETY: `@safe` because the places are its own; see the field.
@safe
struct PieceQueue: ~Copyable {
    /// SAFETY: the `count` places from `head` on, around the ring, are initialised.
    private var places: UnsafeMutablePointer<OutboundPiece>
    private(set) var capacity = PieceQueue.capacityMin
    private var head = 0
    private(set) var count = 0

    static let capacityMin = 4

    init() { unsafe places = .allocate(capacity: Self.capacityMin) }

    deinit {
        for index in 0..<count { unsafe (places + place(index)).deinitialize(count: 1) }
        unsafe places.deallocate()
    }

    /// The memory of all places.
    var byteCount: Int { capacity * MemoryLayout<OutboundPiece>.stride }

    private func place(_ index: Int) -> Int { (head + index) & (capacity - 1) }

    /// The piece `index` behind the first.
    subscript(index: Int) -> OutboundPiece {
        unsafeAddress { unsafe UnsafePointer(places + place(index)) }
        unsafeMutableAddress { unsafe places + place(index) }
    }

    mutating func append(_ piece: consuming OutboundPiece) {
        if count == capacity { grow() }
        unsafe (places + place(count)).initialize(to: piece)
        count += 1
    }

    /// Puts a piece behind the first `index` ones. O(index).
    mutating func insert(_ piece: consuming OutboundPiece, at index: Int) {
        if count == capacity { grow() }
        head = (head + capacity - 1) & (capacity - 1)
        for moved in 0..<index {
            unsafe (places + place(moved)).moveInitialize(from: places + place(moved + 1), count: 1)
        }
        unsafe (places + place(index)).initialize(to: piece)
        count += 1
    }

    mutating func removeFirst() {
        unsafe (places + head).deinitialize(count: 1)
        head = (head + 1) & (capacity - 1)
        count -= 1
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<OutboundPiece>.allocate(capacity: capacity * 2)
        let tail = min(count, capacity - head)
        unsafe larger.moveInitialize(from: places + head, count: tail)
        unsafe (larger + tail).moveInitialize(from: places, count: count - tail)
        unsafe places.deallocate()
        unsafe places = larger
        capacity *= 2
        head = 0
    }
}

/// A range of an open file, or so many bytes of a pipe, on its way to a connection.
///
/// Owns its descriptor, a duplicate of the caller's, and closes it when the transfer is over or given up.
package final class FileTransfer {
    let descriptor: Descriptor
    /// The next byte's position; nil for a pipe, which has none.
    private(set) var offset: Int64?
    /// Bytes still to send.
    private(set) var remaining: Int

    /// Duplicates `descriptor`, so that the caller may close its own at once.
    init(_ descriptor: Descriptor, range: Range<Int64>?) throws(SystemError) {
        let status = try SystemCalls.status(of: descriptor)
        let kind = status.st_mode & S_IFMT
        let isPipe = kind == S_IFIFO
        guard isPipe || kind == S_IFREG else {
            throw SystemError("send(file:), which takes a regular file or a pipe,", errno: .invalidArgument)
        }
        // A pipe counts what is in it now: waiting for more would need its own place in the poller.
        let whole = 0..<(isPipe ? try SystemCalls.bytesInPipe(descriptor) : Int64(status.st_size))
        let range = range ?? whole
        guard range.lowerBound >= 0, range.upperBound <= whole.upperBound, !isPipe || range.lowerBound == 0
        else {
            let subject = "range \(range) of a \(isPipe ? "pipe" : "file") of \(whole.upperBound) bytes"
            throw SystemError("send(file:)", on: subject, errno: .invalidArgument)
        }
        offset = isPipe ? nil : range.lowerBound
        remaining = range.count
        self.descriptor = Descriptor(
            rawValue: try systemCall("dup") { fcntl(descriptor.rawValue, F_DUPFD_CLOEXEC, 0) })
    }

    deinit { KernelSocket.closeNow(descriptor) }

    /// What the driver is offered next.
    var source: FileSource {
        FileSource(descriptor: descriptor, offset: offset, count: min(remaining, 1 << 30))
    }

    /// The kernel has taken so many bytes of the file.
    func advance(_ count: Int) {
        offset = offset.map { $0 + Int64(count) }
        remaining -= count
    }
}

/// What a loop's connections hold of shared bytes that wait, and of places in their queues.
///
/// Bytes that many connections wait for are in memory once, so they are charged once per loop: at the size of
/// the whole allocation that a reference keeps, with the first connection that waits for it, until the last
/// does no more. Charging every reference would end thousands of readers for one message that all of them are
/// a little late for. What lies in a chunk is charged as a chunk, and a mapped file's pages are the kernel's.
///
/// Only what waits beyond the turn in which it was sent is charged: readers that keep up cost nothing here.
///
/// **Threads.** The loop's.
final class OutputBooks {
    let budget: MemoryBudget
    private var holdings: [ObjectIdentifier: Holding] = [:]

    private struct Holding {
        var references: Int
        let bytes: Int
    }

    init(_ budget: MemoryBudget) { self.budget = budget }

    /// How many bytes would be charged if somebody waited for these.
    func cost(of bytes: SharedBytes) -> Int {
        guard let owner = bytes.owner, holdings[ObjectIdentifier(owner)] == nil else { return 0 }
        return bytes.chargedBytes
    }

    /// A connection waits for the bytes.
    func hold(_ bytes: SharedBytes) {
        guard let owner = bytes.owner else { return }
        let key = ObjectIdentifier(owner)
        if holdings[key] == nil {
            let size = bytes.chargedBytes
            holdings[key] = Holding(references: 0, bytes: size)
            budget.charge(size, for: .output)
        }
        holdings[key]?.references += 1
    }

    /// A connection does not wait for them any more.
    func letGo(_ bytes: SharedBytes) {
        guard let owner = bytes.owner else { return }
        let key = ObjectIdentifier(owner)
        guard let holding = holdings[key] else { return assertionFailure("bytes that nobody waited for") }
        if holding.references == 1 {
            holdings[key] = nil
            budget.release(holding.bytes, for: .output)
        } else {
            holdings[key]?.references -= 1
        }
    }

    /// The bytes of all that is waited for.
    var heldBytes: Int { holdings.values.reduce(0) { $0 + $1.bytes } }
}
