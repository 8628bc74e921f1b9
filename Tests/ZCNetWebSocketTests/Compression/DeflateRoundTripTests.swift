#if Deflate
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

@Suite struct DeflateRoundTripTests {
    static let messages = [
        DeflateBytes.text(3000, seed: 1), [], DeflateBytes.noise(700, seed: 2), [7],
        DeflateBytes.text(3000, seed: 3), [UInt8](repeating: 0, count: 5000),
        DeflateBytes.text(70_000, seed: 4), DeflateBytes.noise(40_000, seed: 5),
    ]

    @Test(arguments: 9...15)
    func everyWindow(_ bits: Int) throws {
        for takesOver in [false, true] {
            let account = DeflateAccount(bytesMax: 1 << 30)
            let deflater = try DeflateBytes.deflater(windowBits: bits, account: account)
            let inflater = try Inflater(windowBits: bits, account: account)
            for message in Self.messages {
                let payload = try DeflateBytes.compress(message, deflater)
                #expect(try DeflateBytes.inflate(payload, inflater) == message)
                if !takesOver {
                    deflater.reset()
                    inflater.reset()
                }
            }
        }
    }

    @Test(arguments: 1...9)
    func everyLevel(_ level: Int) throws {
        let account = DeflateAccount(bytesMax: 1 << 30)
        for memoryLevel in 1...9 {
            let deflater = try DeflateBytes.deflater(
                level: level, memoryLevel: memoryLevel, account: account)
            let inflater = try Inflater(windowBits: 15, account: account)
            for message in Self.messages {
                let payload = try DeflateBytes.compress(message, deflater)
                #expect(try DeflateBytes.inflate(payload, inflater, pieces: 1000) == message)
            }
        }
    }

    @Test func takeoverMakesRepeatsSmall() throws {
        let account = DeflateAccount(bytesMax: 1 << 30)
        let deflater = try DeflateBytes.deflater(account: account)
        let message = DeflateBytes.noise(1000, seed: 9)
        let first = try DeflateBytes.compress(message, deflater)
        let second = try DeflateBytes.compress(message, deflater)
        deflater.reset()
        let third = try DeflateBytes.compress(message, deflater)
        #expect(first.count > 1000)
        #expect(second.count < 50)
        #expect(third == first)
    }

    @Test func takeoverNeedsTheSameWindow() throws {
        let account = DeflateAccount(bytesMax: 1 << 30)
        let deflater = try DeflateBytes.deflater(account: account)
        let inflater = try Inflater(windowBits: 15, account: account)
        let message = DeflateBytes.noise(1000, seed: 9)
        _ = try DeflateBytes.compress(message, deflater)
        let second = try DeflateBytes.compress(message, deflater)
        let error = #expect(throws: DeflateError.self) {
            try DeflateBytes.inflate(second, inflater)
        }
        #expect(error?.code == .invalidData)
        #expect(error?.got.hasPrefix("invalid distance too far back") == true)
    }

    /// A peer that looks back further than agreed: 2 KiB where 512 bytes are kept.
    @Test func aWindowLargerThanAgreedIsInvalid() throws {
        let account = DeflateAccount(bytesMax: 1 << 30)
        let deflater = try DeflateBytes.deflater(account: account)
        let inflater = try Inflater(windowBits: 9, account: account)
        let message = DeflateBytes.noise(2000, seed: 10)
        let first = try DeflateBytes.compress(message, deflater)
        let second = try DeflateBytes.compress(message, deflater)
        #expect(try DeflateBytes.inflate(first, inflater) == message)
        let error = #expect(throws: DeflateError.self) {
            try DeflateBytes.inflate(second, inflater)
        }
        #expect(error?.code == .invalidData)
    }

    @Test func cutAtEveryByte() throws {
        let account = DeflateAccount(bytesMax: 1 << 30)
        let deflater = try DeflateBytes.deflater(account: account)
        let inflater = try Inflater(windowBits: 15, account: account)
        for message in [DeflateBytes.text(1500, seed: 11), DeflateBytes.noise(300, seed: 12), [1], []] {
            deflater.reset()
            let payload = try DeflateBytes.compress(message, deflater)
            for cut in 0...payload.count {
                inflater.reset()
                var output = WriteBuffer()
                let bytes = payload.rawView
                try inflater.inflate(
                    bytes.extracting(first: cut), isLast: false, into: &output, messageBytesMax: 1500)
                try inflater.inflate(
                    bytes.extracting(droppingFirst: cut), isLast: true, into: &output,
                    messageBytesMax: 1500)
                #expect(DeflateBytes.of(output) == message, "cut at \(cut)")
            }
            inflater.reset()
            #expect(try DeflateBytes.inflate(payload, inflater, pieces: 1) == message)
        }
    }

    /// Messages given to the compressor in pieces, with every kind of boundary, and empty pieces.
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
    func streamedInPieces(_ seed: UInt64) throws {
        var random = SimulatedRandom(seed: seed)
        let account = DeflateAccount(bytesMax: 1 << 30)
        let deflater = try DeflateBytes.deflater(level: Int(seed), account: account)
        let inflater = try Inflater(windowBits: 15, account: account)
        for _ in 0..<40 {
            let message = DeflateBytes.text(Int(random.next() % 5000), seed: random.next())
            var input = WriteBuffer()
            var result = WriteBuffer()
            var start = 0
            while start < message.count || random.next() % 3 == 0 {
                let end = min(message.count, start + Int(random.next() % 900))
                input.clear()
                let boundary: Deflater.Boundary = random.next() % 2 == 0 ? .none : .piece
                try deflater.compress(
                    message.rawView.extracting(start..<end), boundary, into: &input)
                try inflater.inflate(input.bytes, isLast: false, into: &result, messageBytesMax: 5000)
                start = end
                if boundary == .piece { #expect(result.count == start) }
            }
            input.clear()
            try deflater.compress(RawSpan(), .message, into: &input)
            try inflater.inflate(input.bytes, isLast: true, into: &result, messageBytesMax: 5000)
            #expect(DeflateBytes.of(result) == message)
        }
    }

    /// More than one step of zlib takes at a time.
    @Test func largerThanAStep() throws {
        let account = DeflateAccount(bytesMax: 1 << 30)
        let deflater = try DeflateBytes.deflater(level: 1, account: account)
        let inflater = try Inflater(windowBits: 15, account: account)
        for message in [DeflateBytes.noise(3 << 20, seed: 1), [UInt8](repeating: 5, count: 5 << 20)] {
            let payload = try DeflateBytes.compress(message, deflater)
            let result = try DeflateBytes.inflate(payload, inflater)
            #expect(result == message)
        }
    }
}
#endif
