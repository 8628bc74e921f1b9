import BenchmarkSupport
import CGoimReference
import ZCNet
import ZCProto

/// What a proto costs, decoded and handled, beside the same parse in C: pipelined protos of 32 bytes and of
/// 128, as many as a reception brings.
func goimBenchmarks(_ options: ReportOptions) -> [Comparison] {
    [16, 112].map { GoimBench(bodyBytes: $0).compare("protos of \($0 + 16) B", options.repetitions(15)) }
}

/// What the handlers of both languages do.
private struct Totals: Equatable {
    var protos: UInt64 = 0
    var sum: UInt64 = 0

    mutating func onMessage(_ proto: borrowing GoimProto) {
        protos &+= 1
        let numbers =
            Int64(proto.operation.rawValue) &+ Int64(proto.sequence) &+ Int64(proto.header.version)
        let first = proto.body.load(as: UInt64.self, at: 0, .littleEndian) ?? 0
        sum &+= UInt64(bitPattern: numbers) &+ first
    }
}

private struct GoimBench {
    private let bytes: SharedBytes
    private static let protos = 1000
    private static let rounds = 400

    init(bodyBytes: Int) {
        var buffer = WriteBuffer()
        for number in 0..<Self.protos {
            let body = SharedBytes(copying: (0..<bodyBytes).map { UInt8(truncatingIfNeeded: $0 &* number) })
            let header = GoimHeader(.sendMessage, sequence: Int32(number))
            do { try buffer.append(header, body: body.bytes) } catch { preconditionFailure("\(error)") }
        }
        bytes = buffer.freeze()
    }

    func compare(_ name: String, _ repetitions: Int) -> Comparison {
        var (ours, theirs) = (Totals(), Totals())
        let protos = Self.rounds * Self.protos
        let measured = Measurement.interleaved(
            rounds: repetitions,
            [
                "Swift": {
                    processorNanoseconds(per: protos) { for _ in 0..<Self.rounds { decode(&ours) } }
                },
                "C": {
                    processorNanoseconds(per: protos) { for _ in 0..<Self.rounds { decodeInC(&theirs) } }
                },
            ])
        precondition(ours == theirs, "both see the same")
        return Comparison(name, measured, ours: "Swift", beside: "C")
    }

    @inline(never)
    private func decode(_ totals: inout Totals) {
        let chunk = ReceivedChunk(bytes.bytes)
        let decoder = GoimDecoder()
        var position = 0
        do throws(GoimError) {
            while let proto = try decoder.next(in: chunk, at: &position) { totals.onMessage(proto) }
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private func decodeInC(_ totals: inout Totals) {
        var theirs = goim_totals(protos: totals.protos, sum: totals.sum)
        let count = unsafe bytes.bytes.withUnsafeBytes { memory in
            unsafe goim_reference_parse(
                memory.baseAddress?.assumingMemoryBound(to: UInt8.self), memory.count, &theirs)
        }
        precondition(count == bytes.count, "all of it is whole")
        totals = Totals(protos: theirs.protos, sum: theirs.sum)
    }
}
