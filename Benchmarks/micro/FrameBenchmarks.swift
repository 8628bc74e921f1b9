import BenchmarkSupport
import Foundation
import ZCNet
import ZCNetWebSocket

/// Masked binary frames of 29 bytes, taken apart by the library's session and by the code that one writes
/// first; the same the other way; and what is in them, a trade, beside the same trade as JSON.
func frameBenchmarks(_ options: ReportOptions) -> [Comparison] {
    let rounds = options.repetitions(15)
    let bench = FrameBench()
    let decoding = Measurement.interleaved(
        rounds: rounds,
        ["session": { bench.decode() }, "an array per message": { bench.decodeToArrays() }])
    let encoding = Measurement.interleaved(
        rounds: rounds, ["head": { bench.encode() }, "an array per frame": { bench.encodeToArrays() }])
    let json = JSONTrade()
    let reading = Measurement.interleaved(
        rounds: rounds,
        ["loads": { bench.readFields() }, "JSONDecoder": { json.decode() }])
    return [
        Comparison(
            "frame decode, unmasked in place", decoding, ours: "session", beside: "an array per message"),
        Comparison("frame encode", encoding, ours: "head", beside: "an array per frame"),
        Comparison("four fields of a trade", reading, ours: "loads", beside: "JSONDecoder"),
    ]
}

/// The same trade in text.
private struct JSONTrade {
    struct Trade: Codable {
        var identity: UInt64
        var symbol: String
        var price: Double
        var quantity: UInt32
    }

    private let text: Data = Data(
        #"{"identity":123456789,"symbol":"B","price":100.25,"quantity":1000}"#.utf8)
    private let decoder = JSONDecoder()

    func decode() -> Double {
        var sum = 0
        let time = nanoseconds(per: 2000) {
            for _ in 0..<2000 {
                if let trade = try? decoder.decode(Trade.self, from: text) { sum += Int(trade.quantity) }
            }
        }
        precondition(sum == 2000 * 1000, "a trade was not understood")
        return time
    }
}

/// 512 frames, as one reception brings them.
///
/// SAFETY: `@safe` because the memory is its own; `work` has room for all frames and 16 bytes more.
@safe
private final class FrameBench {
    private let frames: [UInt8]
    private let trade: [UInt8]
    private let work: UnsafeMutableRawBufferPointer
    private let core = WebSocketCore(WebSocketOptions())

    private static let count = 512
    private static let passes = 20
    private static let payloadBytes = 29

    init() {
        var trade: [UInt8] = [21, 0, 1, 0, 1, 0, 0, 0]
        for byte in 0..<8 { trade.append(UInt8(truncatingIfNeeded: 123_456_789 >> (8 * byte))) }
        trade.append(0x42)
        for byte in 0..<8 { trade.append(UInt8(truncatingIfNeeded: (100.25).bitPattern >> UInt64(8 * byte))) }
        trade += [0xE8, 0x03, 0, 0]
        let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        var frames: [UInt8] = []
        for _ in 0..<Self.count {
            frames += [0x82, 0x80 | UInt8(trade.count)] + key
            frames += trade.indices.map { trade[$0] ^ key[$0 & 3] }
        }
        self.frames = frames
        self.trade = trade
        unsafe work = .allocate(byteCount: frames.count + 16, alignment: 64)
    }

    deinit { unsafe work.deallocate() }

    /// Both ways begin with frames that are masked, as the kernel would put them there.
    private func refill() -> UnsafeMutableRawBufferPointer {
        unsafe frames.withUnsafeBytes { unsafe work.copyMemory(from: $0) }
        return unsafe UnsafeMutableRawBufferPointer(rebasing: work[..<frames.count])
    }

    func decode() -> Double {
        var sum = 0
        var session = WebSocketSession(isClient: false)
        let time = nanoseconds(per: Self.count * Self.passes) {
            for _ in 0..<Self.passes {
                let shown = unsafe refill()
                var position = 0
                while true {
                    let step = unsafe session.next(shown, at: &position, core)
                    if step.kind != .binary { break }
                    let byte = unsafe step.bytes.unsafeLoad(fromByteOffset: 25, as: UInt8.self)
                    sum &+= Int(byte) + step.count
                }
            }
        }
        precondition(sum == Self.count * Self.passes * (0xE8 + Self.payloadBytes), "frames were lost")
        return time
    }

    func decodeToArrays() -> Double {
        var sum = 0
        let time = nanoseconds(per: Self.count * Self.passes) {
            for _ in 0..<Self.passes {
                let shown = unsafe refill()
                var position = 0
                while position + 6 <= shown.count {
                    let length = unsafe Int(shown[position + 1] & 0x7F)
                    let start = position + 6
                    let key = unsafe Array(shown[(position + 2)..<start])
                    var payload = unsafe Array(shown[start..<(start + length)])
                    for index in payload.indices { payload[index] ^= key[index % 4] }
                    sum &+= Int(payload[25]) + payload.count
                    position = start + length
                }
            }
        }
        precondition(sum == Self.count * Self.passes * (0xE8 + Self.payloadBytes), "frames were lost")
        return time
    }

    func encode() -> Double {
        guard let base = unsafe work.baseAddress else { return .nan }
        let time = unsafe trade.withUnsafeBytes { payload in
            guard let source = payload.baseAddress else { return Double.nan }
            return nanoseconds(per: Self.count * Self.passes) {
                for _ in 0..<Self.passes {
                    var target = unsafe base
                    for _ in 0..<Self.count {
                        let head = FrameHead.make(first: 0x82, count: payload.count)
                        unsafe head.store(to: target)
                        unsafe (target + head.count).copyMemory(
                            from: source, byteCount: payload.count)
                        unsafe target += head.count + payload.count
                    }
                }
            }
        }
        precondition(unsafe work[0] == 0x82 && work[1] == 29, "a head is wrong")
        return time
    }

    func encodeToArrays() -> Double {
        var sum = 0
        let time = nanoseconds(per: Self.count * Self.passes) {
            for _ in 0..<Self.count * Self.passes {
                var frame: [UInt8] = [0x82]
                frame.append(UInt8(trade.count))
                frame.append(contentsOf: trade)
                sum &+= frame.count
            }
        }
        precondition(sum == Self.count * Self.passes * (Self.payloadBytes + 2), "a frame is wrong")
        return time
    }

    func readFields() -> Double {
        var sum = 0
        let rounds = Self.count * Self.passes
        let time = nanoseconds(per: rounds) {
            for round in 0..<rounds {
                sum &+= quantity(round)
            }
        }
        precondition(sum == rounds * 1000, "a trade was not understood")
        return time
    }

    /// Not inlined, so that the loads are done for each trade.
    @inline(never)
    private func quantity(_ round: Int) -> Int {
        let array = trade
        let trade = unsafe ReceivedChunk(array.span.bytes)
        guard let identity = trade.load(as: UInt64.self, at: 8, .littleEndian),
            let symbol = trade.load(as: UInt8.self, at: 16, .littleEndian),
            let price = trade.load(as: UInt64.self, at: 17, .littleEndian),
            let quantity = trade.load(as: UInt32.self, at: 25, .littleEndian)
        else { return 0 }
        let isTrade = identity == 123_456_789 && symbol == 0x42 && Double(bitPattern: price) == 100.25
        return isTrade && round >= 0 ? Int(quantity) : 0
    }
}
