import CGoimReference
import Glibc
import ZCNet
import ZCProto

/// ns of processor time per proto, decoded and handled, against the same parse in C: pipelined protos of 32
/// bytes and of 128, as many as a reception brings.
func goimBenchmarks() {
    for bodyBytes in [16, 112] {
        let bench = GoimBench(bodyBytes: bodyBytes)
        bench.compare("goim, protos of \(bodyBytes + 16) B")
    }
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

    func compare(_ name: String) {
        var (swift, reference): ([Double], [Double]) = ([], [])
        for repetition in 0..<16 {
            let ours = measure { decode(&$0) }
            let theirs = measure { decodeInC(&$0) }
            precondition(ours.totals == theirs.totals, "both see the same")
            // The first repetition warms up.
            if repetition == 0 { continue }
            swift.append(ours.nanoseconds)
            reference.append(theirs.nanoseconds)
        }
        let ratios = zip(swift, reference).map { $0 / $1 }
        print(
            row(
                name,
                [
                    ("ns", median(swift)), ("C ns", median(reference)), ("ratio", median(ratios)),
                    ("lowest", ratios.min() ?? 0),
                ]))
    }

    private func measure(_ pass: (inout Totals) -> Void) -> (totals: Totals, nanoseconds: Double) {
        var totals = Totals()
        let start = processorNanoseconds()
        for _ in 0..<Self.rounds { pass(&totals) }
        let took = processorNanoseconds() - start
        return (totals, Double(took) / Double(Self.rounds * Self.protos))
    }

    /// This thread's processor time, as others use the machine too.
    private func processorNanoseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
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
