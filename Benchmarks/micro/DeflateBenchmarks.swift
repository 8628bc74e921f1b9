import BenchmarkSupport
import ZCNet
import ZCNetWebSocket

#if Deflate
/// What the settings of compression cost: time for a message each way, what is left of it, and the memory
/// that a connection with context takeover keeps.
func deflateReport(_ options: ReportOptions) -> Report {
    #if Libdeflate
    let codec = "zlib, and libdeflate for messages by themselves"
    #else
    let codec = "zlib"
    #endif
    var report = Report(
        "deflate", "Compression: levels, memory levels and messages, by \(codec)",
        notes: [
            "Ticks of a market as JSON. A context's memory is a connection's with takeover, else the loop's."
        ])
    for takesOver in [false, true] {
        var table = Table(
            takesOver ? "With context takeover" : "Each message by itself",
            columns: [
                "level", "memory level", "window bits", "message", "compress µs", "inflate µs", "left %",
                "compressor KiB", "decompressor KiB",
            ])
        for (level, memoryLevel, bits) in [
            (1, 5, 15), (3, 5, 15), (6, 8, 15), (9, 9, 15), (1, 5, 12), (1, 1, 9),
        ] {
            for count in [512, 4096, 16_384, 65_536] {
                let bench = DeflateBench(
                    level: level, memoryLevel: memoryLevel, windowBits: bits, count: count,
                    takesOver: takesOver)
                table.rows.append(bench.row(options))
            }
        }
        report.tables.append(table)
    }
    return report
}

/// Two ends of a connection with the same settings both ways, and a row of messages of one size.
private struct DeflateBench {
    let options: DeflateOptions
    let agreement: DeflateAgreement
    let messages: [[UInt8]]
    let windowBits: Int

    init(level: Int, memoryLevel: Int, windowBits: Int, count: Int, takesOver: Bool) {
        var options = DeflateOptions()
        (options.level, options.memoryLevel, options.minimumBytes) = (level, memoryLevel, 0)
        self.options = options
        self.windowBits = windowBits
        agreement = DeflateAgreement(
            serverNoContextTakeover: !takesOver, clientNoContextTakeover: !takesOver,
            serverWindowBits: windowBits, clientWindowBits: windowBits)
        messages = (0..<16).map { Self.ticks(count, seed: UInt64($0 + 1)) }
    }

    private static func ticks(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        let symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"]
        var bytes: [UInt8] = []
        while bytes.count < count {
            let (symbol, price, size) = (symbols[Int(next(4))], next(100_000), next(1000))
            bytes += Array("{\"symbol\":\"\(symbol)\",\"price\":\(price),\"size\":\(size)}\n".utf8)
        }
        return Array(bytes.prefix(count))
    }

    /// The middle of the rounds, each over all messages.
    func row(_ report: ReportOptions) -> [Cell] {
        var times: [(compress: Double, inflate: Double)] = []
        var left = 0
        for _ in 0..<report.repetitions(9) {
            let round = round()
            times.append((round.compress, round.inflate))
            left = round.left
        }
        let whole = messages.reduce(0) { $0 + $1.count }
        let compressor = DeflateOptions.deflateContextBytes(
            windowBits: windowBits, memoryLevel: options.memoryLevel)
        let decompressor = DeflateOptions.inflateContextBytes(windowBits: windowBits)
        return [
            .number(Double(options.level)), .number(Double(options.memoryLevel)), .number(Double(windowBits)),
            .number(Double(whole / messages.count)), .number(median(times.map(\.compress)) / 1000),
            .number(median(times.map(\.inflate)) / 1000), .number(Double(left) * 100 / Double(whole)),
            .number(Double(compressor) / 1024), .number(Double(decompressor) / 1024),
        ]
    }

    /// Nanoseconds per message each way, and the bytes that all messages came to.
    private func round() -> (compress: Double, inflate: Double, left: Int) {
        let loop = LoopCompressor()
        var sender = DeflateSession(agreement, role: .server, options: options)
        var receiver = DeflateSession(agreement, role: .client, options: options)
        var payload = WriteBuffer()
        var read = WriteBuffer()
        var (compressing, inflating): (UInt64, UInt64) = (0, 0)
        var left = 0
        // A first time over all of them, for the contexts and the caches.
        for isMeasured in [false, true] {
            for message in messages {
                payload.clear()
                read.clear()
                let begin = processorNanoseconds()
                let isSmaller = sender.compress(unsafe message.span.bytes, loop, into: &payload)
                let middle = processorNanoseconds()
                precondition(isSmaller, "ticks get smaller")
                do {
                    try receiver.inflate(
                        payload.bytes, isLast: true, loop, into: &read, messageBytesMax: message.count)
                } catch {
                    preconditionFailure("\(error)")
                }
                precondition(read.count == message.count, "all of it comes back")
                guard isMeasured else { continue }
                inflating += processorNanoseconds() - middle
                compressing += middle - begin
                left += payload.count
            }
        }
        sender.end(loop)
        receiver.end(loop)
        let count = Double(messages.count)
        return (Double(compressing) / count, Double(inflating) / count, left)
    }
}
#endif
