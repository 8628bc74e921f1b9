#if Deflate
import Testing
import ZCNet

@testable import ZCNetWebSocket

@Suite struct DeflaterTests {
    private let account = DeflateAccount(bytesMax: 1 << 30)

    /// RFC 7692 7.2.3.1 and 7.2.3.2.
    @Test func theExamplesOfTheStandard() throws {
        let deflater = try DeflateBytes.deflater(account: account)
        let hello = Array("Hello".utf8)
        #expect(
            try DeflateBytes.compress(hello, deflater) == [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
        #expect(try DeflateBytes.compress(hello, deflater) == [0xF2, 0x00, 0x11, 0x00, 0x00])
        deflater.reset()
        #expect(
            try DeflateBytes.compress(hello, deflater) == [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
    }

    /// RFC 7692 7.2.3.6: also between others, and behind a piece that was flushed.
    @Test func anEmptyMessageIsOneZero() throws {
        let deflater = try DeflateBytes.deflater(account: account)
        #expect(try DeflateBytes.compress([], deflater) == [0])
        #expect(deflater.isFresh)
        _ = try DeflateBytes.compress([1, 2, 3], deflater)
        #expect(try DeflateBytes.compress([], deflater) == [0])
        #expect(try DeflateBytes.compress([], deflater) == [0])
        var output = WriteBuffer()
        try deflater.compress([1, 2].rawView, .piece, into: &output)
        #expect(DeflateBytes.of(output).suffix(4) == [0, 0, 0xFF, 0xFF])
        output.clear()
        try deflater.compress(RawSpan(), .piece, into: &output)
        #expect(output.count == 0)
        try deflater.compress(RawSpan(), .message, into: &output)
        #expect(DeflateBytes.of(output) == [0])
    }

    @Test func whatIsHeldBackIsFlushedAtTheEnd() throws {
        let deflater = try DeflateBytes.deflater(account: account)
        var output = WriteBuffer()
        try deflater.compress(Array("Hel".utf8).rawView, .none, into: &output)
        try deflater.compress(Array("lo".utf8).rawView, .none, into: &output)
        #expect(output.count == 0)
        try deflater.compress(RawSpan(), .message, into: &output)
        #expect(DeflateBytes.of(output) == [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
    }

    @Test func appendsToWhatIsThere() throws {
        let deflater = try DeflateBytes.deflater(account: account)
        var output = WriteBuffer()
        try output.append(9)
        try deflater.compress(Array("Hello".utf8).rawView, .message, into: &output)
        #expect(DeflateBytes.of(output) == [9, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
    }

    @Test func aFullOutputIsAnErrorThatAResetHeals() throws {
        let deflater = try DeflateBytes.deflater(account: account)
        var output = WriteBuffer(limit: 500)
        let noise = DeflateBytes.noise(1000, seed: 1)
        let error = #expect(throws: DeflateError.self) {
            try deflater.compress(noise.rawView, .message, into: &output)
        }
        #expect(error?.code == .outputFull)
        #expect(output.count <= 500)
        let second = #expect(throws: DeflateError.self) {
            try DeflateBytes.compress([1], deflater)
        }
        #expect(second?.code == .contextLost)
        deflater.reset()
        let payload = try DeflateBytes.compress(noise, deflater)
        let inflater = try Inflater(windowBits: 15, account: account)
        #expect(try DeflateBytes.inflate(payload, inflater) == noise)
    }

    /// However little room a step finds, the peer must be able to read the result.
    @Test func anyOutputLimitThatSucceedsIsRight() throws {
        let deflater = try DeflateBytes.deflater(account: account)
        let inflater = try Inflater(windowBits: 15, account: account)
        let noise = DeflateBytes.noise(400, seed: 2)
        var successes = 0
        for limit in 380...560 {
            deflater.reset()
            inflater.reset()
            var output = WriteBuffer(limit: limit)
            do throws(DeflateError) {
                try deflater.compress(noise.rawView, .message, into: &output)
            } catch {
                #expect(error.code == .outputFull)
                continue
            }
            successes += 1
            #expect(try DeflateBytes.inflate(DeflateBytes.of(output), inflater) == noise)
        }
        #expect(successes > 50 && successes < 180)
    }

    @Test func refusesWhatZlibCannotDo() {
        let error = #expect(throws: DeflateError.self) {
            try DeflateBytes.deflater(windowBits: 8, account: account)
        }
        #expect(error?.code == .unsupported)
        #expect(account.blockCount == 0 && account.contextCount == 0)
    }
}
#endif
