import ZCNet
import ZCProto

/// Frames of trades: taken whole or not at all, and as a naive reader says; what was read is what is written.
struct TradeTarget: FuzzTarget {
    let name = "trade"
    let bytesMax = 1024

    var words: [[UInt8]] { [[21, 0, 1, 0, 1, 0, 0, 0], [25, 0, 1, 0, 1, 0, 1, 0], [255, 255]] }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<random.below(8) {
            let extra = random.oneIn(4) ? random.below(6) : 0
            bytes += [UInt8(21 + extra), 0, 1, 0, 1, 0, UInt8(min(extra, 1)), 0] + random.bytes(21 + extra)
        }
        if random.oneIn(4) { bytes += random.bytes(random.below(29)) }
        return bytes
    }

    func check(_ input: [UInt8]) throws -> String {
        var batches = 0
        var bytes: [UInt8] = []
        var trades: [Trade.Value] = []
        let failure: GatewayError? = withExactSpan(input) { frame in
            do throws(GatewayError) {
                try TradeMessageProcessor().process(frame) { batch in
                    batches += 1
                    batch.forEach { trades.append(Trade.Value($0)) }
                    bytes += unsafe batch.encodedBytes.withUnsafeBytes { unsafe Array($0) }
                }
                return nil
            } catch {
                return error
            }
        }
        let naive = Self.naive(input)
        guard let failure else {
            try expect(naive == trades.map { Trade.encoded([$0]).dropFirst(8) }, "the naive reader's trades")
            try expect(bytes == input, "batches that are the frame")
            return "\(batches) \(trades.count)"
        }
        try expect(naive == nil, "a fault that the naive reader finds too: \(failure)")
        try expect(trades.isEmpty, "nothing delivered ahead of a fault, got \(trades.count)")
        try expect(failure.offset <= input.count, "a fault within the frame: \(failure)")
        return "\(failure.code)"
    }

    /// The fields' bytes of every trade; nil of a frame that is not in order.
    private static func naive(_ input: [UInt8]) -> [ArraySlice<UInt8>]? {
        var rest = input[...]
        var blocks: [ArraySlice<UInt8>] = []
        repeat {
            guard rest.count >= 8 else { return nil }
            let header = Array(rest.prefix(8))
            let length = Int(header[0]) + Int(header[1]) * 256
            guard header[2...5] == [1, 0, 1, 0], length >= 21, rest.count >= 8 + length else { return nil }
            blocks.append(rest.dropFirst(8).prefix(21))
            rest = rest.dropFirst(8 + length)
        } while !rest.isEmpty
        return blocks
    }
}
