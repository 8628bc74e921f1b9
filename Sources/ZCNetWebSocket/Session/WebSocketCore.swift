import ZCNet

/// What the connections of one kind share on one loop: options, memory that is used while a callback runs.
/// Loop thread only.
@usableFromInline
package final class WebSocketCore {
    @usableFromInline
    package let options: WebSocketOptions
    /// The longest message that may be taken in one step; negative where messages are delivered as fragments.
    @usableFromInline
    let wholeBytesMax: Int
    private let serverRules: (plain: FrameHeader.Rules, deflate: FrameHeader.Rules)
    private let clientRules: (plain: FrameHeader.Rules, deflate: FrameHeader.Rules)
    /// A client's masked output, until the connection has taken it. Tests give it a limit that can be met.
    var masked = WriteBuffer(limit: 1 << 31)
    private var keys: [UInt64] = []
    /// What the connection begins with that `handOver` is handing over; nil at any other time.
    private var opening: (upgrade: WebSocketUpgrade, agreement: DeflateAgreement?)?

    /// The books of the loop's memory; without a bound where there is no loop.
    private(set) var budget = MemoryBudget()

    /// The figures of the loop's conversations of one server or client, whatever their kind.
    let metrics: WebSocketMetrics
    /// Told of the end of every conversation: whoever counts them.
    let conversationEnded: (ConnectionID) -> Void

    @usableFromInline
    package convenience init(_ options: WebSocketOptions) {
        self.init(options, WebSocketMetrics()) { _ in }
    }

    init(
        _ options: WebSocketOptions, _ metrics: WebSocketMetrics,
        conversationEnded: @escaping (ConnectionID) -> Void
    ) {
        self.options = options
        self.metrics = metrics
        self.conversationEnded = conversationEnded
        wholeBytesMax = options.deliversFragments ? -1 : min(options.frameLimit, options.messageBytesMax)
        #if Deflate
        compressed = WriteBuffer(limit: options.messageBytesMax + 64)
        #endif
        func rules(_ isMasked: Bool, _ deflate: Bool) -> FrameHeader.Rules {
            FrameHeader.Rules(
                isMasked: isMasked, allowsCompression: deflate, payloadBytesMax: options.frameLimit)
        }
        serverRules = (rules(true, false), rules(true, true))
        clientRules = (rules(false, false), rules(false, true))
    }

    @inline(__always)
    func rules(_ flags: WebSocketSession.Flags) -> FrameHeader.Rules {
        if flags.isDisjoint(with: [.client, .deflate]) { return serverRules.plain }
        if flags.contains(.client) {
            return flags.contains(.deflate) ? clientRules.deflate : clientRules.plain
        }
        return serverRules.deflate
    }

    /// Gives a connection to this kind's role, which begins with an upgrade, and with what was agreed on for
    /// its compression. From within a callback of the old role, whose state is gone when this returns.
    func handOver(
        _ base: ConnectionBase, to role: UInt16, _ upgrade: WebSocketUpgrade, _ agreement: DeflateAgreement?
    ) {
        opening = (upgrade, agreement)
        base.handOver(to: role)
    }

    /// A connection was handed over to this kind: starts its clock and answers what it begins with.
    @usableFromInline
    package func begin(_ conversation: Conversation) -> WebSocketUpgrade? {
        conversation.armKeepalive()
        metrics.add(1, to: .conversations)
        if let rate = options.receiveRate { conversation.beginRate(rate) }
        guard let opening else { return nil }
        self.opening = nil
        #if Deflate
        if let agreement = opening.agreement { equip(conversation, agreement) }
        #endif
        return opening.upgrade
    }

    /// What the connections underneath may use on a host.
    @usableFromInline
    package func connectionLimits(of host: ConnectionHost) -> ConnectionLimits {
        options.connectionLimits(chunkBytes: host.chunkBytes)
    }

    /// What the host asks of a connection's memory, whose state begins with a session.
    @usableFromInline
    package func memory(
        on host: ConnectionHost
    ) -> (@escaping (ConnectionBase) -> StatePlace) -> ProtocolMemory {
        budget = host.budget
        return { [unowned self] place in
            // SAFETY: the role is an adapter's, whose state begins with a session.
            func session(_ base: ConnectionBase) -> LoopOwned<WebSocketSession> {
                place(base).beginning(with: WebSocketSession.self)
            }
            return ProtocolMemory(
                held: { base in
                    var held = HeldMemory()
                    if let extra = session(base)[].extra {
                        held.messages = extra.messageBytes
                        held.contexts = extra.contextBytes
                    }
                    return held
                },
                loopContexts: { [unowned self] in contextBytes },
                trim: { [unowned self] base in if let extra = session(base)[].extra { trim(extra) } },
                trimLoop: { [unowned self] in trim() },
                shed: { [unowned self] base in
                    Conversation(base: base, session: session(base), core: self).shed()
                })
        }
    }

    /// The memory of all contexts of this kind of connection.
    private var contextBytes: Int {
        #if Deflate
        compressor.account.bytes
        #else
        0
        #endif
    }

    /// Gives back what a connection can do without: it compresses its next message with a fresh context.
    private func trim(_ extra: SessionExtra) {
        #if Deflate
        extra.deflate?.trim(compressor)
        #endif
    }

    /// Gives back the contexts that wait for their next use.
    private func trim() {
        #if Deflate
        compressor.dropIdleContexts()
        #endif
    }

    // MARK: Masking, for clients

    /// RFC 6455 5.3: a fresh key that the application cannot foresee. From the system's generator, drawn in
    /// batches.
    func nextMaskingKey() -> UInt32 {
        if keys.isEmpty {
            var system = SystemRandomNumberGenerator()
            keys = (0..<64).map { _ in system.next() }
        }
        let last = keys.count - 1
        let both = keys[last]
        if both >> 32 == 0 {
            keys.removeLast()
            return UInt32(truncatingIfNeeded: both)
        }
        // The upper half now, the lower half next time.
        keys[last] = both & 0xFFFF_FFFF
        return UInt32(truncatingIfNeeded: both >> 32)
    }

    /// Makes a masked copy, which is `maskedBytes` until the next; false when the system has no memory for
    /// it.
    func mask(_ bytes: RawSpan, key: UInt32) -> Bool {
        masked.clear(keepingCapacity: masked.capacity <= Self.keptMaskedBytesMax)
        let count = bytes.byteCount
        if count == 0 { return true }
        guard let room = unsafe try? masked.spare(atLeast: count), let target = room.baseAddress else {
            return false
        }
        // SAFETY: there is room for so many bytes, and the source is lent for this call.
        unsafe bytes.withUnsafeBytes { source in
            if let start = source.baseAddress {
                unsafe Masking.copy(from: start, to: target, count: count, key: key)
            }
        }
        masked.commit(count)
        return true
    }

    /// What was masked last.
    var maskedBytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: the bytes stay until the next are masked, which nobody does before they are sent.
            let view = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(masked.memory))
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }

    /// The memory that messages are masked in is kept from one to the next up to this size.
    private static let keptMaskedBytesMax = 64 << 10

    #if Deflate
    /// The contexts of this kind of connection on this loop, made with the first.
    lazy var compressor = LoopCompressor(contextBytesMax: budget.bytesMax, budget: budget)
    /// A compressed message, until the connection has taken it.
    var compressed: WriteBuffer

    /// What was compressed last.
    var compressedBytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: the bytes stay until the next are compressed, which nobody does before they are sent.
            let view = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(compressed.memory))
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }

    /// Inflates a piece to the end of what was inflated of the message, once and for good.
    ///
    /// - Parameter isGathered: whether to take what was gathered in the place of `bytes`.
    func inflate(
        _ bytes: UnsafeRawBufferPointer, isGathered: Bool = false, isFinal: Bool, into extra: SessionExtra
    ) -> WebSocketError? {
        unsafe extra.inflate(bytes, isGathered: isGathered, isFinal: isFinal, self)
    }
    #else
    /// Without compression no frame of a compressed message passes the header's rules.
    func inflate(
        _ bytes: UnsafeRawBufferPointer, isGathered: Bool = false, isFinal: Bool, into extra: SessionExtra
    ) -> WebSocketError? {
        WebSocketError(
            .protocolError, expected: "RFC 7692 6: no compressed messages, as none were agreed on", got: "one"
        )
    }
    #endif
}
