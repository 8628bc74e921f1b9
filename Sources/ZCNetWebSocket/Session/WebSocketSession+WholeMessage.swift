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
