#if Deflate
internal import CZlib
import ZCNet

#if Libdeflate
internal import CLibdeflate
#endif

/// The books of a loop's compression memory, with a bound: every byte that zlib asks for goes through here.
///
/// **Ownership.** Contexts keep their account alive.
///
/// **Threads.** The loop's thread only; so are all contexts on it.
@safe
package final class DeflateAccount {
    // SAFETY: `@safe` because the pointee lives exactly as long as the object, and all contexts that
    // write to it hold the object.
    let books: UnsafeMutablePointer<czlib_account>

    /// Opens the books.
    ///
    /// - Parameter bytesMax: what all contexts together may take.
    /// - Precondition: `bytesMax >= 0`.
    package init(bytesMax: Int) {
        precondition(bytesMax >= 0, "a negative bound")
        unsafe books = .allocate(capacity: 1)
        unsafe books.initialize(to: czlib_account())
        unsafe books.pointee.bytes_max = bytesMax
    }

    deinit { unsafe books.deallocate() }

    /// What the contexts take now.
    package var bytes: Int { unsafe books.pointee.bytes }
    /// The most that they took at a time.
    package var bytesMost: Int { unsafe books.pointee.bytes_most }
    /// What they may take.
    package var bytesMax: Int { unsafe books.pointee.bytes_max }
    /// Blocks of memory in use.
    package var blockCount: Int { unsafe books.pointee.blocks }
    /// How many contexts are alive.
    package var contextCount: Int { unsafe books.pointee.codecs }

    /// The refusal of a context, in words.
    func refusal(_ status: czlib_status, of what: String) -> DeflateError {
        status == CZLIB_BAD_PARAMETER
            ? DeflateError(.unsupported, expected: "parameters that zlib takes", got: what)
            : DeflateError(
                .outOfMemory, expected: "room for \(what)", got: "\(bytes) of \(bytesMax) bytes taken")
    }
}

@available(*, unavailable)
extension DeflateAccount: Sendable {}

/// Compresses messages for permessage-deflate (RFC 7692 7.2.1).
///
/// A message is given whole or in pieces; what comes out, in order, is the payload of its frames. Reset
/// between messages where no context is taken over.
///
/// **Ownership.** Input is read during the call only; output is appended to the caller's buffer. The
/// context takes ``DeflateOptions/deflateContextBytes(windowBits:memoryLevel:)``.
///
/// **Threads.** That of its account.
///
/// **Complexity.** Linear in the input; ``reset()`` clears 2^(memoryLevel + 8) bytes.
@safe
package final class Deflater {
    /// What makes two idle compressors interchangeable.
    package struct Settings: Hashable, Sendable {
        package var level: UInt8
        package var memoryLevel: UInt8
        package var windowBits: UInt8

        /// Settings within the bounds of ``DeflateOptions``.
        package init(level: Int, memoryLevel: Int, windowBits: Int) {
            self.level = UInt8(level)
            self.memoryLevel = UInt8(memoryLevel)
            self.windowBits = UInt8(windowBits)
        }
    }

    /// What a piece of a message is followed by.
    package enum Boundary: Hashable, Sendable {
        /// More of the message. Output may wait in the context.
        case none
        /// More of the message, but the peer must be able to see this much now.
        case piece
        /// Nothing: the message ends.
        case message
    }

    /// An empty stored block behind a message's data ends with this; it is not sent (RFC 7692 7.2.1).
    static let tail: UInt32 = 0xFFFF_0000
    /// The output is offered at least so much room, lest zlib repeat its flush marker.
    private static let roomMin = 64

    package let settings: Settings
    package let account: DeflateAccount
    // SAFETY: `@safe` because the pointee is a compressor of its own from init to deinit.
    private let codec: UnsafeMutablePointer<czlib_codec>
    /// Whether input was taken that is not flushed yet.
    private var hasUnflushedInput = false
    /// Whether nothing was compressed since the start or the last reset.
    package private(set) var isFresh = true
    private var isLost = false

    /// Makes a compressor.
    ///
    /// - Throws: when its memory is refused, or zlib does not know the settings.
    package init(_ settings: Settings, account: DeflateAccount) throws(DeflateError) {
        var status = CZLIB_OK
        let made = unsafe czlib_deflater_make(
            account.books, CInt(settings.level), CInt(settings.windowBits), CInt(settings.memoryLevel),
            &status)
        guard let made = unsafe made else {
            throw account.refusal(status, of: "a compressor with \(settings)")
        }
        self.settings = settings
        self.account = account
        unsafe codec = unsafe made
    }

    deinit { unsafe czlib_deflater_end(codec) }

    /// Forgets all messages, as is due after each where no context is taken over, and any error. Keeps the
    /// memory; nothing to do for a fresh one.
    package func reset() {
        guard !isFresh else { return }
        unsafe czlib_deflater_reset(codec)
        isFresh = true
        hasUnflushedInput = false
        isLost = false
    }

    /// Compresses a piece of a message into the end of `output`.
    ///
    /// - Throws: when the output's limit or the system's memory does not allow it. The context is lost
    ///   then, and part of the output may have been appended.
    package func compress(
        _ piece: RawSpan, _ boundary: Boundary, into output: inout WriteBuffer
    ) throws(DeflateError) {
        guard !isLost else {
            throw DeflateError(.contextLost, expected: "a compressor that works", got: "one that has failed")
        }
        if boundary != .none && !hasUnflushedInput && piece.byteCount == 0 {
            // RFC 7692 7.2.3.6: an empty stored block without its tail. zlib would emit nothing, for it
            // has just flushed. A mere piece needs nothing at all.
            if boundary == .message { try append(0, to: &output) }
            return
        }
        isLost = true
        isFresh = false
        var rest = piece
        let flush = boundary == .none ? CZLIB_FLUSH_NONE : CZLIB_FLUSH_SYNC
        while true {
            let step = try step(rest, flush, &output)
            rest = rest.extracting(droppingFirst: step.consumed)
            if step.is_done { break }
        }
        hasUnflushedInput = boundary == .none && (hasUnflushedInput || piece.byteCount > 0)
        if boundary == .message { try dropTail(of: &output) }
        isLost = false
    }

    private func step(
        _ input: RawSpan, _ flush: czlib_flush, _ output: inout WriteBuffer
    ) throws(DeflateError) -> czlib_step {
        let step: czlib_step
        do throws(WriteBufferError) {
            let room = unsafe try output.spare(atLeast: Self.roomMin)
            step = unsafe input.withUnsafeBytes { bytes in
                // SAFETY: zlib reads within the input and writes within the room, during the call.
                unsafe czlib_deflate(
                    codec, bytes.baseAddress, bytes.count, room.baseAddress, room.count, flush)
            }
        } catch {
            throw Self.refusal(error)
        }
        output.commit(step.produced)
        guard step.status == CZLIB_OK else {
            throw DeflateError(
                .contextLost, expected: "zlib's status \(CZLIB_OK.rawValue)", got: "\(step.status.rawValue)")
        }
        return step
    }

    private func append(_ byte: UInt8, to output: inout WriteBuffer) throws(DeflateError) {
        do throws(WriteBufferError) { try output.append(byte) } catch { throw Self.refusal(error) }
    }

    /// Takes the flush marker's last four bytes off again.
    private func dropTail(of output: inout WriteBuffer) throws(DeflateError) {
        let count = output.count
        guard count >= 4, Self.tailValue(output.bytes) == Self.tail else {
            throw DeflateError(
                .contextLost, expected: "00 00 FF FF at the end of a flush", got: "other bytes")
        }
        output.truncate(to: count - 4)
    }

    private static func tailValue(_ bytes: RawSpan) -> UInt32 {
        // SAFETY: the caller checked that there are four bytes.
        unsafe UInt32(
            littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: bytes.byteCount - 4, as: UInt32.self))
    }

    static func refusal(_ error: WriteBufferError) -> DeflateError {
        DeflateError(
            error.code == .outOfMemory ? .outOfMemory : .outputFull,
            expected: "at most \(error.expected) bytes of output", got: "\(error.got)")
    }
}

@available(*, unavailable)
extension Deflater: Sendable {}

/// Decompresses messages of permessage-deflate (RFC 7692 7.2.2).
///
/// A message's payload is given in pieces cut anywhere; its bytes are appended to the caller's buffer as
/// they come out. Reset between messages where no context is taken over.
///
/// A block that says it is the last (BFINAL) ends nothing but itself: the next begins with the next byte
/// and may refer to what came before it (RFC 7692 7.2.3.4).
///
/// **Ownership.** Input is read during the call only. The context takes
/// ``DeflateOptions/inflateContextBytes(windowBits:)``, the window's share from the first output on.
///
/// **Threads.** That of its account.
///
/// **Complexity.** Linear in input plus output.
///
/// **Limits.** The inflated size is checked while inflating: a message beyond its limit is refused with at
/// most the limit in the buffer, and the buffer grows by what came out, never by what the input claims.
@safe
package final class Inflater {
    /// Each growth of the output is for at least so much, or what the limit leaves.
    private static let roomMin = 512
    /// And at most so much, beyond which the buffer's own doubling does better.
    private static let roomMax = 16 << 10

    package let windowBits: Int
    package let account: DeflateAccount
    // SAFETY: `@safe` because the pointee is a decompressor of its own from init to deinit.
    private let codec: UnsafeMutablePointer<czlib_codec>
    /// What came out of the present message so far.
    package private(set) var messageBytes = 0
    /// Whether nothing was decompressed since the start or the last reset.
    package private(set) var isFresh = true
    private var isLost = false

    /// Makes a decompressor for streams that look back at most 2 to the power of `windowBits`.
    ///
    /// A stream that looks back further is invalid as soon as that is not at hand any more.
    ///
    /// - Throws: when its memory is refused, or the bits are not within 8...15.
    package init(windowBits: Int, account: DeflateAccount) throws(DeflateError) {
        var status = CZLIB_OK
        let made = unsafe czlib_inflater_make(account.books, CInt(windowBits), &status)
        guard let made = unsafe made else {
            throw account.refusal(status, of: "a decompressor with \(windowBits) window bits")
        }
        self.windowBits = windowBits
        self.account = account
        unsafe codec = unsafe made
    }

    deinit { unsafe czlib_inflater_end(codec) }

    /// Forgets all messages, as is due after each where no context is taken over, and any error. Keeps the
    /// memory; nothing to do for a fresh one.
    package func reset() {
        guard !isFresh else { return }
        unsafe czlib_inflater_reset(codec)
        isFresh = true
        messageBytes = 0
        isLost = false
    }

    /// Decompresses a piece of a message into the end of `output`.
    ///
    /// - Parameters:
    ///   - piece: the next bytes of the message's payload, frames' heads and masks removed.
    ///   - isLast: whether the message ends with it.
    ///   - output: gets what came out, also of a message that then proves wrong.
    ///   - messageBytesMax: what the whole message may inflate to. The output's own limit counts as well.
    /// - Throws: for what the peer must not send, a message that is too big, and refused memory. The
    ///   context is lost then.
    package func inflate(
        _ piece: RawSpan, isLast: Bool, into output: inout WriteBuffer, messageBytesMax: Int
    ) throws(DeflateError) {
        guard !isLost else {
            throw DeflateError(
                .contextLost, expected: "a decompressor that works", got: "one that has failed")
        }
        isLost = true
        isFresh = false
        try feed(piece, &output, messageBytesMax)
        if isLast {
            try end(&output, messageBytesMax)
            messageBytes = 0
        }
        isLost = false
    }

    /// Gives the decompressor the four bytes that the sender left out (RFC 7692 7.2.2), and checks that
    /// the message ended where a block does.
    private func end(_ output: inout WriteBuffer, _ messageBytesMax: Int) throws(DeflateError) {
        // Why: after a final block that nothing follows, all is said already; a sender that forgot to add
        // an empty block behind it is understood all the same.
        if unsafe codec.pointee.is_after_final_block { return }
        let tail = Self.tail
        // SAFETY: bytes without padding.
        try feed(unsafe tail.span.bytes, &output, messageBytesMax)
        guard unsafe czlib_inflater_is_between_blocks(codec) else {
            throw DeflateError(
                .truncated, expected: "the end of a block at the end of the message", got: "a part of one")
        }
    }

    private static let tail: [UInt8] = [0, 0, 0xFF, 0xFF]

    private func feed(
        _ input: RawSpan, _ output: inout WriteBuffer, _ messageBytesMax: Int
    ) throws(DeflateError) {
        var rest = input
        while true {
            let allowance = min(messageBytesMax - messageBytes, output.limit - output.count)
            let guess = max(Self.roomMin, min(rest.byteCount, Self.roomMax / 4) * 4)
            let step = try step(rest, &output, room: max(0, min(guess, allowance)), allowance)
            messageBytes += step.produced
            try check(step, output, messageBytesMax)
            if step.is_done { return }
            rest = rest.extracting(droppingFirst: step.consumed)
        }
    }

    private func step(
        _ input: RawSpan, _ output: inout WriteBuffer, room roomMin: Int, _ allowance: Int
    ) throws(DeflateError) -> czlib_step {
        do throws(WriteBufferError) {
            let bound = output.count + max(0, allowance)
            let spare = unsafe try output.spare(atLeast: roomMin, capacityMax: bound)
            let room = min(spare.count, max(0, allowance))
            let step = unsafe input.withUnsafeBytes { bytes in
                // SAFETY: zlib reads within the input and writes within the room, during the call.
                unsafe czlib_inflate(codec, bytes.baseAddress, bytes.count, spare.baseAddress, room)
            }
            output.commit(step.produced)
            return step
        } catch {
            throw Deflater.refusal(error)
        }
    }

    private func check(
        _ step: czlib_step, _ output: borrowing WriteBuffer, _ messageBytesMax: Int
    ) throws(DeflateError) {
        switch step.status {
        case CZLIB_OK: return
        case CZLIB_NO_ROOM:
            if messageBytes >= messageBytesMax {
                throw DeflateError(
                    .messageTooBig, expected: "at most \(messageBytesMax) bytes inflated", got: "more")
            }
            throw DeflateError(.outputFull, expected: "at most \(output.limit) bytes", got: "more")
        case CZLIB_NO_MEMORY:
            throw account.refusal(step.status, of: "a window of \(windowBits) bits")
        default:
            // SAFETY: zlib's words are constants that end with a zero.
            let complaint = unsafe czlib_complaint(codec).map { unsafe String(cString: $0) }
            throw DeflateError(
                .invalidData,
                expected: "a DEFLATE stream",
                got: "\(complaint ?? "none"), after \(messageBytes) bytes of the message")
        }
    }
}

@available(*, unavailable)
extension Inflater: Sendable {}

#if Libdeflate
/// Compresses and decompresses messages that stand by themselves, with libdeflate, several times as fast as
/// zlib. What it declines (long messages, several blocks, whatever is wrong) is zlib's.
///
/// **Ownership.** As for ``Deflater`` and ``Inflater``. Some 250 KiB, which no peer can make more; in
/// nobody's books.
///
/// **Threads.** The loop's only.
@safe
final class WholeMessageCodec {
    // SAFETY: `@safe` because the pointee is a codec of its own from init to deinit.
    private let codec: UnsafeMutablePointer<clibdeflate_codec>

    /// Makes a codec; nil where there is no memory.
    init?() {
        guard let codec = unsafe clibdeflate_make() else { return nil }
        unsafe self.codec = codec
    }

    deinit { unsafe clibdeflate_end(codec) }

    /// Compresses a message into the end of `output`: whether it got smaller; nil declines. The output is as
    /// it was unless the answer is true.
    func compress(
        _ message: RawSpan, _ settings: Deflater.Settings, into output: inout WriteBuffer
    ) -> Bool? {
        let count = message.byteCount
        // Nothing looks back further than a message is long.
        guard count <= 1 << Int(settings.windowBits) else { return nil }
        let room = count + Int(CLIBDEFLATE_ROOM_BYTES)
        guard let spare = unsafe try? output.spare(atLeast: room) else { return nil }
        var produced = 0
        let outcome = unsafe message.withUnsafeBytes { bytes in
            // SAFETY: reads within the message and writes within the room, during the call.
            unsafe clibdeflate_compress(
                codec, CInt(settings.level), bytes.baseAddress, count, spare.baseAddress, room, &produced)
        }
        switch outcome {
        case CLIBDEFLATE_DONE where produced < count:
            output.commit(produced)
            return true
        case CLIBDEFLATE_DECLINED: return nil
        default: return false
        }
    }

    /// Inflates a whole message into the end of `output`; false declines, with the output as it was.
    func inflate(_ payload: RawSpan, into output: inout WriteBuffer, messageBytesMax: Int) -> Bool {
        let count = payload.byteCount
        guard count <= Int(CLIBDEFLATE_INPUT_BYTES_MAX) else { return false }
        // Text gets three to five times as long; what gets longer yet is looked at piece by piece.
        let most = min(messageBytesMax, output.limit - output.count)
        let room = min(most, max(1024, count * 6))
        guard room > 0, let spare = unsafe try? output.spare(atLeast: room, capacityMax: output.count + most)
        else { return false }
        var produced = 0
        let isDone = unsafe payload.withUnsafeBytes { bytes in
            // SAFETY: reads within the payload and writes within the room, during the call.
            unsafe clibdeflate_inflate(
                codec, bytes.baseAddress, count, spare.baseAddress, min(spare.count, most), &produced)
        }
        if isDone { output.commit(produced) }
        return isDone
    }
}

@available(*, unavailable)
extension WholeMessageCodec: Sendable {}
#endif
#endif
