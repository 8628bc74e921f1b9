#if Deflate
internal import CZlib
import ZCNet

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
#endif
