#if Deflate
import ZCNet
import ZCNetWebSocket

/// Two ends that agreed on compression: what one compresses the other inflates to the same, message after
/// message, whatever was agreed; and a naive decoder does where messages stand by themselves.
struct DeflatePairTarget: FuzzTarget {
    let name = "deflate"
    let bytesMax = 4096

    var words: [[UInt8]] {
        [Array("{\"price\":12.5,\"symbol\":\"".utf8), [0, 0, 0xFF, 0xFF], [0xFF, 0xFF, 0, 0]]
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        let maker = FrameMaker(payloadBytesMax: 1500)
        return random.oneIn(3)
            ? random.bytes(random.size(upTo: bytesMax)) : Array(maker.text(&random).prefix(bytesMax))
    }

    func check(_ input: [UInt8]) throws -> String {
        var random = FuzzRandom(of: input)
        var options = DeflateOptions()
        options.level = 1 + random.below(9)
        options.memoryLevel = 1 + random.below(9)
        options.minimumBytes = random.pick([0, 0, 64])
        let agreement = DeflateAgreement(
            serverNoContextTakeover: random.oneIn(2), clientNoContextTakeover: random.oneIn(2),
            serverWindowBits: 9 + random.below(7), clientWindowBits: 9 + random.below(7))
        let (near, far) = (LoopCompressor(), LoopCompressor())
        let role = random.pick([DeflateSession.Role.server, .client])
        var sender = DeflateSession(agreement, role: role, options: options)
        var receiver = DeflateSession(agreement, role: role == .server ? .client : .server, options: options)
        var (start, compressed) = (0, 0)
        for cut in random.cuts(of: input.count).prefix(12) + [input.count] {
            let message = Array(input[start..<max(start, cut)])
            start = max(start, cut)
            let wire =
                random.oneIn(3)
                ? try compressPieces(message, &sender, near, &random) : try compress(message, &sender, near)
            guard let wire else { continue }
            compressed += 1
            if sender.sendsAlone {
                let naive = NaiveInflate.message(wire, outputMax: message.count)
                try expect(
                    naive == message,
                    "the message, read by the naive decoder, got \(naive?.count ?? -1) bytes")
            }
            let read = try inflate(wire, &receiver, far, random.cuts(of: wire.count), message.count)
            try expect(read == message, "the message of \(message.count) bytes, got \(read.count)")
        }
        sender.end(near)
        receiver.end(far)
        for loop in [near, far] {
            loop.dropIdleContexts()
            try expect(loop.account.bytes == 0, "no memory left, got \(loop.account.bytes) bytes")
        }
        return "\(role) \(compressed) \(agreement.serverWindowBits) \(agreement.clientWindowBits)"
    }

    private func compress(
        _ message: [UInt8], _ sender: inout DeflateSession, _ loop: LoopCompressor
    ) throws -> [UInt8]? {
        var output = WriteBuffer()
        let isSmaller = withExactSpan(message) { sender.compress($0, loop, into: &output) }
        try expect(isSmaller || output.isEmpty, "no output for a message that is sent as it is")
        return isSmaller ? unsafe output.bytes.withUnsafeBytes { unsafe Array($0) } : nil
    }

    private func compressPieces(
        _ message: [UInt8], _ sender: inout DeflateSession, _ loop: LoopCompressor, _ random: inout FuzzRandom
    ) throws -> [UInt8]? {
        var output = WriteBuffer()
        var start = 0
        for cut in random.cuts(of: message.count).prefix(30) where cut >= start {
            let boundary = random.pick([Deflater.Boundary.none, .piece])
            try withExactSpan(message[start..<cut]) {
                try sender.compress(piece: $0, boundary, loop, into: &output)
            }
            start = cut
        }
        try withExactSpan(message[start...]) { try sender.compress(piece: $0, .message, loop, into: &output) }
        return unsafe output.bytes.withUnsafeBytes { unsafe Array($0) }
    }

    private func inflate(
        _ wire: [UInt8], _ receiver: inout DeflateSession, _ loop: LoopCompressor, _ cuts: [Int], _ limit: Int
    ) throws -> [UInt8] {
        var output = WriteBuffer()
        var start = 0
        for (index, cut) in (cuts + [wire.count]).enumerated() {
            try withExactSpan(wire[start..<cut]) { piece in
                try receiver.inflate(
                    piece, isLast: index == cuts.count, loop, into: &output, messageBytesMax: limit)
            }
            start = cut
        }
        return unsafe output.bytes.withUnsafeBytes { unsafe Array($0) }
    }
}
#endif
