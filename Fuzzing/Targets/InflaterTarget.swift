#if Deflate
import ZCNet
import ZCNetWebSocket

/// What a peer calls compressed: the same in one piece and in any pieces, the same as a naive decoder says,
/// never more than the limit, and no memory left behind.
struct InflaterTarget: FuzzTarget {
    let name = "inflate"
    let bytesMax = 2048

    var words: [[UInt8]] {
        [
            [0], [1, 0, 0, 0xFF, 0xFF], [0, 0, 0, 0xFF, 0xFF], [0x4B, 4, 0], [0x62, 0x18, 5],
            [0xED, 0xC1, 0x01, 0x01], [3, 0],
        ]
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        var message = FrameMaker(payloadBytesMax: 600).text(&random)
        if random.oneIn(3) { message += Array(repeating: 0x61, count: random.size(upTo: 20_000)) }
        if random.oneIn(3) { message += random.bytes(random.below(100)) }
        let account = DeflateAccount(bytesMax: 1 << 20)
        var output = WriteBuffer()
        let settings = Deflater.Settings(
            level: 1 + random.below(9), memoryLevel: 1 + random.below(9), windowBits: 15)
        guard let deflater = try? Deflater(settings, account: account) else { return [] }
        for cut in random.cuts(of: message.count).prefix(5) where cut < message.count {
            try? withExactSpan(message[..<cut]) {
                try deflater.compress($0, random.oneIn(2) ? .piece : .none, into: &output)
            }
        }
        try? withExactSpan(message) { try deflater.compress($0, .message, into: &output) }
        return unsafe output.bytes.withUnsafeBytes { unsafe Array($0.prefix(bytesMax)) }
    }

    func check(_ input: [UInt8]) throws -> String {
        var random = FuzzRandom(of: input)
        let limit = random.pick([0, 1, 100, 5000, 1 << 16])
        let whole = try inflate(input, cuts: [], limit)
        let cuts = random.cuts(of: input.count)
        let split = try inflate(input, cuts: cuts, limit)
        // Which rule is found broken first, where several are, depends on the pieces.
        try expect(
            split == whole,
            "the same in pieces, cut at \(cuts): \(whole.error ?? "none"), got \(split.error ?? "none")")
        let naive = NaiveInflate.message(input, outputMax: limit)
        let output = whole.error == nil ? whole.output : nil
        try expect(
            output == naive,
            "\(naive?.count ?? -1) bytes, as the naive decoder says, got \(output?.count ?? -1)"
        )
        if whole.error == nil { try checkAlone(input, whole.output, limit) }
        return outline(whole.error ?? "right \(whole.output.isEmpty)")
    }

    /// A connection whose messages stand by themselves makes the same of it, by whichever codec there is.
    private func checkAlone(_ input: [UInt8], _ expected: [UInt8], _ limit: Int) throws {
        let loop = LoopCompressor()
        let agreement = DeflateAgreement(clientNoContextTakeover: true)
        var session = DeflateSession(agreement, role: .server, options: DeflateOptions())
        var output = WriteBuffer()
        try withExactSpan(input) { payload in
            try session.inflate(payload, isLast: true, loop, into: &output, messageBytesMax: limit)
        }
        let read = unsafe output.bytes.withUnsafeBytes { unsafe Array($0) }
        try expect(read == expected, "\(expected.count) bytes of a message by itself, got \(read.count)")
        try expect(output.count <= limit, "at most \(limit) bytes, got \(output.count)")
        session.end(loop)
    }

    private struct Outcome: Equatable {
        var output: [UInt8]
        var error: String?

        /// What came out before an error depends on the pieces; whether there is one does not.
        static func == (left: Outcome, right: Outcome) -> Bool {
            (left.error == nil) == (right.error == nil) && (left.error != nil || left.output == right.output)
        }
    }

    private func inflate(_ input: [UInt8], cuts: [Int], _ limit: Int) throws -> Outcome {
        let account = DeflateAccount(bytesMax: 1 << 20)
        var output = WriteBuffer()
        var failure: String?
        do {
            let inflater = try Inflater(windowBits: 15, account: account)
            var start = 0
            for (index, cut) in (cuts + [input.count]).enumerated() where failure == nil {
                do {
                    try withExactSpan(input[start..<cut]) { piece in
                        try inflater.inflate(
                            piece, isLast: index == cuts.count, into: &output, messageBytesMax: limit)
                    }
                } catch let error as DeflateError {
                    failure = error.code.description
                }
                start = cut
            }
        }
        try expect(
            account.bytes == 0 && account.contextCount == 0, "no memory left, got \(account.bytes) bytes")
        try expect(output.count <= limit, "at most \(limit) bytes, got \(output.count)")
        return unsafe Outcome(output: output.bytes.withUnsafeBytes { unsafe Array($0) }, error: failure)
    }
}
#endif
