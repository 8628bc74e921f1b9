import ZCNet

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
