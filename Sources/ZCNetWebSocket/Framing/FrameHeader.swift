internal import CZCNet
import ZCNet

/// What a frame carries: RFC 6455 5.2. Other numbers are reserved and refused.
@frozen
public enum WebSocketOpcode: UInt8, Hashable, Sendable, CaseIterable {
    /// More of the message that is in progress.
    case continuation = 0
    /// A text message, or its first fragment; UTF-8.
    case text = 1
    /// A binary message, or its first fragment.
    case binary = 2
    /// The end of the conversation.
    case close = 8
    /// A request to answer with a pong.
    case ping = 9
    /// An answer to a ping, or a heartbeat that nobody asked for.
    case pong = 10

    /// Whether frames of this kind may stand between the fragments of a message, and so are short and whole.
    @inlinable
    public var isControl: Bool { rawValue >= 8 }
}

/// The head of a frame as RFC 6455 5.2 lays it out: two to fourteen bytes.
///
/// Pure: reads bytes, keeps none. What a length promises is compared with limits, and never allocated.
@frozen
package struct FrameHeader: Equatable {
    /// The first byte: FIN, RSV1 to RSV3, opcode.
    package let first: UInt8
    /// How long the header is.
    package let headerBytes: Int
    /// How long the payload says it is.
    package let payloadBytes: Int
    /// The masking key as its four bytes lie in memory; 0, which masks nothing, for an unmasked frame.
    package let key: UInt32

    package var isFinal: Bool { first & 0x80 != 0 }
    /// RSV1: the message is compressed, where that was negotiated (RFC 7692 6).
    package var isCompressed: Bool { first & 0x40 != 0 }
    package var opcodeBits: UInt8 { first & 0x0F }

    /// What may come on a connection.
    @frozen
    package struct Rules: Equatable {
        /// Clients mask and servers do not: RFC 6455 5.1.
        package var isMasked: Bool
        /// Whether permessage-deflate was negotiated, so that RSV1 may be set.
        package var allowsCompression: Bool
        /// The longest payload of one frame.
        package var payloadBytesMax: Int

        package init(isMasked: Bool, allowsCompression: Bool, payloadBytesMax: Int) {
            self.isMasked = isMasked
            self.allowsCompression = allowsCompression
            self.payloadBytesMax = payloadBytesMax
        }
    }

    /// What reading a header comes to.
    package enum Outcome: Equatable {
        case header(FrameHeader)
        /// The bytes so far break no rule; more are needed.
        case incomplete
        case invalid(WebSocketError)
    }

    /// Reads the header that `bytes` begins with; `count` bytes are there. Every rule is checked as soon as
    /// the byte that breaks it is there.
    package static func read(_ bytes: UnsafePointer<UInt8>, count: Int, _ rules: Rules) -> Outcome {
        guard count >= 1 else { return .incomplete }
        let first = unsafe bytes[0]
        if let error = checkFirst(first, rules) { return .invalid(error) }
        guard count >= 2 else { return .incomplete }
        let second = unsafe bytes[1]
        let isMasked = second & 0x80 != 0
        if isMasked != rules.isMasked { return .invalid(maskError(isMasked)) }
        let short = Int(second & 0x7F)
        if first & 0x08 != 0 && short > 125 {
            return .invalid(
                .init(
                    .protocolError, expected: "RFC 6455 5.5: control frames carry at most 125 bytes",
                    got: "a long length")
            )
        }
        let lengthBytes = short < 126 ? 0 : short == 126 ? 2 : 8
        guard count >= 2 + lengthBytes else { return .incomplete }
        var length = UInt64(short)
        if lengthBytes > 0 {
            length = 0
            for index in 0..<lengthBytes { length = length << 8 | UInt64(unsafe bytes[2 + index]) }
            if let error = checkLength(length, lengthBytes) { return .invalid(error) }
        }
        guard length <= UInt64(rules.payloadBytesMax) else {
            return .invalid(
                .init(
                    .messageTooBig, expected: "frames of at most \(rules.payloadBytesMax) bytes",
                    got: "\(length)"))
        }
        let headerBytes = 2 + lengthBytes + (isMasked ? 4 : 0)
        guard count >= headerBytes else { return .incomplete }
        let key =
            isMasked
            ? unsafe UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: headerBytes - 4, as: UInt32.self)
            : 0
        return .header(
            FrameHeader(first: first, headerBytes: headerBytes, payloadBytes: Int(length), key: key))
    }

    private static func checkFirst(_ first: UInt8, _ rules: Rules) -> WebSocketError? {
        let opcode = first & 0x0F
        guard let kind = WebSocketOpcode(rawValue: opcode) else {
            return .init(
                .protocolError, expected: "RFC 6455 5.2: opcodes 0, 1, 2, 8, 9, 10", got: "\(opcode)")
        }
        let reserved =
            first & (rules.allowsCompression && !kind.isControl && kind != .continuation ? 0x30 : 0x70)
        if reserved != 0 {
            return .init(
                .protocolError, expected: "RFC 6455 5.2: reserved bits of 0",
                got: "\(reserved >> 4) (\(kind))")
        }
        if kind.isControl && first & 0x80 == 0 {
            return .init(
                .protocolError, expected: "RFC 6455 5.5: control frames in one piece",
                got: "a fragmented \(kind)")
        }
        return nil
    }

    private static func checkLength(_ length: UInt64, _ lengthBytes: Int) -> WebSocketError? {
        if length < (lengthBytes == 2 ? 126 : 65_536) {
            return .init(
                .protocolError, expected: "RFC 6455 5.2: the shortest form of a length",
                got: "\(length) in \(lengthBytes) bytes")
        }
        if length >> 63 != 0 {
            return .init(.protocolError, expected: "RFC 6455 5.2: lengths below 2^63", got: "\(length)")
        }
        return nil
    }

    private static func maskError(_ isMasked: Bool) -> WebSocketError {
        isMasked
            ? .init(
                .protocolError, expected: "RFC 6455 5.1: unmasked frames from a server", got: "a masked one")
            : .init(
                .protocolError, expected: "RFC 6455 5.1: masked frames from a client", got: "an unmasked one")
    }
}

/// Writing the head of a frame: RFC 6455 5.2, always in the shortest form.
package enum FrameHead {
    /// The bit of a first byte that ends a message.
    package static let final: UInt8 = 0x80
    /// The bit of a first byte that says that the message is compressed.
    package static let compressed: UInt8 = 0x40

    /// The head of a frame.
    ///
    /// - Parameters:
    ///   - first: opcode and bits.
    ///   - count: the payload's length.
    ///   - key: a client's masking key, as its four bytes lie in memory; nil for a server.
    @inline(__always)
    package static func make(first: UInt8, count: Int, key: UInt32? = nil) -> MessageHead {
        let mask: UInt64 = key == nil ? 0 : 0x80
        var low: UInt64
        var headBytes: Int
        if count < 126 {
            low = UInt64(first) | (UInt64(truncatingIfNeeded: count) | mask) << 8
            headBytes = 2
        } else if count < 65_536 {
            let length = UInt64(UInt16(truncatingIfNeeded: count).byteSwapped)
            low = UInt64(first) | (126 | mask) << 8 | length << 16
            headBytes = 4
        } else {
            var head = MessageHead(low: UInt64(first) | (127 | mask) << 8, count: 2)
            head.append(UInt64(truncatingIfNeeded: count))
            if let key { head.append(key.bigEndian) }
            return head
        }
        if let key {
            low |= UInt64(key) << UInt64(headBytes * 8)
            headBytes += 4
        }
        return MessageHead(low: low, count: headBytes)
    }

    /// A whole frame as bytes of its own, to be sent to many or later. With a key the payload is masked
    /// already.
    package static func frame(first: UInt8, _ payload: RawSpan, key: UInt32? = nil) -> SharedBytes {
        let head = make(first: first, count: payload.byteCount, key: key)
        return SharedBytes(count: head.count + payload.byteCount) { output in
            for index in 0..<head.count { output.append(head.byte(at: index)) }
            output.append(payload)
        }
    }
}

/// The masking of RFC 6455 5.3: byte i of a payload is combined with byte i mod 4 of the key, which is also
/// how it is undone.
///
/// A key is its four bytes as they lie in memory. Key 0 masks nothing. The bytes belong to the caller, who
/// has them to itself for the length of the call; nothing outside of them is touched.
///
/// **Complexity.** O(n): up to 32 bytes without a loop, more with the widest vectors the processor has.
@usableFromInline
package enum Masking {
    /// Unmasks a payload from its beginning, in place: what nearly all messages need, inlined into the loop
    /// over them as long as they are short.
    @inlinable @inline(__always)
    static func undo(_ key: UInt32, on payload: UnsafeMutableRawBufferPointer) {
        let count = payload.count
        guard let start = payload.baseAddress, count > 16, count <= 32 else {
            return unsafe apply(key, to: payload, offset: 0)
        }
        // The first sixteen bytes and the last, which overlap; both are read before either is written.
        typealias Block = SIMD4<UInt32>
        let rotation = UInt32(truncatingIfNeeded: count & 3) &* 8
        let tailKey = key &>> rotation | key &<< ((32 &- rotation) & 31)
        let tail = unsafe start + (count &- 16)
        // SAFETY: both blocks lie within the payload, which is longer than one of them.
        let first = unsafe start.loadUnaligned(as: Block.self) ^ Block(repeating: key)
        let last = unsafe tail.loadUnaligned(as: Block.self) ^ Block(repeating: tailKey)
        unsafe start.storeBytes(of: first, as: Block.self)
        unsafe tail.storeBytes(of: last, as: Block.self)
    }

    /// Masks or unmasks in place.
    ///
    /// `offset` is where in the payload `bytes` begins, so that a payload that comes in pieces is unmasked as
    /// the pieces come.
    @usableFromInline
    package static func apply(_ key: UInt32, to bytes: UnsafeMutableRawBufferPointer, offset: Int = 0) {
        // SAFETY: the kernel stays within `count` bytes from the base; it touches nothing if there are none.
        unsafe czcnet_unmask(bytes.baseAddress, bytes.count, key, offset)
    }

    /// Masks or unmasks in place.
    package static func apply(_ key: UInt32, to bytes: inout MutableRawSpan, offset: Int = 0) {
        unsafe bytes.withUnsafeMutableBytes { unsafe apply(key, to: $0, offset: offset) }
    }

    /// Copies `count` bytes and masks them on the way: what a client sends, without a second pass over it.
    ///
    /// - Precondition: the places do not overlap.
    package static func copy(
        from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, count: Int, key: UInt32,
        offset: Int = 0
    ) {
        precondition(count >= 0, "a count is not negative")
        // SAFETY: the caller vouches for `count` bytes at both places.
        unsafe czcnet_mask_copy(target, source, count, key, offset)
    }
}

/// Checks text that comes in pieces: UTF-8 as RFC 3629 defines it, which RFC 6455 8.1 asks of text messages.
///
/// A piece may end anywhere, also inside a character. Text is refused at the first byte that no continuation
/// could make right, so a peer is found out as early as possible, and wherever the pieces were cut.
///
/// One byte of state; keeps no bytes. **Complexity.** O(n); ASCII faster than it can be copied.
@frozen @usableFromInline
package struct UTF8Validator: Equatable {
    /// A state of the automaton in `utf8.c`, which has ten and numbers them below 64: 0 between two
    /// characters.
    @usableFromInline var state: UInt8

    /// Stands at the beginning of a text.
    @inlinable
    package init() { state = 0 }

    /// Whether the text may end here: nothing wrong came, and the last character is whole.
    @inlinable
    package var isComplete: Bool { state == 0 }

    /// Checks the next bytes. False: the text is not UTF-8, nor will anything that follows make it so.
    @usableFromInline
    package mutating func consume(_ bytes: UnsafeRawBufferPointer) -> Bool {
        unsafe validPrefix(of: bytes) == bytes.count && UInt32(state) != CZCNET_UTF8_REJECTED
    }

    /// Checks the next bytes. False: the text is not UTF-8, nor will anything that follows make it so.
    package mutating func consume(_ bytes: RawSpan) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe consume($0) }
    }

    /// Checks the next bytes and tells how many of them are right: all, or those before the first wrong one.
    package mutating func validPrefix(of bytes: RawSpan) -> Int {
        unsafe bytes.withUnsafeBytes { unsafe validPrefix(of: $0) }
    }

    /// Checks the next bytes and tells how many of them are right: all, or those before the first wrong one.
    package mutating func validPrefix(of bytes: UnsafeRawBufferPointer) -> Int {
        var wide = UInt32(state)
        defer { state = UInt8(truncatingIfNeeded: wide) }
        // SAFETY: the kernel reads `count` bytes from the base, and nothing when there are none.
        return unsafe czcnet_utf8_step(&wide, bytes.baseAddress, bytes.count)
    }

    /// Whether the bytes are a whole text.
    package static func isValid(_ bytes: RawSpan) -> Bool {
        var validator = UTF8Validator()
        return validator.consume(bytes) && validator.isComplete
    }
}
