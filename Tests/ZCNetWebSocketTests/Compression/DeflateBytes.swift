#if Deflate
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Bytes for tests of compression, and ways to look at results.
enum DeflateBytes {
    /// Bytes that do not compress.
    static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SimulatedRandom(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    /// Text that compresses well: ticks of a market, with repeats at many distances.
    static func text(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SimulatedRandom(seed: seed)
        var bytes: [UInt8] = []
        let symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"]
        while bytes.count < count {
            let symbol = symbols[Int(random.next() % 4)]
            let price = random.next() % 100_000
            let size = random.next() % 1000
            bytes += Array("{\"symbol\":\"\(symbol)\",\"price\":\(price),\"size\":\(size)}\n".utf8)
        }
        return Array(bytes.prefix(count))
    }

    static func of(_ buffer: borrowing WriteBuffer) -> [UInt8] {
        unsafe buffer.bytes.withUnsafeBytes { unsafe [UInt8]($0) }
    }

    static func deflater(
        level: Int = 6, memoryLevel: Int = 8, windowBits: Int = 15, account: DeflateAccount
    ) throws -> Deflater {
        try Deflater(
            Deflater.Settings(level: level, memoryLevel: memoryLevel, windowBits: windowBits),
            account: account)
    }

    /// One message, whole.
    static func compress(_ message: [UInt8], _ deflater: Deflater) throws -> [UInt8] {
        var output = WriteBuffer()
        try deflater.compress(message.rawView, .message, into: &output)
        return of(output)
    }

    /// One message, cut into pieces of a size.
    static func inflate(
        _ payload: [UInt8], _ inflater: Inflater, pieces: Int = .max, messageBytesMax: Int = 1 << 24
    ) throws -> [UInt8] {
        var output = WriteBuffer()
        var start = 0
        repeat {
            let end = payload.count - start > pieces ? start + pieces : payload.count
            try inflater.inflate(
                payload.rawView.extracting(start..<end), isLast: end == payload.count,
                into: &output, messageBytesMax: messageBytesMax)
            start = end
        } while start < payload.count
        return of(output)
    }
}

extension [UInt8] {
    /// The array's bytes, for what takes raw ones.
    var rawView: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: bytes without padding, and the array is borrowed for the view's lifetime.
            let view = unsafe span.bytes
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }
}
#endif
