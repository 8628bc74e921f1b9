#if Deflate
import Testing
import ZCNet

@testable import ZCNetWebSocket

@Suite struct InflaterTests {
    private let account = DeflateAccount(bytesMax: 1 << 30)
    private let hello = Array("Hello".utf8)

    private func inflate(_ payload: [UInt8], messageBytesMax: Int = 1 << 20) throws -> [UInt8] {
        let whole = try DeflateBytes.inflate(
            payload, Inflater(windowBits: 15, account: account), messageBytesMax: messageBytesMax)
        let cut = try DeflateBytes.inflate(
            payload, Inflater(windowBits: 15, account: account), pieces: 1,
            messageBytesMax: messageBytesMax)
        #expect(whole == cut)
        return whole
    }

    private func code(_ payload: [UInt8]) -> DeflateError.Code? {
        do {
            _ = try inflate(payload)
            return nil
        } catch {
            return (error as? DeflateError)?.code
        }
    }

    /// RFC 7692 7.2.3.1, .3, .4, .5 and .6: a compressed block, a stored block, a final block, two
    /// blocks, an empty message.
    @Test func theExamplesOfTheStandard() throws {
        #expect(try inflate([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]) == hello)
        #expect(
            try inflate([0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00]) == hello)
        #expect(try inflate([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]) == hello)
        #expect(
            try inflate([0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00])
                == hello)
        #expect(try inflate([0x00]) == [])
        #expect(try inflate([0x02, 0x00]) == [])
    }

    /// RFC 7692 7.2.3.2.
    @Test func theSharedWindowOfTheStandard() throws {
        let inflater = try Inflater(windowBits: 15, account: account)
        let first: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        #expect(try DeflateBytes.inflate(first, inflater) == hello)
        #expect(try DeflateBytes.inflate([0xF2, 0x00, 0x11, 0x00, 0x00], inflater) == hello)
    }

    /// A final block keeps the window: what follows, in this message or the next, may refer to it.
    @Test func finalBlocksKeepTheWindow() throws {
        let inflater = try Inflater(windowBits: 15, account: account)
        let final: [UInt8] = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        let reference: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]
        #expect(try DeflateBytes.inflate(final + reference, inflater) == hello + hello)
        #expect(try DeflateBytes.inflate(final + [0], inflater) == hello)
        #expect(try DeflateBytes.inflate(reference, inflater) == hello)
        #expect(try DeflateBytes.inflate(final + final + [0], inflater, pieces: 1) == hello + hello)
        #expect(try DeflateBytes.inflate(reference, inflater) == hello)
        // Without the empty block behind it that the standard asks of the sender.
        #expect(try DeflateBytes.inflate(final, inflater) == hello)
        #expect(try DeflateBytes.inflate(reference, inflater) == hello)
    }

    @Test func whatIsNoStream() {
        #expect(code([0x07]) == .invalidData)  // block type 3
        #expect(code([0x00, 0x05, 0x00, 0xFA, 0x00, 0x48]) == .invalidData)  // LEN and NLEN disagree
        #expect(code([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0xFF, 0xFF]) == .invalidData)
    }

    @Test func whatEndsWithinABlock() {
        #expect(code([0xF2, 0x48, 0xCD]) != nil)
        #expect(code([]) == .invalidData || code([]) == .truncated)
        #expect(code([0x00, 0x50, 0x00, 0xAF, 0xFF, 0x48]) == .truncated)
        // A flush whose tail was not taken off: the tail follows, and is a block that has just begun.
        #expect(code([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00, 0x00, 0xFF, 0xFF]) == .truncated)
    }

    @Test func noCutOfAMessageIsTakenForTheWhole() throws {
        let deflater = try DeflateBytes.deflater(account: account)
        let message = DeflateBytes.text(2000, seed: 5)
        let payload = try DeflateBytes.compress(message, deflater)
        let inflater = try Inflater(windowBits: 15, account: account)
        for cut in 1..<payload.count {
            inflater.reset()
            let error = #expect(throws: DeflateError.self, "cut at \(cut)") {
                try DeflateBytes.inflate(Array(payload.prefix(cut)), inflater)
            }
            #expect(error?.code == .truncated || error?.code == .invalidData)
        }
    }

    @Test func theLimitIsExact() throws {
        let deflater = try DeflateBytes.deflater(account: account)
        for count in [0, 1, 511, 512, 513, 4096, 100_000] {
            deflater.reset()
            let message = DeflateBytes.text(count, seed: 6)
            let payload = try DeflateBytes.compress(message, deflater)
            #expect(try inflate(payload, messageBytesMax: count) == message)
            guard count > 0 else { continue }
            let error = #expect(throws: DeflateError.self) {
                try inflate(payload, messageBytesMax: count - 1)
            }
            #expect(error?.code == .messageTooBig)
            #expect(error?.expected == "at most \(count - 1) bytes inflated" && error?.got == "more")
        }
    }

    /// The limit is the message's, however often its output is taken away meanwhile.
    @Test func theLimitCountsAcrossPieces() throws {
        let deflater = try DeflateBytes.deflater(account: account)
        let inflater = try Inflater(windowBits: 15, account: account)
        var payload = WriteBuffer()
        var output = WriteBuffer()
        let part = DeflateBytes.text(100, seed: 7)
        for _ in 0..<3 {
            payload.clear()
            output.clear()
            try deflater.compress(part.rawView, .piece, into: &payload)
            try inflater.inflate(payload.bytes, isLast: false, into: &output, messageBytesMax: 399)
            #expect(DeflateBytes.of(output) == part)
        }
        payload.clear()
        output.clear()
        try deflater.compress(part.rawView, .message, into: &payload)
        let error = #expect(throws: DeflateError.self) {
            try inflater.inflate(payload.bytes, isLast: true, into: &output, messageBytesMax: 399)
        }
        #expect(error?.code == .messageTooBig)
        #expect(DeflateBytes.of(output) == Array(part.prefix(99)))
    }

    @Test func theOutputsOwnLimitCountsToo() throws {
        let deflater = try DeflateBytes.deflater(account: account)
        let inflater = try Inflater(windowBits: 15, account: account)
        let payload = try DeflateBytes.compress(DeflateBytes.text(1000, seed: 8), deflater)
        var output = WriteBuffer(limit: 999)
        let error = #expect(throws: DeflateError.self) {
            try inflater.inflate(
                payload.rawView, isLast: true, into: &output, messageBytesMax: 1 << 20)
        }
        #expect(error?.code == .outputFull)
        #expect(output.count == 999)
        let second = #expect(throws: DeflateError.self) {
            try DeflateBytes.inflate([0], inflater)
        }
        #expect(second?.code == .contextLost)
    }

    /// A gibibyte of zeros in a megabyte: stopped at the limit, with no more memory than the limit.
    @Test func aBombIsStoppedEarly() throws {
        let deflater = try DeflateBytes.deflater(level: 9, account: account)
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        var bomb = WriteBuffer()
        for part in 1...1024 {
            try deflater.compress(zeros.rawView, part == 1024 ? .message : .none, into: &bomb)
        }
        #expect(bomb.count < 1_100_000)
        for roomLimit in [1 << 20, 1 << 26] {
            let inflater = try Inflater(windowBits: 15, account: account)
            var output = WriteBuffer(limit: roomLimit)
            let error = #expect(throws: DeflateError.self) {
                try inflater.inflate(bomb.bytes, isLast: true, into: &output, messageBytesMax: 1 << 20)
            }
            #expect(error?.code == .messageTooBig)
            #expect(output.count == 1 << 20)
            #expect(output.capacity <= 1 << 20)
        }
    }
}
#endif
