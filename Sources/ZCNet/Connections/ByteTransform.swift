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
    /// A transform that agrees on nothing with the peer has nothing to say.
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
    /// Keeps a transform for the connection, or forgets the one that it has.
    func setTransform(_ transform: InstalledTransform?) {
        unsafe self[].transform?.release()
        unsafe self[].transform = transform.map { unsafe .passRetained($0) }
    }

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

/// Connections whose bytes are transformed on their way: records are opened before the handler is lent what
/// they hold, and sealed when they are offered to the kernel.
///
/// What waits in a connection's output is not sealed yet, so that it may still be replaced, and takes no more
/// memory than it would without; only what the kernel did not take of sealed bytes waits as it is, in front,
/// as a record cannot be sealed twice.
extension ConnectionHost {
    /// Has everything that follows transformed, both ways.
    ///
    /// Called within a callback of the connection's role, which usually hands it over to another one then.
    /// Bytes that the callback was lent and leaves unread are opened, and shown to the role that has the
    /// connection at the end of the turn. What was sent before leaves as it is.
    package func install<Transform: ByteTransform & ~Copyable>(
        _ transform: consuming Transform, on slot: LoopOwned<ConnectionSlot>
    ) {
        precondition(!slot[].flags.contains(.transformed), "one transform at a time")
        flush(slot)
        output.beginTransforming(slot)
        slot[].flags.insert(.transformed)
        slot.setTransform(Installed(transform))
    }

    /// Forgets the connection's transform.
    func removeTransform(_ slot: LoopOwned<ConnectionSlot>) {
        slot.setTransform(nil)
    }

    /// What both sides of a connection have agreed on; nil without a transform.
    func negotiated(_ slot: LoopOwned<ConnectionSlot>) -> NegotiatedSecurity? {
        guard slot[].flags.contains(.transformed) else { return nil }
        return slot.withTransform { $0.negotiated }
    }

    // MARK: Receiving

    /// How many bytes a connection may leave unread, with what it waits for to open more.
    func unreadBytesMax(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        let limit = withRole(of: slot) { $0.limits.unreadBytesMax }
        guard slot[].flags.contains(.transformed) else { return limit }
        return limit + slot.withTransform { $0.recordBytesMax }
    }

    /// Opens bytes in place behind those that are open already, and has what cannot be opened yet follow
    /// them.
    func open(
        _ slot: LoopOwned<ConnectionSlot>, _ bytes: UnsafeMutableRawBufferPointer, behind opened: Int
    ) -> OpenedBytes {
        let result = slot.withTransform { unsafe $0.open(bytes, behind: opened) }
        precondition(
            result.end >= opened && result.unopened >= 0 && result.end + result.unopened <= bytes.count,
            "a transform opens what it was lent")
        if result.owesAnswer { sendAnswer(slot) }
        let from = bytes.count - result.unopened
        if result.unopened > 0 && from > result.end {
            unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[result.end...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[from...]))
        }
        return result
    }

    /// What opened bytes have said beside what they hold, once the handler has had that.
    func conclude(_ slot: LoopOwned<ConnectionSlot>, _ outcome: OpenedBytes.Outcome) {
        if slot[].flags.contains(.closing) { return }
        switch outcome {
        case .open: break
        case .peerEnded: peerEnded(slot)
        case .failed(let reason): end(slot, reason, isAbortive: false)
        }
    }

    /// Why a connection ends whose socket's stream is over; nil where that is in order.
    func brokenOff(_ slot: LoopOwned<ConnectionSlot>) -> CloseReason? {
        guard slot[].flags.contains(.transformed) else { return nil }
        return slot.withTransform { $0.streamEnded() }
    }

    // MARK: Sending

    /// Sends what the transform itself has to say, ahead of everything that is not sealed yet.
    private func sendAnswer(_ slot: LoopOwned<ConnectionSlot>) {
        // What the running callback has said already is sealed first.
        flush(slot)
        settle(slot, unsafe output.say(slot) { unsafe $0.answer(into: $1) })
    }

    /// Tells the peer, once, that nothing follows; false while that waits for the kernel.
    func sayEnd(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        if slot[].flags.contains(.saidEnd) { return true }
        slot[].flags.insert(.saidEnd)
        flush(slot)
        settle(slot, unsafe output.say(slot) { unsafe $0.sealEnd(into: $1) })
        return slot[].outbound == nil
    }
}
