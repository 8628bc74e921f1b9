#if Deflate
import Testing
import ZCNet

@testable import ZCNetWebSocket

@Suite struct DeflateSessionTests {
    private func options(minimumBytes: Int = 0) -> DeflateOptions {
        var options = DeflateOptions()
        options.minimumBytes = minimumBytes
        return options
    }

    /// What the receiver makes of a message that the sender says is compressed, or not.
    private func carry(
        _ message: [UInt8], _ sender: inout DeflateSession, _ receiver: inout DeflateSession,
        _ loop: LoopCompressor
    ) throws -> (result: [UInt8], payloadBytes: Int) {
        var payload = WriteBuffer()
        guard sender.compress(message.rawView, loop, into: &payload) else {
            #expect(payload.count == 0)
            return (message, message.count)
        }
        var result = WriteBuffer()
        try receiver.inflate(
            payload.bytes, isLast: true, loop, into: &result, messageBytesMax: message.count)
        return (DeflateBytes.of(result), payload.count)
    }

    private static let agreements = [false, true].flatMap { server in
        [false, true].flatMap { client in
            [(9, 15), (15, 9), (12, 12)].map { bits in
                DeflateAgreement(
                    serverNoContextTakeover: server, clientNoContextTakeover: client,
                    serverWindowBits: bits.0, clientWindowBits: bits.1)
            }
        }
    }

    @Test(arguments: agreements)
    func bothWays(_ agreement: DeflateAgreement) throws {
        let loop = LoopCompressor()
        var server = DeflateSession(agreement, role: .server, options: options())
        var client = DeflateSession(agreement, role: .client, options: options())
        for seed in 0..<30 {
            let message = DeflateBytes.text(seed * 150, seed: UInt64(seed))
            #expect(try carry(message, &server, &client, loop).result == message)
            let answer = DeflateBytes.noise(seed * 31, seed: UInt64(seed))
            #expect(try carry(answer, &client, &server, loop).result == answer)
        }
        // Each takeover direction holds a context at either end, and no other.
        let held = (agreement.serverNoContextTakeover ? 0 : 2) + (agreement.clientNoContextTakeover ? 0 : 2)
        #expect(loop.account.contextCount - loop.idleContextCount == held)
        let isHeld = server.holdsContext
        #expect(isHeld == (held > 0))
        server.end(loop)
        client.end(loop)
        #expect(loop.account.contextCount == loop.idleContextCount)
        loop.dropIdleContexts()
        #expect(loop.account.blockCount == 0)
    }

    @Test func anIdleConnectionHoldsNothing() {
        let loop = LoopCompressor()
        let session = DeflateSession(DeflateAgreement(), role: .server, options: options())
        let isHeld = session.holdsContext
        #expect(!isHeld)
        #expect(loop.account.bytes == 0)
        #expect(MemoryLayout<DeflateSession>.size <= 32)
    }

    @Test func smallMessagesAreLeftAlone() {
        let loop = LoopCompressor()
        let agreement = DeflateAgreement()
        var server = DeflateSession(agreement, role: .server, options: options(minimumBytes: 100))
        var output = WriteBuffer()
        let small = DeflateBytes.text(99, seed: 1)
        let isSmallCompressed = server.compress(small.rawView, loop, into: &output)
        #expect(!isSmallCompressed && output.count == 0)
        let large = DeflateBytes.text(100, seed: 1)
        let isLargeCompressed = server.compress(large.rawView, loop, into: &output)
        #expect(isLargeCompressed && output.count > 0)
    }

    @Test(arguments: [false, true])
    func withoutMemoryMessagesGoAsTheyAre(_ sendsAlone: Bool) {
        let loop = LoopCompressor(contextBytesMax: 10_000, keepsToZlib: true)
        let agreement = DeflateAgreement(serverNoContextTakeover: sendsAlone)
        var server = DeflateSession(agreement, role: .server, options: options())
        var output = WriteBuffer()
        let message = DeflateBytes.text(1000, seed: 1)
        let isCompressed = server.compress(message.rawView, loop, into: &output)
        #expect(!isCompressed && output.count == 0)
        #expect(loop.account.blockCount == 0)
    }

    /// A message whose compressed form has no room goes as it is, and the next is compressed again, so that
    /// the peer, whose window has not seen the one between, can read it.
    @Test func whatHasNoRoomGoesAsItIsAndNothingIsLost() throws {
        let loop = LoopCompressor()
        var server = DeflateSession(DeflateAgreement(), role: .server, options: options())
        var client = DeflateSession(DeflateAgreement(), role: .client, options: options())
        for seed: UInt64 in 0..<5 {
            let message = DeflateBytes.text(2000, seed: seed)
            let carried = try carry(message, &server, &client, loop)
            #expect(carried.result == message && carried.payloadBytes < 1000)
            var narrow = WriteBuffer(limit: 500)
            try narrow.append(7)
            let isCompressed = server.compress(
                DeflateBytes.noise(3000, seed: seed).rawView, loop, into: &narrow)
            #expect(!isCompressed && DeflateBytes.of(narrow) == [7])
        }
    }

    @Test func takeoverIsPerDirection() throws {
        let loop = LoopCompressor()
        let agreement = DeflateAgreement(serverNoContextTakeover: true)
        var server = DeflateSession(agreement, role: .server, options: options())
        var client = DeflateSession(agreement, role: .client, options: options())
        let message = DeflateBytes.noise(300, seed: 3) + [UInt8](repeating: 1, count: 300)
        let first = try carry(message, &server, &client, loop).payloadBytes
        #expect(try carry(message, &server, &client, loop).payloadBytes == first)
        _ = try carry(message, &client, &server, loop)
        #expect(try carry(message, &client, &server, loop).payloadBytes < 50)
    }

    /// Messages of several connections under way at a time do not share a context.
    @Test func interleavedPieces() throws {
        let loop = LoopCompressor()
        let agreement = DeflateAgreement(serverNoContextTakeover: true, clientNoContextTakeover: true)
        var a = DeflateSession(agreement, role: .server, options: options())
        var b = DeflateSession(agreement, role: .server, options: options())
        var peerA = DeflateSession(agreement, role: .client, options: options())
        var peerB = DeflateSession(agreement, role: .client, options: options())
        let messageA = DeflateBytes.text(4000, seed: 1)
        let messageB = DeflateBytes.text(4000, seed: 2)
        var resultA = WriteBuffer()
        var resultB = WriteBuffer()
        var payload = WriteBuffer()
        for start in stride(from: 0, to: 4000, by: 500) {
            let boundary: Deflater.Boundary = start == 3500 ? .message : .piece
            payload.clear()
            try a.compress(
                piece: messageA.rawView.extracting(start..<start + 500), boundary, loop, into: &payload)
            try peerA.inflate(
                payload.bytes, isLast: start == 3500, loop, into: &resultA, messageBytesMax: 4000)
            payload.clear()
            try b.compress(
                piece: messageB.rawView.extracting(start..<start + 500), boundary, loop, into: &payload)
            try peerB.inflate(
                payload.bytes, isLast: start == 3500, loop, into: &resultB, messageBytesMax: 4000)
            if start < 3500 { #expect(loop.account.contextCount == 4 && loop.idleContextCount == 0) }
        }
        #expect(DeflateBytes.of(resultA) == messageA)
        #expect(DeflateBytes.of(resultB) == messageB)
        #expect(loop.idleContextCount == 4)
        let held = (a.holdsContext, b.holdsContext, peerA.holdsContext, peerB.holdsContext)
        #expect(held == (false, false, false, false))
    }

    @Test func aFailedMessageKeepsFailingUntilTheEnd() throws {
        let loop = LoopCompressor()
        let agreement = DeflateAgreement(clientNoContextTakeover: true)
        var server = DeflateSession(agreement, role: .server, options: options())
        var output = WriteBuffer()
        for expected in [DeflateError.Code.invalidData, .contextLost] {
            do throws(DeflateError) {
                try server.inflate(
                    [7 as UInt8].rawView, isLast: true, loop, into: &output, messageBytesMax: 10)
                Issue.record("invalid data was taken")
            } catch {
                #expect(error.code == expected)
            }
        }
        server.end(loop)
        #expect(loop.idleContextCount == 1)
        let isHeld = server.holdsContext
        #expect(!isHeld)
    }
}
#endif
