import ZCNet

/// How much a server may send at once; more is a broken rule and ends the connection.
package struct NATSFrameLimits: Hashable, Sendable {
    /// The longest line but `INFO`. Why 8,192: servers take 4,096 by default, and some are told to take more.
    package var lineBytesMax = 8192
    /// The longest `INFO`. Why 128 KiB: it names every server of a cluster.
    package var infoBytesMax = 128 << 10
    /// The largest payload, headers included.
    package var messageBytesMax = 8 << 20

    package init() {}
}

/// One operation of a server, found in received bytes: what it is, and where its parts lie. Plain numbers, no
/// memory.
///
/// Stateless: whoever reads shows all bytes from the operation's beginning again until it is whole, which
/// costs one look at its line per reception.
package struct NATSFrame: Equatable {
    package enum Kind: UInt8 {
        case message, info, ping, pong, ok, error
    }

    package var kind: Kind
    /// The subscription that a message is for.
    package var sid = 0
    package var subject = 0..<0
    /// Empty when there is none.
    package var reply = 0..<0
    /// Empty for a message without headers.
    package var headers = 0..<0
    /// A message's payload, or what stands behind `INFO` and `-ERR`.
    package var payload = 0..<0
    /// Where the next operation begins.
    package var end = 0

    /// The whole operation at `position`; nil when the bytes end before it does.
    ///
    /// - Throws: ``NATSError`` as soon as no operation can become of the bytes.
    package static func read(
        _ bytes: RawSpan, at position: Int, _ limits: NATSFrameLimits
    ) throws(NATSError) -> NATSFrame? {
        // SAFETY: the reader lives during the call only, and stays within the bytes.
        try unsafe bytes.withUnsafeBytes { (memory) throws(NATSError) in
            guard position < memory.count, let address = memory.baseAddress else { return nil }
            var reader = unsafe LineReader(address, count: memory.count, at: position, limits)
            return try reader.operation()
        }
    }
}

/// Reads one operation, byte by byte. Nil means that the bytes end too early.
///
/// SAFETY: `@safe` because it asks for no byte before it has compared its place with `count`.
@safe
private struct LineReader: ~Copyable {
    private let address: UnsafeRawPointer
    private let count: Int
    private var position: Int
    private let start: Int
    private let limits: NATSFrameLimits

    init(_ address: UnsafeRawPointer, count: Int, at position: Int, _ limits: NATSFrameLimits) {
        unsafe self.address = address
        self.count = count
        self.position = position
        start = position
        self.limits = limits
    }

    @inline(__always)
    private func byte(_ place: Int) -> UInt8 {
        assert(place >= 0 && place < count, "a byte at \(place) of \(count)")
        return unsafe address.load(fromByteOffset: place, as: UInt8.self)
    }

    mutating func operation() throws(NATSError) -> NATSFrame? {
        // The letters in any case, as servers may write them.
        switch byte(position) | 0x20 {
        case UInt8(ascii: "m"): return try message("MSG", hasHeaders: false)
        case UInt8(ascii: "h"): return try message("HMSG", hasHeaders: true)
        case UInt8(ascii: "p"):
            guard start + 1 < count else { return nil }
            let isPing = byte(start + 1) | 0x20 == UInt8(ascii: "i")
            return try line(isPing ? "PING" : "PONG", isPing ? .ping : .pong)
        case UInt8(ascii: "+"): return try line("+OK", .ok)
        case UInt8(ascii: "-"): return try line("-ERR", .error)
        case UInt8(ascii: "i"): return try line("INFO", .info)
        default: throw expected("MSG, HMSG, PING, PONG, +OK, -ERR or INFO", at: start)
        }
    }

    // MARK: Messages

    @inline(__always)
    private mutating func message(
        _ name: StaticString, hasHeaders: Bool
    ) throws(NATSError) -> NATSFrame? {
        var frame = NATSFrame(kind: .message)
        guard try word(name), try blank(), let subject = try token() else { return nil }
        frame.subject = subject
        guard try blank(), let sid = try number() else { return nil }
        frame.sid = sid
        guard try blank(), var third = try token() else { return nil }
        // A reply, when as many sizes follow as there have to be.
        let sizes = hasHeaders ? 2 : 1
        guard var following = try countTokens() else { return nil }
        if following == sizes {
            frame.reply = third
            guard try blank(), let next = try token() else { return nil }
            third = next
            following -= 1
        }
        guard following == sizes - 1 else {
            throw expected("\(sizes) sizes at the end of a message's line", at: position)
        }
        var headerBytes = 0
        var total = try size(third)
        if hasHeaders {
            headerBytes = total
            guard try blank(), let last = try token() else { return nil }
            total = try size(last)
        }
        guard headerBytes <= total else {
            throw NATSError(
                .protocolViolation, expected: "at most \(total) bytes of headers", got: "\(headerBytes)")
        }
        guard try endOfLine() else { return nil }
        frame.headers = position..<(position + headerBytes)
        frame.payload = frame.headers.upperBound..<(position + total)
        frame.end = position + total + 2
        guard frame.end <= count else { return nil }
        let end = position + total
        guard byte(end) == 13, byte(end + 1) == 10 else {
            throw expected("the end of a message of \(total) bytes", at: end)
        }
        return frame
    }

    /// How many tokens follow on the line, without moving; nil when its end is not there.
    @inline(__always)
    private func countTokens() throws(NATSError) -> Int? {
        var tokens = 0
        var isInside = false
        var place = position
        while place < count {
            let byte = self.byte(place)
            if byte == 13 || byte == 10 { return tokens }
            let isBlank = byte == 32 || byte == 9
            if !isBlank && !isInside { tokens += 1 }
            isInside = !isBlank
            place += 1
        }
        try checkLine(limits.lineBytesMax)
        return nil
    }

    private func size(_ range: Range<Int>) throws(NATSError) -> Int {
        var value = 0
        for place in range {
            let digit = byte(place) &- 48
            guard digit < 10 else { throw expected("a size in digits", at: place) }
            value = value &* 10 &+ Int(digit)
            guard value <= limits.messageBytesMax else {
                throw NATSError(
                    .payload, expected: "messages of at most \(limits.messageBytesMax) bytes",
                    got: "one of \(value) or more")
            }
        }
        return value
    }

    // MARK: Other lines

    private mutating func line(_ name: StaticString, _ kind: NATSFrame.Kind) throws(NATSError) -> NATSFrame? {
        guard try word(name) else { return nil }
        var end = position
        while end < count, byte(end) != 10 { end += 1 }
        guard end < count else {
            position = end
            try checkLine(kind == .info ? limits.infoBytesMax : limits.lineBytesMax)
            return nil
        }
        guard end > position, byte(end - 1) == 13 else { throw expected("a line to end in CRLF", at: end) }
        var frame = NATSFrame(kind: kind, end: end + 1)
        var (first, last) = (position, end - 1)
        while first < last, isBlank(byte(first)) { first += 1 }
        while last > first, isBlank(byte(last - 1)) { last -= 1 }
        frame.payload = first..<last
        guard kind == .info || kind == .error || frame.payload.isEmpty else {
            throw expected("nothing behind \(name)", at: first)
        }
        return frame
    }

    // MARK: Pieces

    private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    /// The operation's name, in any case.
    @inline(__always)
    private mutating func word(_ name: StaticString) throws(NATSError) -> Bool {
        for index in 0..<name.utf8CodeUnitCount {
            guard position < count else { return false }
            // SAFETY: `index` lies within the literal.
            let letter = unsafe name.utf8Start[index]
            let byte = self.byte(position)
            guard byte == letter || letter >= 65 && byte == letter | 0x20 else {
                throw expected("\(name)", at: start)
            }
            position += 1
        }
        return true
    }

    /// One blank at least.
    @inline(__always)
    private mutating func blank() throws(NATSError) -> Bool {
        guard position < count else { return false }
        guard isBlank(byte(position)) else { throw expected("a blank", at: position) }
        repeat { position += 1 } while position < count && isBlank(byte(position))
        return true
    }

    @inline(__always)
    private mutating func token() throws(NATSError) -> Range<Int>? {
        let first = position
        while position < count {
            let byte = self.byte(position)
            if byte <= 32 {
                guard position > first else { throw expected("a word", at: position) }
                guard byte == 32 || byte == 9 || byte == 13 else {
                    throw expected("no control character", at: position)
                }
                return first..<position
            }
            position += 1
        }
        try checkLine(limits.lineBytesMax)
        return nil
    }

    @inline(__always)
    private mutating func number() throws(NATSError) -> Int? {
        let first = position
        var value = 0
        while position < count {
            let digit = byte(position) &- 48
            guard digit < 10 else {
                guard position > first else { throw expected("a number", at: position) }
                return value
            }
            guard position - first < 18 else { throw expected("a number of at most 18 digits", at: first) }
            value = value &* 10 &+ Int(digit)
            position += 1
        }
        return nil
    }

    @inline(__always)
    private mutating func endOfLine() throws(NATSError) -> Bool {
        while position < count && isBlank(byte(position)) { position += 1 }
        guard position < count else { return false }
        guard byte(position) == 13 else { throw expected("a line to end in CRLF", at: position) }
        guard position + 1 < count else { return false }
        guard byte(position + 1) == 10 else { throw expected("a line to end in CRLF", at: position) }
        position += 2
        return true
    }

    private func checkLine(_ most: Int) throws(NATSError) {
        let length = count - start
        if length > most {
            throw NATSError(
                .protocolViolation, expected: "lines of at most \(most) bytes",
                got: "one of \(length) or more")
        }
    }

    /// Apart, so that nothing of it is in the way of what is right.
    @inline(never)
    private func expected(_ what: String, at place: Int) -> NATSError {
        let shown = (max(start, place - 8)..<min(count, place + 24)).map { byte($0) }
        let text = String(decoding: shown, as: UTF8.self).unicodeScalars
            .map { $0.value < 32 ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
        return NATSError(.protocolViolation, expected: what, got: "\"\(text)\"")
    }
}
