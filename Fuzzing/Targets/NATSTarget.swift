import ZCNATS
import ZCNet

/// What servers of NATS say: the same in one piece and in any pieces, and as a naive reader says. What stands
/// behind INFO, in headers and in subjects for acknowledgements is read without harm.
struct NATSTarget: FuzzTarget {
    let name = "nats"
    let bytesMax = 4096
    private static let messageBytesMax = 300

    var words: [[UInt8]] {
        [
            "MSG a 1 5\r\nhello\r\n", "HMSG a.b 2 r 12 14\r\nNATS/1.0\r\n\r\nok\r\n", "PING\r\n", "PONG\r\n",
            "+OK\r\n", "INFO {\"max_payload\":1}\r\n", "-ERR 'x'\r\n", "\r\n", " ", "\t", "0",
            "18446744073709551616",
            "$JS.ACK.S.C.1.2.3.4.5",
        ].map { Array($0.utf8) }
    }

    private var limits: NATSFrameLimits {
        var limits = NATSFrameLimits()
        limits.messageBytesMax = Self.messageBytesMax
        return limits
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<random.below(6) {
            let payload = random.bytes(random.size(upTo: Self.messageBytesMax + (random.oneIn(20) ? 1 : 0)))
            let reply = random.oneIn(2) ? "r.1 " : ""
            switch random.below(4) {
            case 0: bytes += words[Int(random.below(words.count))]
            case 1:
                let headers = Array("NATS/1.0 503\r\nA: b\r\n\r\n".utf8)
                let total = headers.count + payload.count
                bytes += Array("HMSG s.\(random.below(9)) 7 \(reply)\(headers.count) \(total)\r\n".utf8)
                bytes += headers + payload + [13, 10]
            default:
                bytes += Array(
                    "MSG s.\(random.below(9)) \(random.below(1000)) \(reply)\(payload.count)\r\n".utf8)
                bytes += payload + [13, 10]
            }
        }
        return bytes
    }

    private struct Outcome {
        var operations: [NaiveNATS] = []
        var positions = [0]
        var error: NATSError?
    }

    func check(_ input: [UInt8]) throws -> String {
        var random = FuzzRandom(of: input)
        let whole = read(input)
        try checkNaively(input, whole)
        for cut in random.cuts(of: input.count) {
            let part = read(Array(input[..<cut]))
            try expect(
                whole.operations.starts(with: part.operations), "the same operations when cut at \(cut)")
            if part.error != nil { try expect(whole.error != nil, "an error to stay one when cut at \(cut)") }
        }
        let info = withExactSpan(input) { (try? NATSServerInfo(parsing: $0)) != nil }
        withExactSpan(input) { span in
            let headers = NATSHeaders(copying: span)
            _ = (headers.fields.count, headers.status, headers["A"], JetStreamMetadata(span))
        }
        let kinds = whole.operations.prefix(3).map(\.kind).joined(separator: " ")
        return "\(info) \(kinds) \(outline(whole.error?.description ?? "fine"))"
    }

    private func read(_ bytes: [UInt8]) -> Outcome {
        withExactSpan(bytes) { span in
            var outcome = Outcome()
            var position = 0
            do throws(NATSError) {
                while let frame = try NATSFrame.read(span, at: position, limits) {
                    outcome.operations.append(Self.naive(frame, bytes))
                    position = frame.end
                    outcome.positions.append(position)
                }
            } catch {
                outcome.error = error
            }
            return outcome
        }
    }

    private static func naive(_ frame: NATSFrame, _ bytes: [UInt8]) -> NaiveNATS {
        let kind =
            switch frame.kind {
            case .message: "MSG"
            case .ping: "PING"
            case .pong: "PONG"
            case .ok: "+OK"
            case .info: "INFO"
            case .error: "-ERR"
            }
        guard frame.kind == .message else { return NaiveNATS(kind: kind) }
        return NaiveNATS(
            kind: kind, sid: frame.sid, subject: Array(bytes[frame.subject]),
            reply: Array(bytes[frame.reply]),
            headers: Array(bytes[frame.headers]), payload: Array(bytes[frame.payload]))
    }

    private func checkNaively(_ bytes: [UInt8], _ whole: Outcome) throws {
        for (operation, (start, end)) in zip(
            whole.operations, zip(whole.positions, whole.positions.dropFirst()))
        where operation.kind != "INFO" && operation.kind != "-ERR" {
            let reading = NaiveNATS.read(bytes, at: start, messageBytesMax: Self.messageBytesMax)
            try expect(
                reading == .operation(operation, end: end), "\(reading) at \(start), got \(operation)")
        }
        guard let last = whole.positions.last, last < bytes.count else { return }
        let reading = NaiveNATS.read(bytes, at: last, messageBytesMax: Self.messageBytesMax)
        if case .operation(let operation, _) = reading {
            throw Broken(
                "\(operation) at \(last), as the naive reader says, got \(whole.error, default: "none")")
        }
    }
}
