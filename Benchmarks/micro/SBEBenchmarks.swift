import BenchmarkSupport
import SBETwin
import ZCProto

/// What generated code costs beside hand-written, bounds-checked C, every field of each message.
func sbeBenchmarks(_ options: ReportOptions) -> [Comparison] {
    do {
        return try unsafe SBEBench(repetitions: options.repetitions(15)).run()
    } catch {
        preconditionFailure("\(error)")
    }
}

@unsafe
private struct SBEBench {
    private let ours = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 64)
    private let twins = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 64)
    private let rounds = 200_000
    private let repetitions: Int

    init(repetitions: Int) { unsafe self.repetitions = repetitions }

    func run() throws -> [Comparison] {
        defer {
            unsafe ours.deallocate()
            unsafe twins.deallocate()
        }
        guard let twin = twins.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return [] }
        let encodeCars = try unsafe compare(
            "encode car", { try encodeCar(&$0, $1) }, { unsafe sbe_twin_encode_car(twin, 4096, $0) })
        try checkEqual(count: sbe_twin_encode_car(twin, 4096, UInt64(rounds - 1)))
        let decodeCars = try unsafe compare(
            "decode car", { bytes, _ in try decodeCar(bytes.bytes.extracting(first: 143)) },
            { _ in Int(unsafe sbe_twin_decode_car(twin, 143)) })
        let encodeTrades = try unsafe compare(
            "encode trade", { try encodeTrade(&$0, $1) },
            { unsafe sbe_twin_encode_trade(twin, 4096, $0) })
        try checkEqual(count: sbe_twin_encode_trade(twin, 4096, UInt64(rounds - 1)))
        let decodeTrades = try unsafe compare(
            "decode trade", { bytes, _ in try decodeTrade(bytes.bytes.extracting(first: 29)) },
            { _ in Int(unsafe sbe_twin_decode_trade(twin, 29)) })
        return [decodeTrades, encodeTrades, decodeCars, encodeCars]
    }

    /// Both have written the same.
    private func checkEqual(count: Int) throws {
        for index in 0..<count { unsafe precondition(ours[index] == twins[index], "byte \(index) differs") }
    }

    private func compare(
        _ name: String, _ swift: (inout MutableRawSpan, UInt64) throws -> Int, _ c: (UInt64) -> Int
    ) throws -> Comparison {
        var sums = (0, 0)
        var failure: (any Error)?
        let measured = Measurement.interleaved(
            rounds: repetitions,
            [
                "Swift": {
                    var bytes = unsafe ours.mutableBytes
                    do {
                        return try processorNanoseconds(per: rounds) {
                            for round in 0..<rounds { sums.0 &+= try swift(&bytes, UInt64(round)) }
                        }
                    } catch {
                        failure = error
                        return .nan
                    }
                },
                "checked C": {
                    processorNanoseconds(per: rounds) {
                        for round in 0..<rounds { sums.1 &+= c(UInt64(round)) }
                    }
                },
            ])
        if let failure { throw failure }
        precondition(sums.0 == sums.1, "\(name): both read and write the same")
        return Comparison(name, measured, ours: "Swift", beside: "checked C")
    }
}
