import ZCNet

/// The receiving half of one connection's protocol, and what both halves remember: RFC 6455 5 and 7 as a pure
/// machine.
///
/// `next` takes the next frame from bytes that were received, unmasks it in place and says what it is. It
/// does no IO and keeps no bytes but an unfinished fragmented message. An idle connection costs the size of
/// this struct, 24 bytes, which a test fixes; everything rarer hangs on `extra`.
@frozen
@usableFromInline
package struct WebSocketSession {
    @usableFromInline package var flags: Flags
    /// Where the text of the message in progress stands.
    @usableFromInline var utf8 = UTF8Validator()
    /// How many payload bytes of the unfinished frame are unmasked and checked already. They come again with
    /// the rest of the frame, because a frame that is not whole is left unread.
    @usableFromInline var progress: UInt32 = 0
    /// The timer that looks whether the peer is alive, whose payload is the connection with `.keepalive`.
    @usableFromInline
    package var keepalive = TimerPlace.none
    /// When the last byte came, or that none has come since a ping of the keepalive.
    @usableFromInline
    package var life = SignOfLife(heardAt: CoarseTime(rawValue: 0))
    /// What most connections do not have at a given moment.
    @usableFromInline
    package var extra: SessionExtra?

    @usableFromInline
    package init(isClient: Bool) { flags = isClient ? .client : [] }

    /// What is true of the conversation.
    @frozen
    @usableFromInline
    package struct Flags: OptionSet, Sendable {
        @usableFromInline
        package let rawValue: UInt16
        @inlinable
        package init(rawValue: UInt16) { self.rawValue = rawValue }

        /// This side is the client: it masks, and its peer does not.
        @inlinable package static var client: Flags { Flags(rawValue: 1) }
        /// A close frame was sent: nothing but the peer's close frame is of interest any more.
        @inlinable package static var closeSent: Flags { Flags(rawValue: 1 << 1) }
        /// A close frame came: nothing may follow it.
        @inlinable package static var closeReceived: Flags { Flags(rawValue: 1 << 2) }
        /// A fragmented message is in progress.
        @inlinable package static var inMessage: Flags { Flags(rawValue: 1 << 3) }
        /// The message in progress is text.
        @inlinable package static var isText: Flags { Flags(rawValue: 1 << 4) }
        /// The message in progress is compressed.
        @inlinable package static var isCompressed: Flags { Flags(rawValue: 1 << 5) }
        /// The peers agreed on permessage-deflate.
        @inlinable package static var deflate: Flags { Flags(rawValue: 1 << 6) }
        /// A rule was broken: nothing is read any more.
        @inlinable package static var failed: Flags { Flags(rawValue: 1 << 8) }
        /// The fragment last handed out was the first of its message.
        @inlinable package static var fragmentsBegun: Flags { Flags(rawValue: 1 << 10) }
        /// What the peer sends is counted against a rate.
        @inlinable package static var rationed: Flags { Flags(rawValue: 1 << 12) }
        /// Within a frame that is handed out in pieces; `extra` says where.
        @inlinable package static var inFrame: Flags { Flags(rawValue: 1 << 13) }
    }

    /// `extra`, made if need be.
    @usableFromInline
    package mutating func makeExtra() -> SessionExtra {
        if let extra { return extra }
        let made = SessionExtra()
        extra = made
        return made
    }

    // MARK: Reading

    /// Takes the next frame from `bytes[position...]`, and moves `position` behind it.
    ///
    /// Answers `.incomplete`, with `position` at the start of the unfinished frame, when there is no whole
    /// one; its bytes must be shown again, with more behind them. Frames inside a message that is gathered
    /// are taken without an answer of their own.
    @inlinable @inline(__always)
    package mutating func next(
        _ bytes: UnsafeMutableRawBufferPointer, at position: inout Int, _ core: WebSocketCore
    ) -> FrameStep {
        if let base = bytes.baseAddress,
            let step = unsafe wholeMessage(base + position, bytes.count &- position, &position, core)
        {
            return step
        }
        return unsafe nextOfAny(bytes, at: &position, core)
    }

    /// As `next`, for every frame that can be.
    @usableFromInline @inline(never)
    mutating func nextOfAny(
        _ bytes: UnsafeMutableRawBufferPointer, at position: inout Int, _ core: WebSocketCore
    ) -> FrameStep {
        guard let base = bytes.baseAddress else { return .incomplete }
        while position < bytes.count {
            if flags.contains(.inFrame) {
                if let step = unsafe continueFrame(bytes, at: &position, core) { return step }
                continue
            }
            let left = bytes.count - position
            let start = unsafe base + position
            let header: FrameHeader
            switch unsafe FrameHeader.read(
                UnsafePointer(start.assumingMemoryBound(to: UInt8.self)), count: left, core.rules(flags))
            {
            case .header(let found): header = found
            case .incomplete: return .incomplete
            case .invalid(let error): return fail(error)
            }
            if self.progress == 0, let error = checkSequence(header, core) { return fail(error) }
            let isControl = header.opcodeBits & 8 != 0
            let payload = unsafe start + header.headerBytes
            let there = min(header.payloadBytes, left - header.headerBytes)
            let progress = Int(self.progress)
            if isStreamed(header, isWhole: there == header.payloadBytes, core) {
                position += header.headerBytes
                open(header)
                if let step = unsafe continueFrame(bytes, at: &position, core) { return step }
                continue
            }
            if there > progress {
                let fresh = unsafe UnsafeMutableRawBufferPointer(
                    start: payload + progress, count: there - progress)
                if header.key != 0 { unsafe Masking.apply(header.key, to: fresh, offset: progress) }
                if !isControl, let error = unsafe checkText(fresh, header) { return fail(error) }
            }
            guard there == header.payloadBytes else {
                // Unread bytes, of which a connection has far less than 4 GiB.
                self.progress = UInt32(truncatingIfNeeded: there)
                return .incomplete
            }
            self.progress = 0
            position += header.headerBytes + header.payloadBytes
            let body = unsafe UnsafeMutableRawBufferPointer(start: payload, count: there)
            if isControl { return unsafe control(header, body) }
            if let step = unsafe data(header, body, core) { return step }
        }
        return .incomplete
    }

    /// Ends reading for a broken rule.
    @usableFromInline
    package mutating func fail(_ error: WebSocketError) -> FrameStep {
        flags.insert(.failed)
        makeExtra().error = error
        // The connection may linger; nothing more comes of the message.
        extra?.releaseMessage()
        return .failed
    }

    // MARK: Rules

    /// RFC 6455 5.4: fragments follow each other, and messages do not nest; and the message's limit.
    private func checkSequence(_ header: FrameHeader, _ core: WebSocketCore) -> WebSocketError? {
        if header.opcodeBits & 8 != 0 { return nil }
        let isContinuation = header.opcodeBits == 0
        if isContinuation != flags.contains(.inMessage) {
            return isContinuation
                ? .init(
                    .protocolError, expected: "RFC 6455 5.4: a message to continue",
                    got: "a continuation of none")
                : .init(
                    .protocolError, expected: "RFC 6455 5.4: the rest of a fragmented message",
                    got: "a new one")
        }
        let gathered = isContinuation ? extra?.gathered.count ?? 0 : 0
        if header.payloadBytes > core.options.messageBytesMax - gathered && !core.options.deliversFragments {
            return .init(
                .messageTooBig,
                expected: "messages of at most \(core.options.messageBytesMax) bytes",
                got: "\(gathered + header.payloadBytes)")
        }
        return nil
    }

    /// RFC 6455 8.1: text is UTF-8, and the first byte that cannot be ends the connection.
    private mutating func checkText(
        _ fresh: UnsafeMutableRawBufferPointer, _ header: FrameHeader
    ) -> WebSocketError? {
        let isText = header.opcodeBits == 0 ? flags.contains(.isText) : header.opcodeBits == 1
        let isCompressed = header.opcodeBits == 0 ? flags.contains(.isCompressed) : header.isCompressed
        if !isText || isCompressed { return nil }
        if unsafe utf8.consume(UnsafeRawBufferPointer(fresh)) { return nil }
        return Self.badText
    }

    @usableFromInline
    package static let badText = WebSocketError(
        .invalidPayload, expected: "RFC 6455 8.1: text as UTF-8", got: "bytes that are not")

    // MARK: Frames that are whole

    private mutating func control(_ header: FrameHeader, _ body: UnsafeMutableRawBufferPointer) -> FrameStep {
        switch header.opcodeBits {
        case 9: return unsafe FrameStep(.ping, body)
        case 10: return unsafe FrameStep(.pong, body)
        default:
            flags.insert(.closeReceived)
            extra?.releaseMessage()
            return unsafe FrameStep(.close, body)
        }
    }

    private mutating func data(
        _ header: FrameHeader, _ body: UnsafeMutableRawBufferPointer, _ core: WebSocketCore
    ) -> FrameStep? {
        if header.opcodeBits != 0 {
            if header.isFinal && !header.isCompressed && !core.options.deliversFragments {
                let isText = header.opcodeBits == 1
                if isText && !finishText() { return fail(Self.badText) }
                return unsafe FrameStep(isText ? .text : .binary, body)
            }
            begin(header)
        }
        if core.options.deliversFragments && !flags.contains(.isCompressed) {
            return unsafe fragment(body, isFinal: header.isFinal, checksText: false)
        }
        return unsafe gather(header, body, core)
    }

    mutating func begin(_ header: FrameHeader) {
        flags.insert(.inMessage)
        extra?.messageSince = nil
        if header.opcodeBits == 1 { flags.insert(.isText) } else { flags.remove(.isText) }
        if header.isCompressed { flags.insert(.isCompressed) } else { flags.remove(.isCompressed) }
        flags.insert(.fragmentsBegun)
    }

    /// Whether the text ended where a character did; ready for the next text.
    mutating func finishText() -> Bool {
        let isComplete = utf8.isComplete
        utf8 = UTF8Validator()
        return isComplete
    }

    /// Adds a fragment to the message in progress; a whole message is answered.
    ///
    /// Compressed fragments are gathered as they came, and inflated when the last is there: a message that
    /// never ends holds what was sent of it and no compression context, however little that was, and however
    /// much would come of it.
    private mutating func gather(
        _ header: FrameHeader, _ body: UnsafeMutableRawBufferPointer, _ core: WebSocketCore
    ) -> FrameStep? {
        let extra = makeExtra()
        let bytes = UnsafeRawBufferPointer(body)
        let isAlone = header.isFinal && header.opcodeBits != 0
        if !(isAlone && flags.contains(.isCompressed)), let error = unsafe extra.gather(bytes, core) {
            return fail(error)
        }
        guard header.isFinal else { return nil }
        if flags.contains(.isCompressed),
            let error = unsafe core.inflate(bytes, isGathered: !isAlone, isFinal: true, into: extra)
        {
            return fail(error)
        }
        flags.remove(.inMessage)
        if flags.contains(.isCompressed) { core.metrics.add(1, to: .compressedIn) }
        let isText = flags.contains(.isText)
        if isText {
            // What was inflated has not been looked at yet.
            if flags.contains(.isCompressed),
                unsafe !utf8.consume(UnsafeRawBufferPointer(extra.whole(isCompressed: true)))
            {
                return fail(Self.badText)
            }
            if !finishText() { return fail(Self.badText) }
        }
        let whole = unsafe extra.whole(isCompressed: flags.contains(.isCompressed))
        var step = unsafe FrameStep(isText ? .text : .binary, whole)
        step.isGathered = true
        return step
    }
}
