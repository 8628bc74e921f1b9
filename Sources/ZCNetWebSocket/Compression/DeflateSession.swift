#if Deflate
import ZCNet

/// The compression of one connection: what was agreed, and the contexts it holds at the moment.
///
/// Without takeover a context is held only while a message is under way; with takeover from the first
/// message on, for good. Call ``end(_:)`` when the connection ends, so that its contexts serve others.
///
/// **Threads.** The loop's only: every call is given the same loop's ``LoopCompressor``.
package struct DeflateSession: ~Copyable {
    /// Which end of the connection this is.
    package enum Role: Hashable, Sendable {
        case server
        case client
    }

    /// What both sides agreed on.
    package let agreement: DeflateAgreement
    package let role: Role
    private let level: UInt8
    private let memoryLevel: UInt8
    private let minimumBytes: Int32
    private var deflater: Deflater?
    private var inflater: Inflater?

    /// Begins a connection's compression, without any context.
    package init(_ agreement: DeflateAgreement, role: Role, options: DeflateOptions) {
        self.agreement = agreement
        self.role = role
        level = UInt8(options.level)
        memoryLevel = UInt8(options.memoryLevel)
        minimumBytes = Int32(options.minimumBytes)
    }

    /// Whether each message that is sent stands by itself.
    package var sendsAlone: Bool {
        role == .server ? agreement.serverNoContextTakeover : agreement.clientNoContextTakeover
    }

    /// Whether each message that is received stands by itself.
    package var receivesAlone: Bool {
        role == .server ? agreement.clientNoContextTakeover : agreement.serverNoContextTakeover
    }

    /// What messages are compressed with. Messages sent alone can be made once for all connections of the
    /// same settings.
    package var settings: Deflater.Settings {
        let bits = role == .server ? agreement.serverWindowBits : agreement.clientWindowBits
        return Deflater.Settings(
            level: Int(level), memoryLevel: Int(memoryLevel), windowBits: Int(bits))
    }

    /// Whether contexts are held.
    package var holdsContext: Bool { deflater != nil || inflater != nil }

    /// What the contexts that are held take at most.
    var contextBytes: Int {
        let bits = Int(settings.windowBits)
        return (inflater == nil ? 0 : DeflateOptions.inflateContextBytes(windowBits: receiveBits))
            + (deflater == nil
                ? 0 : DeflateOptions.deflateContextBytes(windowBits: bits, memoryLevel: Int(memoryLevel)))
    }

    /// What the connection cannot do without from its first message on: the other side's window, where it is
    /// taken over. A compressor it can do without: messages then go as they are.
    var promisedBytes: Int {
        receivesAlone ? 0 : DeflateOptions.inflateContextBytes(windowBits: receiveBits)
    }

    /// Gives the compressor back: the next message is compressed without what went before it, which the
    /// other side need not be told.
    ///
    /// - Precondition: no message is under way in pieces.
    mutating func trim(_ loop: LoopCompressor) {
        guard let deflater else { return }
        self.deflater = nil
        loop.giveBack(deflater)
    }

    /// Compresses a whole message into the end of `output`.
    ///
    /// - Returns: false when the message is to be sent as it is; the output is as it was then. That is so
    ///   for small messages, for messages sent alone that do not get smaller, where there is no memory for a
    ///   context, and where the output has no room for what came of it.
    /// - Precondition: no message is under way in pieces.
    package mutating func compress(
        _ message: RawSpan, _ loop: LoopCompressor, into output: inout WriteBuffer
    ) -> Bool {
        guard message.byteCount >= minimumBytes else { return false }
        if sendsAlone {
            precondition(deflater == nil, "a message is under way")
            return loop.compressAlone(message, settings, into: &output)
        }
        if deflater == nil {
            // Why: without a context nothing is lost yet; the next message may find memory for one.
            guard let context = try? loop.borrowDeflater(settings) else { return false }
            deflater = context
        }
        let start = output.count
        do throws(DeflateError) {
            try compress(piece: message, .message, loop, into: &output)
            return true
        } catch {
            // The peer has seen nothing of it, so it misses nothing: its window is that of the messages
            // before, to which the next ones do not refer.
            output.truncate(to: start)
            forgetSent()
            return false
        }
    }

    /// Whether a message of so many bytes, compressed for many, may be sent in the place of one compressed
    /// here.
    package func mayShare(_ count: Int) -> Bool { count >= minimumBytes }

    /// What was compressed here last did not go out, or something compressed elsewhere did: the peer's window
    /// is not the compressor's any more, and the next message must not refer to it (RFC 7692 7.2.3.2).
    ///
    /// - Precondition: no message is under way in pieces.
    package mutating func forgetSent() { deflater?.reset() }

    /// Compresses a piece of a message into the end of `output`, which may get nothing.
    ///
    /// - Throws: when memory or the output's limit does not allow it. The message cannot be finished.
    package mutating func compress(
        piece: RawSpan, _ boundary: Deflater.Boundary, _ loop: LoopCompressor,
        into output: inout WriteBuffer
    ) throws(DeflateError) {
        let context: Deflater
        if let deflater { context = deflater } else { context = try loop.borrowDeflater(settings) }
        deflater = context
        try context.compress(piece, boundary, into: &output)
        if boundary == .message && sendsAlone {
            deflater = nil
            loop.giveBack(context)
        }
    }

    /// Decompresses a piece of a message into the end of `output`; see
    /// ``Inflater/inflate(_:isLast:into:messageBytesMax:)``.
    ///
    /// - Throws: what makes the connection fail.
    package mutating func inflate(
        _ piece: RawSpan, isLast: Bool, _ loop: LoopCompressor, into output: inout WriteBuffer,
        messageBytesMax: Int
    ) throws(DeflateError) {
        let context: Inflater
        if let inflater {
            context = inflater
        } else {
            if isLast && receivesAlone,
                loop.inflateAlone(piece, into: &output, messageBytesMax: messageBytesMax)
            {
                return
            }
            context = try loop.borrowInflater(windowBits: receiveBits)
        }
        inflater = context
        // A window is allocated with the first output.
        defer { loop.settle() }
        try context.inflate(
            piece, isLast: isLast, into: &output, messageBytesMax: messageBytesMax)
        if isLast && receivesAlone {
            inflater = nil
            loop.giveBack(context)
        }
    }

    private var receiveBits: Int {
        Int(role == .server ? agreement.clientWindowBits : agreement.serverWindowBits)
    }

    /// Gives all contexts back. A message that was under way is gone.
    package mutating func end(_ loop: LoopCompressor) {
        if let deflater { loop.giveBack(deflater) }
        if let inflater { loop.giveBack(inflater) }
        deflater = nil
        inflater = nil
    }
}
#endif
