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
    /// A client's masked output, until the connection has taken it.
    private var masked = GatheredBytes()
    private var keys: [UInt64] = []
    /// The upgrade that the connection being handed over begins with.
    @usableFromInline
    package var pendingUpgrade: WebSocketUpgrade?
    /// What was agreed on for its compression.
    package var pendingAgreement: DeflateAgreement?

    /// What this loop's connections of one server share, whatever their kind.
    let services: LoopServices

    @usableFromInline
    package init(_ options: WebSocketOptions, _ services: LoopServices? = nil) {
        self.options = options
        self.services = services ?? LoopServices()
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

    /// A connection was handed over to this kind: starts its clock and answers what it begins with.
    @usableFromInline
    package func begin(_ conversation: Conversation) -> WebSocketUpgrade? {
        conversation.armKeepalive()
        services.metrics.add(1, to: .conversations)
        if let rate = options.receiveRate { conversation.beginRate(rate) }
        #if Deflate
        if let agreement = pendingAgreement { equip(conversation, agreement) }
        pendingAgreement = nil
        #endif
        defer { pendingUpgrade = nil }
        return pendingUpgrade
    }

    /// What the connections underneath may use on a host.
    @usableFromInline
    package func connectionLimits(of host: ConnectionHost) -> ConnectionLimits {
        options.connectionLimits(chunkBytes: host.chunkBytes)
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

    /// A masked copy of `bytes`, good until the next.
    func mask(_ bytes: UnsafeRawBufferPointer, key: UInt32) -> UnsafeRawBufferPointer {
        masked.release()
        guard let source = bytes.baseAddress, bytes.count > 0 else {
            return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        }
        let target = unsafe masked.reserve(bytes.count)
        unsafe Masking.copy(from: source, to: target, count: bytes.count, key: key)
        masked.didFill(bytes.count)
        return unsafe UnsafeRawBufferPointer(masked.filled)
    }

    #if Deflate
    /// The contexts of this kind of connection on this loop, made with the first.
    lazy var compressor = LoopCompressor()
    /// A compressed message, until the connection has taken it.
    var compressed: WriteBuffer
    #else
    /// Without compression no frame of a compressed message passes the header's rules.
    func inflate(
        _ bytes: UnsafeRawBufferPointer, isFinal: Bool, into extra: SessionExtra
    ) -> WebSocketError? {
        WebSocketError(.protocolError, "RFC 7692 6: no compressed messages, as none were agreed on")
    }
    #endif
}
