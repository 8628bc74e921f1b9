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
