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
        try ensureRoom(for: subject.byteCount + reply.byteCount + headers.byteCount + payload.byteCount + 64)
        try appendPublicationHead(subject, reply: reply, headers: headers, payloadBytes: payload.byteCount)
        try append(payload)
        try append(13 | 10 << 8 as UInt16, .littleEndian)
    }

    /// All of a publication that stands before its payload.
    mutating func appendPublicationHead(
        _ subject: RawSpan, reply: RawSpan, headers: RawSpan, payloadBytes: Int
    ) throws(WriteBufferError) {
        let hasHeaders = headers.byteCount > 0
        if hasHeaders { try append(UInt8(ascii: "H")) }
        try append(0x2042_5550 as UInt32, .littleEndian)
        try append(subject)
        try append(UInt8(ascii: " "))
        if reply.byteCount > 0 {
            try append(reply)
            try append(UInt8(ascii: " "))
        }
        guard hasHeaders else {
            try append(decimal: payloadBytes)
            return try append(13 | 10 << 8 as UInt16, .littleEndian)
        }
        let headerBytes = headers.byteCount + 2
        try append(decimal: headerBytes)
        try append(UInt8(ascii: " "))
        try append(decimal: headerBytes + payloadBytes)
        try append(13 | 10 << 8 as UInt16, .littleEndian)
        try append(headers)
        try append(13 | 10 << 8 as UInt16, .littleEndian)
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
        if number < 10 { return try append(UInt8(truncatingIfNeeded: 48 + number)) }
        var digits = 0
        var rest = number
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        let place = try reserve(digits).upperBound
        rest = number
        for index in 1...digits {
            try patch(UInt8(truncatingIfNeeded: 48 + rest % 10), at: place - index, .littleEndian)
            rest /= 10
        }
    }
}
