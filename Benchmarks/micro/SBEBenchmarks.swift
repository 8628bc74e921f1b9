import BenchmarkSupport
import Glibc
import SBETwin
import ZCProto

/// What generated code costs, every field of each message, beside hand-written, bounds-checked C and, where
/// there is a library of it, beside the C++ that the reference tool generates. Messages stand one behind the
/// other, 64 of them, as many in a frame do.
func sbeBenchmarks(_ options: ReportOptions) -> [Comparison] {
    var twins = [("checked C", sbe_checked_c)]
    if let flag = options.rest.firstIndex(of: "--reference"), flag + 1 < options.rest.count {
        twins.append(("generated C++", reference(in: options.rest[flag + 1])))
    }
    do {
        return try SBEBench(repetitions: options.repetitions(15), twins: twins).run()
    } catch {
        preconditionFailure("\(error)")
    }
}

/// The functions of a library that `Scripts/bench/sbe-reference` has built.
private func reference(in path: String) -> sbe_twin {
    guard let library = unsafe dlopen(path, RTLD_NOW), let symbol = unsafe dlsym(library, "sbe_reference")
    else { preconditionFailure("no sbe_reference in \(path)") }
    return unsafe symbol.load(as: sbe_twin.self)
}

/// SAFETY: `@safe` because the memory is its own until `run` ends.
@safe
private struct SBEBench {
    private let ours = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 64)
    private let theirs = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 64)
    private let messages = 64
    private let rounds = 3000
    private let repetitions: Int
    private let twins: [(name: String, functions: sbe_twin)]

    init(repetitions: Int, twins: [(String, sbe_twin)]) {
        self.repetitions = repetitions
        self.twins = twins
    }

    func run() throws -> [Comparison] {
        defer {
            unsafe ours.deallocate()
            unsafe theirs.deallocate()
        }
        guard let start = unsafe theirs.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return [] }
        let room = unsafe theirs.count
        let count = messages
        var comparisons: [Comparison] = []
        var (cars, trades) = (0, 0)
        comparisons += try compare(
            "encode car",
            {
                cars = try encodeCars(&$0, count); return cars
            },
            { unsafe $0.encode_cars(start, room, UInt64(count)) })
        try checkEqual(count: cars)
        comparisons += try compare(
            "decode car", { try decodeCars($0.bytes.extracting(first: cars)) },
            { unsafe Int($0.decode_cars(start, cars)) })
        comparisons += try compare(
            "encode trade",
            {
                trades = try encodeTrades(&$0, count); return trades
            },
            { unsafe $0.encode_trades(start, room, UInt64(count)) })
        try checkEqual(count: trades)
        comparisons += try compare(
            "decode trade", { try decodeTrades($0.bytes.extracting(first: trades)) },
            { unsafe Int($0.decode_trades(start, trades)) })
        comparisons += try compare(
            "decode a frame of trades", { try decodeFrame($0.bytes.extracting(first: trades)) },
            { unsafe Int($0.decode_trades(start, trades)) })
        return comparisons
    }

    /// All have written the same.
    private func checkEqual(count: Int) throws {
        for index in 0..<count { unsafe precondition(ours[index] == theirs[index], "byte \(index) differs") }
    }

    /// Ours in turn with each twin; each function answers for all the messages.
    private func compare(
        _ name: String, _ swift: @escaping (inout MutableRawSpan) throws -> Int,
        _ twin: @escaping (sbe_twin) -> Int
    ) throws -> [Comparison] {
        try twins.map { other in
            var sums = (0, 0)
            var failure: (any Error)?
            let measured = Measurement.interleaved(
                rounds: repetitions,
                [
                    "Swift": {
                        var bytes = unsafe ours.mutableBytes
                        do {
                            return try processorNanoseconds(per: rounds * messages) {
                                for _ in 0..<rounds { sums.0 &+= try swift(&bytes) }
                            }
                        } catch {
                            failure = error
                            return .nan
                        }
                    },
                    other.name: {
                        processorNanoseconds(per: rounds * messages) {
                            for _ in 0..<rounds { sums.1 &+= twin(other.functions) }
                        }
                    },
                ])
            if let failure { throw failure }
            precondition(sums.0 == sums.1, "\(name): both read and write the same")
            return Comparison(name, measured, ours: "Swift", beside: other.name)
        }
    }
}
