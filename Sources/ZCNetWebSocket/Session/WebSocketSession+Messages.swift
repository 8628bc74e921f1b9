extension WebSocketSession {
    /// Takes a message in one frame, which nearly all are, when all of it is there and nothing else is in
    /// progress; nil, with nothing changed, for everything else, which goes the long way.
    ///
    /// What is checked here is all that RFC 6455 5.2 asks of such a frame: no reserved bit, the mask that
    /// this side of the conversation expects, the shortest form of the length, the limits, and UTF-8.
    ///
    /// Inlined into the loop over what was received: this and the handler are all that most messages need.
    @inlinable @inline(__always)
    mutating func wholeMessage(
        _ start: UnsafeMutableRawPointer, _ left: Int, _ position: inout Int, _ core: WebSocketCore
    ) -> FrameStep? {
        guard left >= 2, progress == 0, flags.isDisjoint(with: .inMessage) else { return nil }
        let first = unsafe start.load(as: UInt8.self)
        let second = unsafe start.load(fromByteOffset: 1, as: UInt8.self)
        let maskBit: UInt8 = flags.contains(.client) ? 0 : 0x80
        guard first == 0x81 || first == 0x82, second & 0x80 == maskBit else { return nil }
        var count = Int(second & 0x7F)
        var headerBytes = 2
        if count == 126, left >= 4 {
            count = Int(UInt16(bigEndian: unsafe start.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
            headerBytes = 4
            if count < 126 { return nil }
        } else if count > 125 {
            return nil
        }
        if maskBit != 0 { headerBytes += 4 }
        guard count <= core.wholeBytesMax, headerBytes + count <= left else { return nil }
        let payload = unsafe UnsafeMutableRawBufferPointer(start: start + headerBytes, count: count)
        if maskBit != 0 {
            let key = unsafe start.loadUnaligned(fromByteOffset: headerBytes - 4, as: UInt32.self)
            unsafe Masking.undo(key, on: payload)
        }
        position += headerBytes + count
        if first == 0x82 { return unsafe FrameStep(.binary, payload) }
        return unsafe wholeText(payload)
    }

    /// A text that came in one frame, checked.
    @usableFromInline
    mutating func wholeText(_ payload: UnsafeMutableRawBufferPointer) -> FrameStep {
        guard unsafe utf8.consume(UnsafeRawBufferPointer(payload)) && finishText() else {
            return fail(Self.badText)
        }
        return unsafe FrameStep(.text, payload)
    }
}

/// Frames that are handed out in the pieces that they come in, where messages are delivered as fragments:
/// memory is bounded by a reception, however long a frame says it is.
extension WebSocketSession {
    /// A data frame of which the header and perhaps a part has been dealt with.
    struct OpenFrame {
        let isFinal: Bool
        let key: UInt32
        /// How many bytes of the payload are dealt with: where in the key the next byte stands.
        var done = 0
        /// How many are to come.
        var left: Int
    }

    /// How much of a compressed payload is inflated at a time. DEFLATE expands at most 1032 times, so that a
    /// fragment has about a megabyte at most, and usually some kilobytes.
    private static var inflateBytesMax: Int { 1024 }

    /// Whether a frame is to be handed out in pieces: it is not all there, or it has to be inflated.
    func isStreamed(_ header: FrameHeader, isWhole: Bool, _ core: WebSocketCore) -> Bool {
        guard core.options.deliversFragments, header.opcodeBits & 8 == 0 else { return false }
        let isCompressed = header.opcodeBits == 0 ? flags.contains(.isCompressed) : header.isCompressed
        return isCompressed || !isWhole
    }

    /// Takes a frame's header; its payload follows through `continueFrame`.
    mutating func open(_ header: FrameHeader) {
        if header.opcodeBits != 0 { begin(header) }
        flags.insert(.inFrame)
        makeExtra().openFrame = OpenFrame(
            isFinal: header.isFinal, key: header.key, left: header.payloadBytes)
    }

    /// Hands out the next piece of the open frame; nil when there is none yet, or none that says anything.
    mutating func continueFrame(
        _ bytes: UnsafeMutableRawBufferPointer, at position: inout Int, _ core: WebSocketCore
    ) -> FrameStep? {
        let extra = makeExtra()
        guard let base = bytes.baseAddress, var frame = extra.openFrame else { return nil }
        let isCompressed = flags.contains(.isCompressed)
        let most = isCompressed ? Self.inflateBytesMax : Int.max
        let count = min(frame.left, bytes.count - position, most)
        if count == 0 && frame.left > 0 { return nil }
        let piece = unsafe UnsafeMutableRawBufferPointer(start: base + position, count: count)
        if frame.key != 0 { unsafe Masking.apply(frame.key, to: piece, offset: frame.done) }
        position += count
        frame.done += count
        frame.left -= count
        extra.openFrame = frame
        if frame.left == 0 { flags.remove(.inFrame) }
        let isLast = frame.isFinal && frame.left == 0
        guard isCompressed else { return unsafe fragment(piece, isFinal: isLast, checksText: true) }
        if let error = unsafe core.inflate(UnsafeRawBufferPointer(piece), isFinal: isLast, into: extra) {
            return fail(error)
        }
        let inflated = unsafe extra.whole(isCompressed: true)
        if inflated.count == 0 && !isLast { return nil }
        var step = unsafe fragment(inflated, isFinal: isLast, checksText: true)
        step.isGathered = true
        return step
    }

    /// A piece of a message as the handler gets it.
    ///
    /// - Parameter checksText: whether nobody has looked yet if the piece is UTF-8 as far as it goes.
    mutating func fragment(
        _ body: UnsafeMutableRawBufferPointer, isFinal: Bool, checksText: Bool
    ) -> FrameStep {
        var step = unsafe FrameStep(.fragment, body)
        step.isText = flags.contains(.isText)
        step.isFirst = flags.contains(.fragmentsBegun)
        step.isFinal = isFinal
        flags.remove(.fragmentsBegun)
        if step.isText && checksText, unsafe !utf8.consume(UnsafeRawBufferPointer(body)) {
            return fail(Self.badText)
        }
        if isFinal {
            flags.remove(.inMessage)
            if step.isText && !finishText() { return fail(Self.badText) }
        }
        return step
    }
}

/// What `WebSocketSession.next` found: a kind and, for most, bytes that lie in what was received or in what
/// the session gathered.
///
/// SAFETY: `@safe` because whoever reads the bytes does so before the memory that `next` was given changes.
@safe @frozen
@usableFromInline
package struct FrameStep {
    @usableFromInline
    package let kind: Kind
    /// For a gathered message or fragment: text, or binary.
    @usableFromInline
    package var isText = false
    @usableFromInline
    package var isFirst = false
    @usableFromInline
    package var isFinal = false
    /// The bytes are the session's own and must be released when they were delivered.
    @usableFromInline
    package var isGathered = false
    @usableFromInline
    package let start: UnsafeMutableRawPointer?
    @usableFromInline
    package let count: Int

    /// What a step over the bytes came to.
    @frozen
    @usableFromInline
    package enum Kind: UInt8 {
        /// No whole frame is left.
        case incomplete
        case text
        case binary
        case fragment
        case ping
        case pong
        case close
        /// A rule was broken; the session's `extra` says which.
        case failed
    }

    @inlinable @inline(__always)
    init(_ kind: Kind, _ bytes: UnsafeMutableRawBufferPointer) {
        self.kind = kind
        unsafe start = bytes.baseAddress
        count = bytes.count
    }

    /// Whether a rate of messages counts it: messages and control frames, once each.
    var countsAsMessage: Bool {
        switch kind {
        case .text, .binary, .ping, .pong: true
        case .fragment: isFinal
        case .incomplete, .close, .failed: false
        }
    }

    private init(_ kind: Kind) {
        self.kind = kind
        unsafe start = nil
        count = 0
    }

    static var incomplete: FrameStep { FrameStep(.incomplete) }
    static var failed: FrameStep { FrameStep(.failed) }

    /// The bytes, where they were received or gathered.
    @inlinable
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: they stay until the memory that `next` was given changes, see above.
            let view = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: start, count: count))
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }

    /// Where the bytes lie in what was received.
    @inlinable
    package func range(in received: UnsafeMutableRawBufferPointer) -> Range<Int> {
        guard let base = received.baseAddress, let start = unsafe start else { return 0..<0 }
        let offset = unsafe start - base
        return unsafe Range(uncheckedBounds: (offset, offset + count))
    }
}
