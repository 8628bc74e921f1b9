#if Libdeflate
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// libdeflate beside zlib, each reading what the other wrote.
@Suite struct WholeMessageTests {
    private let account = DeflateAccount(bytesMax: 1 << 30)

    private func message(_ random: inout SimulatedRandom, upTo most: Int) -> [UInt8] {
        let count = Int(random.next() % UInt64(most))
        switch random.next() % 4 {
        case 0: return DeflateBytes.noise(count, seed: random.next())
        case 1: return [UInt8](repeating: UInt8(truncatingIfNeeded: random.next()), count: count)
        case 2:
            return DeflateBytes.text(count / 2, seed: random.next())
                + DeflateBytes.noise(count / 2, seed: random.next())
        default: return DeflateBytes.text(count, seed: random.next())
        }
    }

    /// zlib reads them with the window that was agreed on, and with one decompressor that is never reset: no
    /// block says that it is the last, and each message ends where a block does.
    @Test(arguments: [1, 3, 6, 9])
    func whatIsCompressedIsReadByZlib(level: Int) throws {
        var random = SimulatedRandom(seed: UInt64(level))
        let codec = try #require(WholeMessageCodec())
        var endings: Set<Bool> = []
        var done = 0
        for bits in [9, 12, 15] {
            let settings = Deflater.Settings(level: level, memoryLevel: 5, windowBits: bits)
            let inflater = try Inflater(windowBits: bits, account: account)
            for round in 0..<400 {
                let message = message(&random, upTo: min(1 << bits, 6000))
                var output = WriteBuffer()
                try output.append(9)
                guard codec.compress(message.rawView, settings, into: &output) == true else {
                    #expect(DeflateBytes.of(output) == [9])
                    continue
                }
                done += 1
                let payload = Array(DeflateBytes.of(output).dropFirst())
                #expect(payload.count < message.count)
                endings.insert(payload.last == 0)
                let read = try DeflateBytes.inflate(payload, inflater)
                #expect(read == message, "\(bits) bits, round \(round)")
            }
        }
        #expect(done > 500 && endings == [true, false], "\(done)")
    }

    @Test func whatIsTooLongOrStaysAsLongIsLeftAlone() throws {
        let codec = try #require(WholeMessageCodec())
        let settings = Deflater.Settings(level: 1, memoryLevel: 5, windowBits: 10)
        var output = WriteBuffer()
        #expect(codec.compress(DeflateBytes.text(1025, seed: 1).rawView, settings, into: &output) == nil)
        #expect(codec.compress(DeflateBytes.noise(1000, seed: 1).rawView, settings, into: &output) == false)
        #expect(codec.compress(RawSpan(), settings, into: &output) == nil)
        let isEmpty = output.isEmpty
        #expect(isEmpty)
    }

    @Test(arguments: [1, 6, 9])
    func whatZlibCompressedIsRead(level: Int) throws {
        var random = SimulatedRandom(seed: UInt64(level))
        let codec = try #require(WholeMessageCodec())
        let deflater = try DeflateBytes.deflater(level: level, account: account)
        var done = 0
        for round in 0..<400 {
            deflater.reset()
            let message = message(&random, upTo: 8000)
            let payload = try DeflateBytes.compress(message, deflater)
            var output = WriteBuffer()
            try output.append(9)
            let isDone = codec.inflate(payload.rawView, into: &output, messageBytesMax: 1 << 20)
            let read = DeflateBytes.of(output)
            #expect(read == (isDone ? [9] + message : [9]), "round \(round)")
            if isDone { done += 1 }
        }
        // Long rows of one byte get longer than room is made for, and are zlib's.
        #expect(done > 250, "\(done)")
    }

    /// Whatever comes: it is declined, or is what zlib makes of it. In a few of a thousand that end within a
    /// block the bytes behind happen to complete it, and they are taken for whole; never beyond the limit.
    @Test(arguments: [UInt64(1), 2, 3])
    func damagedMessagesAreZlibs(seed: UInt64) throws {
        var random = SimulatedRandom(seed: seed)
        let codec = try #require(WholeMessageCodec())
        let deflater = try DeflateBytes.deflater(account: account)
        let inflater = try Inflater(windowBits: 15, account: account)
        var (declined, completed) = (0, 0)
        for round in 0..<1500 {
            deflater.reset()
            inflater.reset()
            var payload = try DeflateBytes.compress(message(&random, upTo: 3000), deflater)
            for _ in 0...(random.next() % 3) {
                payload[Int(random.next() % UInt64(payload.count))] ^= 1 << (random.next() % 8)
            }
            var output = WriteBuffer()
            let limit = random.next() % 2 == 0 ? 20_000 : 700
            let isDone = codec.inflate(payload.rawView, into: &output, messageBytesMax: limit)
            #expect(output.count <= limit && output.capacity <= max(limit, 64))
            if !isDone {
                declined += 1
                let isEmpty = output.isEmpty
                #expect(isEmpty)
            } else {
                let read = try? DeflateBytes.inflate(payload, inflater, messageBytesMax: limit)
                if read == nil { completed += 1 }
                #expect(read == nil || read == DeflateBytes.of(output), "seed \(seed), round \(round)")
            }
        }
        #expect(declined > 300 && completed < 30, "\(completed)")
    }

    /// RFC 7692 7.2.3.4: a block that says it is the last, and the empty one behind it.
    @Test func aBlockThatSaysItIsTheLastIsZlibs() throws {
        let codec = try #require(WholeMessageCodec())
        let payload: [UInt8] = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]
        var output = WriteBuffer()
        let isDone = codec.inflate(payload.rawView, into: &output, messageBytesMax: 100)
        #expect(!isDone && output.isEmpty)
        let loop = LoopCompressor()
        var session = DeflateSession(
            DeflateAgreement(clientNoContextTakeover: true), role: .server, options: DeflateOptions())
        try session.inflate(payload.rawView, isLast: true, loop, into: &output, messageBytesMax: 100)
        #expect(DeflateBytes.of(output) == Array("Hello".utf8))
    }

    /// Messages that stand by themselves take no context in either direction; with takeover they do.
    @Test(arguments: [false, true])
    func contextsAreForThoseThatTakeOver(takesOver: Bool) throws {
        let loop = LoopCompressor()
        let agreement = DeflateAgreement(
            serverNoContextTakeover: !takesOver, clientNoContextTakeover: !takesOver)
        var server = DeflateSession(agreement, role: .server, options: DeflateOptions())
        var client = DeflateSession(agreement, role: .client, options: DeflateOptions())
        let text = DeflateBytes.text(4000, seed: 1)
        var payload = WriteBuffer()
        var read = WriteBuffer()
        let isCompressed = server.compress(text.rawView, loop, into: &payload)
        #expect(isCompressed)
        try client.inflate(payload.bytes, isLast: true, loop, into: &read, messageBytesMax: 4000)
        #expect(DeflateBytes.of(read) == text)
        #expect(loop.account.contextCount == (takesOver ? 2 : 0))
    }
}
#endif
