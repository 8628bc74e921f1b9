import BenchmarkSupport
import ZCNet

/// Messages of 33 bytes, a length of four in front of each, taken out of a buffer that holds 16 KiB all the
/// time: looked at in place and discarded, beside an array whose front is removed.
func byteRingBenchmarks(_ options: ReportOptions) -> [Comparison] {
    let count = 20_000
    let message = [33, 0, 0, 0] + [UInt8](repeating: 0x7A, count: 33)
    let filling = (16 << 10) / message.count
    let measured = Measurement.interleaved(
        rounds: options.repetitions(9),
        [
            "ring": { ringRun(message, filling, count) },
            "array, front removed": { arrayRun(message, filling, count) },
        ])
    return [
        Comparison(
            "ByteRing: write, peek, linearise, discard", measured, ours: "ring",
            beside: "array, front removed")
    ]
}

private func ringRun(_ message: [UInt8], _ filling: Int, _ count: Int) -> Double {
    var ring = ByteRing(limit: 32 << 10)
    var sum = 0
    for _ in 0..<filling { write(message, to: &ring) }
    let time = nanoseconds(per: count) {
        for _ in 0..<count {
            sum &+= takeMessage(from: &ring)
            write(message, to: &ring)
        }
    }
    precondition(sum == 0x7A * count, "the ring lost something")
    return time
}

private func write(_ message: [UInt8], to ring: inout ByteRing) {
    guard (try? unsafe ring.write(message.span.bytes)) != nil else { preconditionFailure("the ring is full") }
}

/// The last byte of the message in front, which is then gone.
private func takeMessage(from ring: inout ByteRing) -> Int {
    let count = messageCount(of: ring)
    let last = lastByte(of: &ring, count)
    ring.discard(count)
    return last
}

/// Head and body of the message in front; looked at in place.
private func messageCount(of ring: borrowing ByteRing) -> Int {
    guard let length = ring.peek().load(as: UInt32.self, at: 0, .littleEndian) else { return 0 }
    return 4 + Int(length)
}

private func lastByte(of ring: inout ByteRing, _ count: Int) -> Int {
    let whole = ring.linearise(count)
    return unsafe Int(whole.unsafeLoad(fromByteOffset: count - 1, as: UInt8.self))
}

private func arrayRun(_ message: [UInt8], _ filling: Int, _ count: Int) -> Double {
    var bytes: [UInt8] = []
    var sum = 0
    for _ in 0..<filling { bytes.append(contentsOf: message) }
    let time = nanoseconds(per: count) {
        for _ in 0..<count {
            let length = Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16 | Int(bytes[3]) << 24
            let whole = Array(bytes[..<(4 + length)])
            sum &+= Int(whole[4 + length - 1])
            bytes.removeFirst(4 + length)
            bytes.append(contentsOf: message)
        }
    }
    precondition(sum == 0x7A * count, "the array lost something")
    return time
}
