import ZCNet

/// What a client says to a server, appended to a buffer. Each appends all of an operation or throws.
extension WriteBuffer {
    /// `PUB`, or `HPUB` where there are headers.
    ///
    /// - Parameters:
    ///   - reply: where answers are wanted; empty for none.
    ///   - headers: as they stand on the wire, without the empty line at the end; empty for none.
    mutating func appendPublication(
        _ subject: RawSpan, reply: RawSpan, headers: RawSpan, _ payload: RawSpan
    ) throws(WriteBufferError) {
        let most = subject.byteCount + reply.byteCount + headers.byteCount + payload.byteCount
        var pen = try unsafe Pen(spare(atLeast: most + Pen.headBytesMax))
        pen.writeHead(subject, reply: reply, headers: headers, payloadBytes: payload.byteCount)
        pen.write(payload)
        pen.endLine()
        commit(pen.count)
    }

    /// All of a publication that stands before its payload.
    mutating func appendPublicationHead(
        _ subject: RawSpan, reply: RawSpan, headers: RawSpan, payloadBytes: Int
    ) throws(WriteBufferError) {
        let most = subject.byteCount + reply.byteCount + headers.byteCount
        var pen = try unsafe Pen(spare(atLeast: most + Pen.headBytesMax))
        pen.writeHead(subject, reply: reply, headers: headers, payloadBytes: payloadBytes)
        commit(pen.count)
    }

    /// `SUB`; the queue is empty for none.
    mutating func appendSubscription(
        _ pattern: RawSpan, queue: RawSpan, sid: Int
    ) throws(WriteBufferError) {
        try append("SUB " as StaticString)
        try append(pattern)
        try append(UInt8(ascii: " "))
        if queue.byteCount > 0 {
            try append(queue)
            try append(UInt8(ascii: " "))
        }
        try append(decimal: sid)
        try append("\r\n" as StaticString)
    }

    /// `UNSUB`, at once or after so many messages since `SUB`.
    mutating func appendUnsubscription(sid: Int, after messages: Int?) throws(WriteBufferError) {
        try append("UNSUB " as StaticString)
        try append(decimal: sid)
        if let messages {
            try append(UInt8(ascii: " "))
            try append(decimal: messages)
        }
        try append("\r\n" as StaticString)
    }

    /// A number that is not negative, in digits.
    mutating func append(decimal number: Int) throws(WriteBufferError) {
        var pen = try unsafe Pen(spare(atLeast: Pen.digitsMax))
        pen.write(decimal: number)
        commit(pen.count)
    }
}

/// Writes into room that was made for it, for what is written per message.
///
/// SAFETY: `@safe` because whoever makes one has made room for all that it will write, and lets nobody else
/// change the buffer meanwhile.
@safe
private struct Pen: ~Copyable {
    private let start: UnsafeMutableRawPointer?
    private(set) var count = 0

    static let digitsMax = 20
    /// What stands around the parts of a publication: its name, two sizes, blanks and three ends of lines.
    static let headBytesMax = 64

    init(_ room: UnsafeMutableRawBufferPointer) { unsafe start = room.baseAddress }

    @inline(__always)
    mutating func write(_ byte: UInt8) {
        unsafe start?.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    @inline(__always)
    mutating func write(_ bytes: RawSpan) {
        let length = bytes.byteCount
        guard length > 0, let start = unsafe start else { return }
        unsafe bytes.withUnsafeBytes { source in
            guard let from = source.baseAddress else { return }
            unsafe (start + count).copyMemory(from: from, byteCount: length)
        }
        count &+= length
    }

    @inline(__always)
    mutating func endLine() {
        write(13)
        write(10)
    }

    @inline(__always)
    mutating func write(decimal number: Int) {
        var divisor = 1
        while number / 10 >= divisor { divisor *= 10 }
        var rest = UInt32(clamping: number)
        if number > Int(UInt32.max) { return writeLong(number, divisor) }
        var small = UInt32(clamping: divisor)
        while small > 0 {
            write(UInt8(truncatingIfNeeded: 48 &+ rest / small))
            rest %= small
            small /= 10
        }
    }

    @inline(never)
    private mutating func writeLong(_ number: Int, _ divisor: Int) {
        var (rest, divisor) = (number, divisor)
        while divisor > 0 {
            write(UInt8(truncatingIfNeeded: 48 + rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }

    @inline(__always)
    mutating func writeHead(_ subject: RawSpan, reply: RawSpan, headers: RawSpan, payloadBytes: Int) {
        if headers.byteCount > 0 { write(UInt8(ascii: "H")) }
        unsafe start?.storeBytes(
            of: (0x2042_5550 as UInt32).littleEndian, toByteOffset: count, as: UInt32.self)
        count &+= 4
        write(subject)
        write(UInt8(ascii: " "))
        if reply.byteCount > 0 {
            write(reply)
            write(UInt8(ascii: " "))
        }
        guard headers.byteCount > 0 else {
            write(decimal: payloadBytes)
            return endLine()
        }
        write(decimal: headers.byteCount + 2)
        write(UInt8(ascii: " "))
        write(decimal: headers.byteCount + 2 + payloadBytes)
        endLine()
        write(headers)
        endLine()
    }
}
