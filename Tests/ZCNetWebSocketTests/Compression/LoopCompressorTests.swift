#if Deflate
import Testing
import ZCNet

@testable import ZCNetWebSocket

@Suite struct LoopCompressorTests {
    private let settings = Deflater.Settings(level: 1, memoryLevel: 5, windowBits: 12)
    private let text = DeflateBytes.text(1000, seed: 1)

    @Test func oneContextServesMessagesOneAfterAnother() throws {
        let loop = LoopCompressor(keepsToZlib: true)
        var output = WriteBuffer()
        #expect(loop.account.contextCount == 0)
        for round in 0..<5 {
            output.clear()
            let isCompressed = loop.compressAlone(text.rawView, settings, into: &output)
            #expect(isCompressed)
            #expect(loop.account.contextCount == (round == 0 ? 1 : 2))
            #expect(loop.idleContextCount == loop.account.contextCount)
            let inflater = try loop.borrowInflater(windowBits: 12)
            #expect(try DeflateBytes.inflate(DeflateBytes.of(output), inflater) == text)
            loop.giveBack(inflater)
        }
        #expect(loop.account.contextCount == 2)
        loop.dropIdleContexts()
        #expect(loop.account.contextCount == 0)
    }

    @Test func idleContextsAreFreshWhateverTheyWereUsedFor() throws {
        let loop = LoopCompressor()
        let deflater = try loop.borrowDeflater(settings)
        var output = WriteBuffer()
        try deflater.compress(text.rawView, .none, into: &output)
        loop.giveBack(deflater)
        let again = try loop.borrowDeflater(settings)
        #expect(again === deflater && again.isFresh)
        #expect(try DeflateBytes.compress([], again) == [0])

        let inflater = try loop.borrowInflater(windowBits: 9)
        #expect(throws: DeflateError.self) { try DeflateBytes.inflate([7], inflater) }
        loop.giveBack(inflater)
        let healed = try loop.borrowInflater(windowBits: 9)
        #expect(healed === inflater && healed.isFresh)
        #expect(try DeflateBytes.inflate([0], healed) == [])
    }

    @Test func settingsDoNotMix() throws {
        let loop = LoopCompressor()
        let narrow = try loop.borrowDeflater(settings)
        loop.giveBack(narrow)
        var other = settings
        other.windowBits = 13
        let wide = try loop.borrowDeflater(other)
        #expect(wide !== narrow && wide.settings == other)
        let inflater = try loop.borrowInflater(windowBits: 9)
        loop.giveBack(inflater)
        #expect(try loop.borrowInflater(windowBits: 10) !== inflater)
    }

    @Test func fewAreKept() throws {
        let loop = LoopCompressor(idleContextsMax: 2)
        let borrowed = try (9...13).map { try loop.borrowInflater(windowBits: $0) }
        #expect(loop.account.contextCount == 5)
        for inflater in borrowed { loop.giveBack(inflater) }
        #expect(loop.idleContextCount == 2)
        #expect(try loop.borrowInflater(windowBits: 13) === borrowed[4])
        #expect(try loop.borrowInflater(windowBits: 12) === borrowed[3])
        #expect(loop.idleContextCount == 0)
        let none = LoopCompressor(idleContextsMax: 0)
        none.giveBack(try none.borrowDeflater(settings))
        #expect(none.idleContextCount == 0)
        #expect(none.account.bytes == 0)
    }

    @Test func whatDoesNotGetSmallerStaysAsItIs() throws {
        let loop = LoopCompressor(keepsToZlib: true)
        var output = WriteBuffer()
        try output.append(7)
        let noise = DeflateBytes.noise(1000, seed: 1)
        let wasSmaller = loop.compressAlone(noise.rawView, settings, into: &output)
        #expect(!wasSmaller)
        #expect(DeflateBytes.of(output) == [7])
        var tight = WriteBuffer(limit: 40)
        let hadRoom = loop.compressAlone(text.rawView, settings, into: &tight)
        #expect(!hadRoom)
        #expect(tight.count == 0)
        #expect(loop.idleContextCount == 1)
    }

    @Test func memoryIsBounded() throws {
        let each = DeflateOptions.deflateContextBytes(windowBits: 12, memoryLevel: 5)
        let loop = LoopCompressor(contextBytesMax: 2 * each, keepsToZlib: true)
        let borrowed = [try loop.borrowDeflater(settings), try loop.borrowDeflater(settings)]
        let error = #expect(throws: DeflateError.self) { try loop.borrowDeflater(settings) }
        #expect(error?.code == .outOfMemory)
        #expect(loop.account.contextCount == 2)
        var output = WriteBuffer()
        let wasMade = loop.compressAlone(text.rawView, settings, into: &output)
        #expect(!wasMade)
        #expect(borrowed.allSatisfy { $0.isFresh })
    }

    @Test func idleContextsGiveWay() throws {
        let each = DeflateOptions.deflateContextBytes(windowBits: 12, memoryLevel: 5)
        let loop = LoopCompressor(contextBytesMax: each)
        loop.giveBack(try loop.borrowDeflater(settings))
        var other = settings
        other.level = 2
        let second = try loop.borrowDeflater(other)
        #expect(second.settings == other)
        #expect(loop.account.contextCount == 1 && loop.idleContextCount == 0)
    }

    /// zlib's memory refused at each of its allocations in turn: a typed error, and nothing is lost.
    @Test func refusedMemoryAtEveryStep() throws {
        let each = DeflateOptions.deflateContextBytes(windowBits: 9, memoryLevel: 1)
        var made = 0
        for bytes in stride(from: 0, through: each, by: 64) {
            let account = DeflateAccount(bytesMax: bytes)
            do throws(DeflateError) {
                _ = try Deflater(
                    Deflater.Settings(level: 1, memoryLevel: 1, windowBits: 9), account: account)
                made += 1
            } catch {
                #expect(error.code == .outOfMemory)
            }
            #expect(account.blockCount == 0 && account.bytes == 0 && account.contextCount == 0)
        }
        #expect(made > 0)
    }

    /// The window of a decompressor comes with its first output, and may be refused.
    @Test func aRefusedWindow() throws {
        let payload = try DeflateBytes.compress(
            text, DeflateBytes.deflater(account: DeflateAccount(bytesMax: 1 << 30)))
        let account = DeflateAccount(bytesMax: 20_000)
        let inflater = try Inflater(windowBits: 15, account: account)
        let error = #expect(throws: DeflateError.self) { try DeflateBytes.inflate(payload, inflater) }
        #expect(error?.code == .outOfMemory)
    }

    /// The documented sizes are upper bounds and no more than a tenth or 1 KiB too high.
    @Test(arguments: 9...15)
    func documentedSizes(_ bits: Int) throws {
        for memoryLevel in 1...9 {
            let account = DeflateAccount(bytesMax: 1 << 30)
            let deflater = try DeflateBytes.deflater(
                memoryLevel: memoryLevel, windowBits: bits, account: account)
            let payload = try DeflateBytes.compress(text, deflater)
            let deflating = account.bytes
            let bound = DeflateOptions.deflateContextBytes(windowBits: bits, memoryLevel: memoryLevel)
            #expect(deflating <= bound && deflating >= bound - bound / 10 - 1024)
            let inflater = try Inflater(windowBits: bits, account: account)
            _ = try DeflateBytes.inflate(payload, inflater)
            let inflating = account.bytes - deflating
            let inflateBound = DeflateOptions.inflateContextBytes(windowBits: bits)
            #expect(inflating <= inflateBound && inflating >= inflateBound - 1024)
        }
    }

    @Test func everythingComesBack() throws {
        let account: DeflateAccount
        do {
            let loop = LoopCompressor()
            account = loop.account
            let kept = try loop.borrowDeflater(settings)
            loop.giveBack(try loop.borrowDeflater(settings))
            loop.giveBack(try loop.borrowInflater(windowBits: 15))
            #expect(account.contextCount == 3 && account.blockCount > 3 && account.bytes > 0)
            #expect(kept.isFresh)
        }
        #expect(account.contextCount == 0 && account.blockCount == 0 && account.bytes == 0)
        #expect(account.bytesMost > 0)
    }
}
#endif
