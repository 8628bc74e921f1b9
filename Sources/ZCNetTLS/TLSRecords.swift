#if TLS
import COpenSSL
import ZCLibC
import ZCNet

/// The records of a TLS 1.3 connection whose handshake is done: opened where they were received, sealed as
/// the kernel is offered them.
///
/// Holds two directions' keys and what is not finished, some 300 bytes in all; the ciphers are the loop's.
///
/// SAFETY: `@safe` because the pair of keys is its own, wiped and freed with it, and `bench` outlives it.
@safe
package struct TLSRecords: ByteTransform, ~Copyable {
    private let bench: CipherBench
    private let pair: UnsafeMutablePointer<ztls_pair>
    private let suite: Int32
    // In an order that leaves no gaps.

    /// The most content of a record that the peer takes.
    private let contentBytesMax: UInt16
    /// How many records came in a row that held no data.
    private var barrenCount: UInt16 = 0
    package let negotiated: NegotiatedSecurity?
    /// A client's, until the tickets are here.
    private var tickets: TicketTaker?
    /// A handshake message that came in pieces, its first byte highest, and how many bytes there are.
    private var message: UInt64 = 0
    /// How many bytes of a ticket are still to come, which are passed over.
    private var ticketRest: UInt32 = 0
    private var messageCount: UInt8 = 0
    private var flags: Flags = []
    private var alert = TLSAlert.internalError

    private struct Flags: OptionSet {
        let rawValue: UInt8
        /// The peer asked for new keys of this side.
        static let owesUpdate = Flags(rawValue: 1)
        /// This side wants new keys of the peer; and has asked for them.
        static let wantsUpdate = Flags(rawValue: 2)
        static let hasAsked = Flags(rawValue: 4)
        /// The peer has said that nothing follows.
        static let peerEnded = Flags(rawValue: 8)
        /// An alert ends the connection, of this side or of the peer.
        static let hasFailed = Flags(rawValue: 16)
        /// The alert is to be sent, as the last word.
        static let owesAlert = Flags(rawValue: 32)
        /// The peer is a server, which may send tickets.
        static let isClient = Flags(rawValue: 64)
    }

    /// After how many records of a direction its keys are changed: below the limit of AES-GCM (RFC 8446,
    /// 5.5).
    package static let recordsPerKey: UInt64 = 1 << 24
    private let recordsPerKey: UInt64

    /// How many KeyUpdates may come in a row: there are honest peers that ask again with every record until
    /// they are answered. And how many empty records.
    private static let barrenMax: UInt16 = 1024
    private static let emptyMax: UInt16 = 32

    /// Takes the pair over.
    package init(
        _ pair: UnsafeMutablePointer<ztls_pair>, suite: Int32, contentBytesMax: UInt16, bench: CipherBench,
        negotiated: NegotiatedSecurity? = nil, tickets: TicketTaker? = nil, isClient: Bool = false,
        recordsPerKey: UInt64 = Self.recordsPerKey
    ) {
        unsafe self.pair = pair
        self.suite = suite
        self.contentBytesMax = contentBytesMax
        self.bench = bench
        self.negotiated = negotiated
        self.tickets = tickets
        if isClient { flags = .isClient }
        self.recordsPerKey = recordsPerKey
    }

    deinit { unsafe ztls_pair_free(bench.place, suite, pair) }

    package var recordBytesMax: Int { ZTLS_BODY_MAX + ZTLS_HEADER }

    // MARK: Opening

    package mutating func open(_ bytes: UnsafeMutableRawBufferPointer, behind opened: Int) -> OpenedBytes {
        var (end, position) = (opened, opened)
        var outcome = OpenedBytes.Outcome.open
        while position < bytes.count, flags.isDisjoint(with: [.peerEnded, .hasFailed]) {
            // Nothing comes in the clear any more, and who sends something else need not be waited for.
            let outerType = unsafe bytes[position]
            guard outerType == 23 else {
                outcome = fail(.unexpectedMessage, "5.1: records are of type 23, got \(outerType)")
                break
            }
            guard bytes.count - position >= ZTLS_HEADER else { break }
            let body = unsafe Int(bytes[position + 3]) << 8 | Int(bytes[position + 4])
            if body > ZTLS_BODY_MAX {
                outcome = fail(
                    .recordOverflow, "5.2: a record has at most \(ZTLS_BODY_MAX) bytes, got \(body)")
                break
            }
            if body <= ZTLS_TAG {
                outcome = fail(.badRecordMAC, "5.2: a record has at least 17 bytes, got \(body)")
                break
            }
            guard bytes.count - position - ZTLS_HEADER >= body else { break }
            guard let record = unsafe bytes.baseAddress?.advanced(by: position) else { break }
            if let tickets {
                unsafe tickets.keep(record.assumingMemoryBound(to: UInt8.self), ZTLS_HEADER + body)
            }
            var type: UInt8 = 0
            let count = unsafe Int(
                ztls_open(
                    bench.place, suite, &pair.pointee.receiving, record.assumingMemoryBound(to: UInt8.self),
                    body, &type))
            position += ZTLS_HEADER + body
            if tickets != nil { watchTickets(count < 0 ? 0 : type, bytes: ZTLS_HEADER + body) }
            if count < 0 {
                outcome =
                    count == -1
                    ? fail(.badRecordMAC, "5.2: a record's tag is right")
                    : fail(.unexpectedMessage, "5.4: a record has a type, got padding alone")
            } else if count > ZTLS_CONTENT_MAX {
                outcome = fail(.recordOverflow, "5.4: a record holds at most 16384 bytes, got \(count)")
            } else if type == 23 {
                if count == 0 || isWithinMessage {
                    outcome = takeEmpty(count)
                } else {
                    barrenCount = 0
                    unsafe bytes.baseAddress?.advanced(by: end)
                        .copyMemory(from: record + ZTLS_HEADER, byteCount: count)
                    end += count
                }
            } else {
                let content = unsafe UnsafeRawBufferPointer(start: record + ZTLS_HEADER, count: count)
                outcome = unsafe takeControl(type, content)
            }
        }
        if unsafe pair.pointee.receiving.sequence >= recordsPerKey, !flags.contains(.hasAsked) {
            flags.formUnion([.wantsUpdate, .hasAsked])
        }
        let isOver = !flags.isDisjoint(with: [.peerEnded, .hasFailed])
        var result = OpenedBytes(end: end, unopened: isOver ? 0 : bytes.count - position)
        result.owesAnswer = !flags.isDisjoint(with: [.owesUpdate, .wantsUpdate]) && !isOver
        result.outcome = outcome
        return result
    }

    private mutating func fail(_ alert: TLSAlert, _ rule: String) -> OpenedBytes.Outcome {
        flags.formUnion([.hasFailed, .owesAlert])
        self.alert = alert
        return .failed(CloseReason(.protocolError(ProtocolRule("RFC 8446 \(rule)"))))
    }

    /// Shows the `SSL` that waits for tickets a record that may hold one, and lets go of it with any other.
    private mutating func watchTickets(_ type: UInt8, bytes: Int) {
        if type != 22 || tickets?.show(bytes) != true { tickets = nil }
    }

    private var isWithinMessage: Bool { messageCount > 0 || ticketRest > 0 }

    /// Data of no bytes, which costs as much as some and brings nothing, or data within a message.
    private mutating func takeEmpty(_ count: Int) -> OpenedBytes.Outcome {
        if isWithinMessage {
            return fail(.unexpectedMessage, "5.1: a handshake message has no data between its pieces")
        }
        barrenCount += Self.barrenMax / Self.emptyMax
        if barrenCount <= Self.barrenMax { return .open }
        return fail(.unexpectedMessage, "5.1: at most \(Self.emptyMax) records in a row are empty")
    }

    /// What is not data.
    private mutating func takeControl(_ type: UInt8, _ content: UnsafeRawBufferPointer) -> OpenedBytes.Outcome
    {
        barrenCount += 1
        if barrenCount > Self.barrenMax {
            return fail(.unexpectedMessage, "4.6.3: some data comes among \(Self.barrenMax) records")
        }
        switch type {
        case 21 where isWithinMessage:
            return fail(.unexpectedMessage, "5.1: a handshake message has no alert between its pieces")
        case 21: return unsafe takeAlert(content)
        case 22: return unsafe takeMessage(content)
        default:
            return fail(.unexpectedMessage, "5.1: a record holds data, an alert or a handshake, got \(type)")
        }
    }

    private mutating func takeAlert(_ content: UnsafeRawBufferPointer) -> OpenedBytes.Outcome {
        guard content.count == 2 else {
            return fail(.decodeError, "6: an alert has 2 bytes, got \(content.count)")
        }
        let number = unsafe content[1]
        switch TLSAlert(rawValue: number) {
        case .closeNotify:
            flags.insert(.peerEnded)
            return .peerEnded
        case .userCanceled: return .open
        default:
            // Not answered: the peer has gone.
            flags.insert(.hasFailed)
            let name = unsafe String(cString: ztls_alert_name(Int32(number)))
            return .failed(
                CloseReason(
                    .protocolError(ProtocolRule("RFC 8446 6: the peer sent alert \(number) (\(name))"))))
        }
    }

    /// Behind the handshake comes nothing but KeyUpdate (type 24, a length of 1, and whether an answer is
    /// wanted), and of a server tickets (type 4).
    private mutating func takeMessage(_ content: UnsafeRawBufferPointer) -> OpenedBytes.Outcome {
        if unsafe content.isEmpty {
            return fail(.unexpectedMessage, "5.1: a piece of a handshake message has bytes")
        }
        var index = 0
        while index < content.count {
            if ticketRest > 0 {
                let part = min(Int(ticketRest), content.count - index)
                ticketRest -= UInt32(part)
                index += part
                continue
            }
            let byte = unsafe content[index]
            if messageCount == 0 && byte != 24 && !(byte == 4 && flags.contains(.isClient)) {
                return fail(
                    .unexpectedMessage,
                    "4.6: after the handshake comes KeyUpdate, or a server's ticket, got \(byte)")
            }
            message = message << 8 | UInt64(byte)
            messageCount += 1
            index += 1
            if messageCount == 4 && message >> 24 == 4 {
                ticketRest = UInt32(message & 0xFF_FFFF)
                (message, messageCount) = (0, 0)
                if ticketRest > Self.ticketBytesMax {
                    return fail(
                        .decodeError, "4.6.1: a ticket has at most 131344 bytes, got \(ticketRest)")
                }
            } else if messageCount == 4 && message & 0xFF_FFFF != 1 {
                return fail(.decodeError, "4.6.3: a KeyUpdate has 1 byte, got \(message & 0xFF_FFFF)")
            } else if messageCount == 5 {
                if index < content.count {
                    return fail(.unexpectedMessage, "5.1: nothing follows a KeyUpdate in its record")
                }
                return updateKeys()
            }
        }
        return .open
    }

    /// Lifetime, age, nonce, ticket and extensions at their longest.
    private static let ticketBytesMax: UInt32 = 4 + 4 + 256 + 65537 + 65537 + 6

    /// A KeyUpdate is here as a whole.
    private mutating func updateKeys() -> OpenedBytes.Outcome {
        let request = message & 0xFF
        (message, messageCount) = (0, 0)
        if request > 1 { return fail(.illegalParameter, "4.6.3: a KeyUpdate asks 0 or 1, got \(request)") }
        // Its records are of other keys from here on than those of an `SSL` that waits for tickets.
        tickets = nil
        guard unsafe ztls_update_keys(bench.place, suite, &pair.pointee.receiving) else {
            return fail(.internalError, "7.2: the next keys can be derived")
        }
        flags.remove(.hasAsked)
        if request == 1 { flags.insert(.owesUpdate) }
        return .open
    }

    // MARK: Sealing

    /// Room for a KeyUpdate is part of it.
    package func sealedBytesMax(of count: Int) -> Int {
        count + (count / Int(contentBytesMax) + 2) * ZTLS_OVERHEAD + Self.updateBytes
    }

    private static let updateBytes = 5

    package mutating func seal(_ pieces: IOVectors, into room: UnsafeMutableRawBufferPointer) -> Int? {
        guard let start = room.baseAddress else { return nil }
        var made = 0
        if unsafe pair.pointee.sending.sequence >= recordsPerKey {
            guard let update = unsafe sealUpdate(asks: false, start) else { return nil }
            made = update
        }
        var cursor = unsafe ztls_cursor(piece: UnsafePointer(pieces.base), offset: 0)
        var rest = pieces.byteCount
        while rest > 0 {
            let count = min(rest, Int(contentBytesMax))
            guard unsafe seal(23, &cursor, count, start + made) else { return nil }
            made += count + ZTLS_OVERHEAD
            rest -= count
        }
        return made
    }

    /// False where the cipher fails, and nothing more can be sealed: the room may hold something in the
    /// clear.
    private mutating func seal(
        _ type: UInt8, _ cursor: inout ztls_cursor, _ count: Int, _ room: UnsafeMutableRawPointer
    ) -> Bool {
        let isSealed = unsafe ztls_seal(
            bench.place, suite, &pair.pointee.sending, type, &cursor, count,
            room.assumingMemoryBound(to: UInt8.self))
        if !isSealed {
            flags.insert(.hasFailed)
            flags.remove(.owesAlert)
        }
        return isSealed
    }

    /// A message of the record layer's own.
    private mutating func seal(
        _ type: UInt8, _ content: [5 of UInt8], count: Int, _ room: UnsafeMutableRawPointer
    ) -> Int? {
        var content = content
        let isSealed = unsafe withUnsafeMutableBytes(of: &content) { bytes in
            var piece = unsafe iovec(iov_base: bytes.baseAddress, iov_len: count)
            return unsafe withUnsafePointer(to: &piece) { piece in
                var cursor = unsafe ztls_cursor(piece: piece, offset: 0)
                return unsafe seal(type, &cursor, count, room)
            }
        }
        return isSealed ? count + ZTLS_OVERHEAD : nil
    }

    /// Still under the old keys; the new ones are in force then.
    private mutating func sealUpdate(asks: Bool, _ room: UnsafeMutableRawPointer) -> Int? {
        let made = unsafe seal(22, [24, 0, 0, 1, asks ? 1 : 0], count: 5, room)
        guard unsafe made != nil && ztls_update_keys(bench.place, suite, &pair.pointee.sending) else {
            flags.insert(.hasFailed)
            return nil
        }
        return made
    }

    package mutating func answer(into room: UnsafeMutableRawBufferPointer) -> Int {
        guard let start = room.baseAddress else { return 0 }
        let owed = flags
        flags.subtract([.owesUpdate, .wantsUpdate])
        // One answer to however many requests came together (RFC 8446, 4.6.3).
        return unsafe sealUpdate(asks: owed.contains(.wantsUpdate), start) ?? 0
    }

    package mutating func sealEnd(into room: UnsafeMutableRawBufferPointer) -> Int {
        guard let start = room.baseAddress else { return 0 }
        if flags.contains(.owesAlert) {
            flags.remove(.owesAlert)
            return unsafe seal(21, [2, alert.rawValue, 0, 0, 0], count: 2, start) ?? 0
        }
        if flags.contains(.hasFailed) { return 0 }
        return unsafe seal(21, [1, TLSAlert.closeNotify.rawValue, 0, 0, 0], count: 2, start) ?? 0
    }

    package mutating func streamEnded() -> CloseReason? {
        if !flags.isDisjoint(with: [.peerEnded, .hasFailed]) { return nil }
        let rule = ProtocolRule(
            "RFC 8446 6.1: a peer says close_notify before its stream ends, got its end alone")
        return CloseReason(.protocolError(rule))
    }
}

/// Alerts that the record layer sends or knows (RFC 8446, 6).
enum TLSAlert: UInt8 {
    case closeNotify = 0
    case unexpectedMessage = 10
    case badRecordMAC = 20
    case recordOverflow = 22
    case illegalParameter = 47
    case decodeError = 50
    case internalError = 80
    case userCanceled = 90
}
#endif
