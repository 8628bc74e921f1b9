import ZCLibC

/// What stands between the bytes of a socket and those of a protocol, both ways: a record layer such as TLS.
///
/// Connections have none unless one is installed, see `ConnectionBase.install`; then what is received is
/// opened in place before the handler is lent it, and what is sent is sealed when it is offered to the
/// kernel. A handler, its limits and its counts see the opened bytes only.
///
/// **Ownership.** Belongs to one connection, and goes with it. Memory is lent for the length of each call.
///
/// **Threads.** The connection's loop.
package protocol ByteTransform: ~Copyable {
    /// How many bytes of the peer's may be waited for before some of them can be opened: a record's greatest
    /// length.
    var recordBytesMax: Int { get }

    /// Opens, in place, what stands behind the first `opened` bytes, so that what is opened follows these
    /// without a gap.
    mutating func open(_ bytes: UnsafeMutableRawBufferPointer, behind opened: Int) -> OpenedBytes

    /// How much room `count` bytes take when they are sealed, at most; more than `count`.
    func sealedBytesMax(of count: Int) -> Int

    /// Seals the bytes of all pieces in turn; there is room for `sealedBytesMax`. Answers how many bytes that
    /// made, or nil where they cannot be sealed, which ends the connection; 0 where the peer is to hear
    /// nothing more but why it ends.
    mutating func seal(_ pieces: IOVectors, into room: UnsafeMutableRawBufferPointer) -> Int?

    /// What the transform has to say itself, in answer to what was opened; asked for where `OpenedBytes` says
    /// so. Answers how many bytes it has written.
    mutating func answer(into room: UnsafeMutableRawBufferPointer) -> Int

    /// What tells the peer that nothing follows, once everything is sealed, and why where the peer has broken
    /// a rule; 0 bytes for nothing. Asked for once.
    mutating func sealEnd(into room: UnsafeMutableRawBufferPointer) -> Int

    /// What both sides have agreed on, where that is of interest to a handler.
    var negotiated: NegotiatedSecurity? { get }

    /// The socket's stream is over: nil where the peer has said so inside its records too, or need not have,
    /// else why the connection ends.
    mutating func streamEnded() -> CloseReason?
}

extension ByteTransform where Self: ~Copyable {
    /// Nothing.
    package var negotiated: NegotiatedSecurity? { nil }
}

/// What opening came to.
package struct OpenedBytes {
    /// Where the opened bytes end, those of earlier calls included.
    package var end: Int
    /// How many of the last bytes cannot be opened until more come.
    package var unopened: Int
    /// Whether `answer` has something to say.
    package var owesAnswer = false
    /// What else the bytes have said.
    package var outcome = Outcome.open

    /// Where the connection stands after them.
    package enum Outcome {
        case open
        /// The peer will send no more.
        case peerEnded
        /// The bytes break a rule. The connection ends once the handler has had what was opened before
        /// them; what `sealEnd` says goes out last.
        case failed(CloseReason)
    }

    /// Everything was opened but the last `unopened` bytes.
    package init(end: Int, unopened: Int) {
        self.end = end
        self.unopened = unopened
    }
}

/// A transform in its place, for the host, which does not know its type.
///
/// A class rather than an existential: it fits a word of the slot, and is called without being retained.
@usableFromInline
package class InstalledTransform {
    @usableFromInline init() {}

    var recordBytesMax: Int { preconditionFailure() }
    func open(_ bytes: UnsafeMutableRawBufferPointer, behind opened: Int) -> OpenedBytes {
        preconditionFailure()
    }
    func sealedBytesMax(of count: Int) -> Int { preconditionFailure() }
    func seal(_ pieces: IOVectors, into room: UnsafeMutableRawBufferPointer) -> Int? { preconditionFailure() }
    func answer(into room: UnsafeMutableRawBufferPointer) -> Int { preconditionFailure() }
    func sealEnd(into room: UnsafeMutableRawBufferPointer) -> Int { preconditionFailure() }
    func streamEnded() -> CloseReason? { preconditionFailure() }
    var negotiated: NegotiatedSecurity? { preconditionFailure() }
}

/// A transform of a known type in its place.
final class Installed<Transform: ByteTransform & ~Copyable>: InstalledTransform {
    private var transform: Transform

    init(_ transform: consuming Transform) { self.transform = transform }

    override var recordBytesMax: Int { transform.recordBytesMax }
    override func open(_ bytes: UnsafeMutableRawBufferPointer, behind opened: Int) -> OpenedBytes {
        unsafe transform.open(bytes, behind: opened)
    }
    override func sealedBytesMax(of count: Int) -> Int { transform.sealedBytesMax(of: count) }
    override func seal(_ pieces: IOVectors, into room: UnsafeMutableRawBufferPointer) -> Int? {
        unsafe transform.seal(pieces, into: room)
    }
    override func answer(into room: UnsafeMutableRawBufferPointer) -> Int {
        unsafe transform.answer(into: room)
    }
    override func sealEnd(into room: UnsafeMutableRawBufferPointer) -> Int {
        unsafe transform.sealEnd(into: room)
    }
    override func streamEnded() -> CloseReason? { transform.streamEnded() }
    override var negotiated: NegotiatedSecurity? { transform.negotiated }
}

extension LoopOwned<ConnectionSlot> {
    /// Runs `body` with the connection's transform, which is not retained for it.
    @inline(__always)
    func withTransform<Result>(_ body: (InstalledTransform) -> Result) -> Result {
        guard let transform = unsafe self[].transform else {
            preconditionFailure("a transformed connection has a transform")
        }
        // SAFETY: the slot keeps the transform until the connection is gone, which is never within a call.
        return unsafe transform._withUnsafeGuaranteedRef(body)
    }
}

/// Where a loop seals what it offers the kernel at once, and reads files that are to be sealed. Takes memory
/// with the first of either.
///
/// SAFETY: `@safe` because the memory is its own, freed with it, and lent for single calls.
@safe
struct SealRoom: ~Copyable {
    /// How many bytes are sealed at a time: four records of TLS, so that a large message takes few calls, and
    /// little enough to stay in the cache.
    static let bytesMax = 64 << 10

    private var memory = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

    deinit { unsafe memory.deallocate() }

    /// Room for at least `count` bytes, valid until the next call.
    mutating func room(_ count: Int) -> UnsafeMutableRawBufferPointer {
        if unsafe memory.count < count {
            unsafe memory.deallocate()
            unsafe memory = .allocate(byteCount: count, alignment: 64)
        }
        return unsafe memory
    }
}
