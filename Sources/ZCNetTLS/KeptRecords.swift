#if TLS
import COpenSSL
import ZCLibC
import ZCNet

/// The records of a connection that keeps its `SSL`, as those of TLS 1.2 do: opened where they were received,
/// sealed as the kernel is offered them, by way of the loop's memory.
///
/// `SSL` is shown whole records only, so that it holds no memory for parts of them.
///
/// SAFETY: `@safe` because the handshake's memory is its own, wiped and freed with it.
@safe
struct KeptRecords: ByteTransform, ~Copyable {
    private let shake: UnsafeMutablePointer<ztls_shake>
    private let bench: HandshakeBench
    /// What the `SSL` was made from.
    private let house: ServerHouse?
    let negotiated: NegotiatedSecurity?
    private var hasFailed = false
    private var peerEnded = false
    /// The alert of a failure, sealed: it is the last word.
    private var lastWord: [UInt8] = []

    /// Takes the handshake over.
    init(
        _ shake: UnsafeMutablePointer<ztls_shake>, bench: HandshakeBench, house: ServerHouse?,
        negotiated: NegotiatedSecurity
    ) {
        unsafe self.shake = shake
        self.bench = bench
        self.house = house
        self.negotiated = negotiated
    }

    deinit { unsafe ztls_shake_free(shake) }

    /// RFC 5246 6.2.3: what is sealed may be 2,048 bytes longer than what it holds.
    private static var bodyBytesMax: Int { Int(ZTLS_CONTENT_MAX) + 2048 }

    var recordBytesMax: Int { Self.bodyBytesMax + Int(ZTLS_HEADER) }

    mutating func open(_ bytes: UnsafeMutableRawBufferPointer, behind opened: Int) -> OpenedBytes {
        if hasFailed || peerEnded { return OpenedBytes(end: opened, unopened: 0) }
        let whole = unsafe Self.wholeRecords(bytes, from: opened)
        var result = OpenedBytes(end: opened, unopened: bytes.count - whole)
        if whole == opened { return result }
        var made = 0
        let reading = unsafe bytes.withMemoryRebound(to: UInt8.self) { bytes in
            let start = unsafe bytes.baseAddress?.advanced(by: opened)
            return unsafe ztls_kept_open(bench.loop, shake, start, whole - opened, start, &made)
        }
        result.end += made
        switch reading {
        case ZTLS_READS_ON: break
        case ZTLS_PEER_ENDED:
            peerEnded = true
            (result.unopened, result.outcome) = (0, .peerEnded)
        default:
            hasFailed = true
            lastWord = unsafe Array(output)
            unsafe bench.loop.pointee.output_count = 0
            (result.unopened, result.outcome) = (0, .failed(CloseReason(.protocolError(rule()))))
        }
        result.owesAnswer = unsafe bench.loop.pointee.output_count > 0
        return result
    }

    /// Where the last whole record ends. What cannot be the beginning of one need not be waited for: `SSL`
    /// says what is wrong with it.
    private static func wholeRecords(_ bytes: UnsafeMutableRawBufferPointer, from start: Int) -> Int {
        var position = start
        while bytes.count - position >= Int(ZTLS_HEADER) {
            let body = unsafe Int(bytes[position + 3]) << 8 | Int(bytes[position + 4])
            guard unsafe (20...23).contains(bytes[position]), body <= bodyBytesMax else { return bytes.count }
            guard bytes.count - position - Int(ZTLS_HEADER) >= body else { break }
            position += Int(ZTLS_HEADER) + body
        }
        return position
    }

    private func rule() -> ProtocolRule {
        let complaint = unsafe ztls_take_complaint().map { unsafe String(cString: $0) } ?? "another"
        let (sent, received) = unsafe (shake.pointee.sent_alert, shake.pointee.received_alert)
        // Where this side has sent one, the peer's was a warning of before.
        if received > 0 && sent <= 0 {
            let name = unsafe String(cString: ztls_alert_name(received))
            return ProtocolRule("RFC 5246 7.2: the peer sent alert \(received) (\(name))")
        }
        // SSL_AD_NO_RENEGOTIATION
        if sent == 100 { return ProtocolRule("RFC 9325 3.5: no renegotiation, got the wish for one") }
        let alert = sent < 0 ? "" : unsafe "; sent alert \(sent) (\(String(cString: ztls_alert_name(sent))))"
        return ProtocolRule("RFC 5246 6.2: a record that can be opened, got: \(complaint)\(alert)")
    }

    /// What `SSL` has said and nobody has taken yet.
    private var output: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(
            start: bench.loop.pointee.output, count: bench.loop.pointee.output_count)
    }

    private func takeOutput(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let bytes = unsafe output
        unsafe room.copyMemory(from: bytes)
        unsafe bench.loop.pointee.output_count = 0
        return bytes.count
    }

    /// A header, a nonce and a tag to each record, and what `SSL` has to say itself.
    func sealedBytesMax(of count: Int) -> Int { count + (count / Int(ZTLS_CONTENT_MAX) + 2) * 64 }

    mutating func seal(_ pieces: IOVectors, into room: UnsafeMutableRawBufferPointer) -> Int? {
        // A failed SSL seals nothing.
        if hasFailed { return 0 }
        var cursor = unsafe ztls_cursor(piece: UnsafePointer(pieces.base), offset: 0)
        var rest = pieces.byteCount
        while rest > 0 {
            let count = min(rest, Int(ZTLS_CONTENT_MAX))
            guard unsafe ztls_kept_seal(bench.loop, shake, &cursor, count) else {
                unsafe bench.loop.pointee.output_count = 0
                hasFailed = true
                return nil
            }
            rest -= count
        }
        return unsafe takeOutput(room)
    }

    mutating func answer(into room: UnsafeMutableRawBufferPointer) -> Int { unsafe takeOutput(room) }

    mutating func sealEnd(into room: UnsafeMutableRawBufferPointer) -> Int {
        if hasFailed {
            unsafe room.copyBytes(from: lastWord)
            return lastWord.count
        }
        unsafe ztls_kept_end(shake)
        return unsafe takeOutput(room)
    }

    mutating func streamEnded() -> CloseReason? {
        if peerEnded || hasFailed { return nil }
        let rule = ProtocolRule(
            "RFC 5246 7.2.1: a peer says close_notify before its stream ends, got its end alone")
        return CloseReason(.protocolError(rule))
    }
}
#endif
