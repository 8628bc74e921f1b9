import ZCLibC

/// What the connection being served has to say, gathered until its callback ends and then offered in one
/// call.
///
/// Small pieces are copied side by side; large ones that lie in memory which stays put until the callback
/// ends (what was just received) are only pointed at, so an echo of large messages copies nothing. One per
/// loop; it serves one connection at a time.
///
/// Where the driver has a `SendStage`, pieces are copied to where the next staged send would begin, so that
/// the driver, which is offered them there, need not copy them again. What is to be staged is therefore
/// always copied, and only what is too large for that is pointed at.
///
/// SAFETY: `@safe` because the memory is its own; see the fields.
@safe
@usableFromInline
package struct Cork: ~Copyable {
    /// The connection being served, or the id of nobody.
    @usableFromInline var owner = ConnectionID(rawValue: 0)
    /// Whether what is gathered is changed before the driver is offered it: then it is not put on the stage,
    /// where the outcome may go while some of it is still to be changed.
    var isOpaque = false
    /// How many bytes were gathered.
    @usableFromInline var byteCount = 0

    /// Where pieces are copied to, from the first one until `reset`: the cork's own memory, or the stage's.
    ///
    /// SAFETY: `memory[0..<used]` is initialised, and `capacity` bytes are there; `vectors[0..<vectorCount]`
    /// point at bytes that stay until `reset`.
    private var memory: UnsafeMutableRawPointer
    private let ownMemory: UnsafeMutableRawPointer
    /// Where the driver gathers small sends of all connections; nil where it has no such place.
    private let stage: LoopOwned<SendStage>?
    @usableFromInline let capacity: Int
    @usableFromInline var used = 0
    @usableFromInline let vectors: UnsafeMutablePointer<iovec>
    @usableFromInline var vectorCount = 0

    /// What the callback is lent; pieces within it need not be copied.
    @usableFromInline var lentStart: UInt = 0
    @usableFromInline var lentEnd: UInt = 0

    static var vectorsMax: Int { 64 }
    /// Below this, copying is cheaper than a vector of its own (measured: see Docs/Performance.md).
    @usableFromInline static var borrowBytesMin: Int { 512 }

    init(capacity: Int, stage: LoopOwned<SendStage>?) {
        self.capacity = capacity
        self.stage = stage
        unsafe ownMemory = .allocate(byteCount: capacity, alignment: 64)
        unsafe memory = unsafe ownMemory
        unsafe vectors = .allocate(capacity: Self.vectorsMax)
    }

    deinit {
        unsafe ownMemory.deallocate()
        unsafe vectors.deallocate()
    }

    /// Whether `count` more bytes can be copied in.
    @inlinable @inline(__always)
    func hasRoom(_ count: Int) -> Bool { count <= capacity - used && vectorCount < 63 }

    /// Room for `count` bytes behind what was gathered; the caller fills them.
    @inline(__always)
    mutating func append(_ count: Int) -> UnsafeMutableRawPointer {
        if used == 0, let stage { choosePlace(stage) }
        let target = unsafe memory + used
        let last = unsafe vectors + (vectorCount - 1)
        if vectorCount > 0, unsafe last.pointee.iov_base + last.pointee.iov_len == target {
            unsafe last.pointee.iov_len += count
        } else {
            unsafe vectors[vectorCount] = iovec(iov_base: target, iov_len: count)
            vectorCount += 1
        }
        used += count
        byteCount += count
        return unsafe target
    }

    /// The stage's next bytes, as long as there are enough for all that a callback may gather.
    @inline(__always)
    private mutating func choosePlace(_ stage: LoopOwned<SendStage>) {
        unsafe memory = isOpaque || !stage[].hasRoom(capacity) ? ownMemory : stage[].next
    }

    /// Whether `count` more bytes are few enough for the driver to stage all, which copies them in any case.
    @inline(__always)
    func isForStage(_ count: Int) -> Bool {
        stage != nil && !isOpaque && byteCount + count <= SendStage.sendBytesMax
    }

    /// Points at bytes that stay where they are until the cork is emptied.
    @inlinable @inline(__always)
    mutating func refer(to bytes: UnsafeRawBufferPointer) {
        unsafe vectors[vectorCount] = iovec(
            iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
        vectorCount += 1
        byteCount += bytes.count
    }

    /// Whether bytes lie in what the callback was lent.
    @inlinable @inline(__always)
    func isLent(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let start = UInt(bitPattern: bytes.baseAddress)
        return start >= lentStart && start < lentEnd
    }

    /// The first of the gathered bytes, at most so many; `drop` says that they are done with.
    func part(bytesMax: Int) -> CorkPart {
        var bytes = 0
        var index = 0
        while index < vectorCount {
            let length = unsafe vectors[index].iov_len
            if bytes + length > bytesMax {
                let room = bytesMax - bytes
                guard room > 0, let start = unsafe vectors[index].iov_base else { break }
                let rest = unsafe iovec(iov_base: start + room, iov_len: length - room)
                unsafe vectors[index].iov_len = room
                let whole = unsafe IOVectors(base: vectors, count: index + 1, byteCount: bytesMax)
                return unsafe CorkPart(vectors: whole, rest: rest)
            }
            bytes += length
            index += 1
        }
        return unsafe CorkPart(
            vectors: IOVectors(base: vectors, count: index, byteCount: bytes), rest: nil)
    }

    /// Forgets the first bytes.
    mutating func drop(_ part: CorkPart) {
        var gone = part.vectors.count
        if let rest = unsafe part.rest {
            gone -= 1
            unsafe vectors[gone] = unsafe rest
        }
        for index in gone..<vectorCount { unsafe vectors[index - gone] = unsafe vectors[index] }
        vectorCount -= gone
        byteCount -= part.vectors.byteCount
    }

    @inlinable @inline(__always)
    mutating func reset() {
        used = 0
        vectorCount = 0
        byteCount = 0
    }
}

/// The first of a cork's bytes, and what is left of the last piece among them.
///
/// SAFETY: `@safe` because both point at the cork's bytes, and are used up before it is reset.
@safe
struct CorkPart {
    let vectors: IOVectors
    let rest: iovec?
}
