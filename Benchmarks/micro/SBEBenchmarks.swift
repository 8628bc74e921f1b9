import SBETwin
import ZCProto

/// What generated code costs beside hand-written, bounds-checked C: nanoseconds per message, and the ratio.
func sbeBenchmarks() {
    do {
        print("SBE, 29-byte trade and 143-byte car, every field")
        try unsafe SBEBench().run()
    } catch {
        print("SBE: \(error)")
    }
}

@unsafe
private struct SBEBench {
    private let ours = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 64)
    private let twins = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 64)
    private let rounds = 200_000

    func run() throws {
        defer {
            unsafe ours.deallocate()
            unsafe twins.deallocate()
        }
        guard let twin = twins.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        try unsafe compare(
            "encode car", { try encodeCar(&$0, $1) }, { unsafe sbe_twin_encode_car(twin, 4096, $0) })
        try checkEqual(count: sbe_twin_encode_car(twin, 4096, UInt64(rounds - 1)))
        try unsafe compare(
            "decode car", { bytes, _ in try decodeCar(bytes.bytes.extracting(first: 143)) },
            { _ in Int(unsafe sbe_twin_decode_car(twin, 143)) })
        try unsafe compare(
            "encode trade", { try encodeTrade(&$0, $1) },
            { unsafe sbe_twin_encode_trade(twin, 4096, $0) })
        try checkEqual(count: sbe_twin_encode_trade(twin, 4096, UInt64(rounds - 1)))
        try unsafe compare(
            "decode trade", { bytes, _ in try decodeTrade(bytes.bytes.extracting(first: 29)) },
            { _ in Int(unsafe sbe_twin_decode_trade(twin, 29)) })
    }

    /// Both have written the same.
    private func checkEqual(count: Int) throws {
        for index in 0..<count { unsafe precondition(ours[index] == twins[index], "byte \(index) differs") }
    }

    /// Interleaved, so that a change of the machine's mood meets both.
    private func compare(
        _ name: String, _ swift: (inout MutableRawSpan, UInt64) throws -> Int, _ c: (UInt64) -> Int
    ) throws {
        var figures: (swift: [Double], c: [Double]) = ([], [])
        for repetition in 0..<16 {
            var bytes = unsafe ours.mutableBytes
            var sums = (0, 0)
            let begin = monotonicNanoseconds()
            for round in 0..<rounds { sums.0 &+= try swift(&bytes, UInt64(round)) }
            let middle = monotonicNanoseconds()
            for round in 0..<rounds { sums.1 &+= c(UInt64(round)) }
            let end = monotonicNanoseconds()
            precondition(sums.0 == sums.1, "\(name): both read and write the same")
            // The first repetition warms up.
            if repetition == 0 { continue }
            figures.swift.append(Double(middle - begin) / Double(rounds))
            figures.c.append(Double(end - middle) / Double(rounds))
        }
        print(
            row(
                "  " + name,
                [
                    ("ns", median(figures.swift)), ("C ns", median(figures.c)),
                    ("ratio", median(zip(figures.swift, figures.c).map { $0 / $1 })),
                ]))
    }
}
