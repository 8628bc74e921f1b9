#if Deflate
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Compressed messages through the session, and through a whole server.
@Suite struct CompressedSessionTests {
    static let agreement = DeflateAgreement(
        serverNoContextTakeover: true, clientNoContextTakeover: true, serverWindowBits: 15,
        clientWindowBits: 15)

    /// A message as a client compresses it, in frames of at most `size` bytes.
    static func frames(_ message: [UInt8], opcode: UInt8, size: Int) throws -> [UInt8] {
        var options = DeflateOptions()
        options.minimumBytes = 0
        var session = DeflateSession(agreement, role: .client, options: options)
        var output = WriteBuffer()
        let span = message.span
        try session.compress(piece: unsafe span.bytes, .message, LoopCompressor(), into: &output)
        let bytes = unsafe Array(UnsafeRawBufferPointer(output.memory))
        var result: [UInt8] = []
        var rest = bytes[...]
        var first = opcode | 0x40
        repeat {
            let part = Array(rest.prefix(size))
            rest = rest.dropFirst(part.count)
            result += SessionFeeder.frame(first | (rest.isEmpty ? 0x80 : 0), part)
            first = 0
        } while !rest.isEmpty
        return result
    }

    static func feeder(messageBytesMax: Int = 1 << 20) -> SessionFeeder {
        var options = WebSocketOptions()
        options.deflate = DeflateOptions()
        options.messageBytesMax = messageBytesMax
        var feeder = SessionFeeder(options)
        feeder.session.flags.insert(.deflate)
        feeder.session.makeExtra().deflate = DeflateSession(
            agreement, role: .server, options: DeflateOptions())
        return feeder
    }

    @Test(arguments: [1, 7, 100, 100_000])
    func messagesAreInflatedHoweverTheyAreCut(size: Int) throws {
        let text = Array(String(repeating: "gr\u{FC}n und gelb, ", count: 300).utf8)
        let bytes =
            try Self.frames(text, opcode: 1, size: size) + SessionFeeder.frame(0x81, [0x41])
            + Self.frames([], opcode: 2, size: size)
        var whole = Self.feeder()
        whole.feed(bytes)
        #expect(whole.events == [.text(text), .text([0x41]), .binary([])])
        var split = Self.feeder()
        for byte in bytes { split.feed([byte]) }
        #expect(split.events == whole.events)
    }

    @Test func theLimitHoldsWhileInflating() throws {
        let bomb = try Self.frames([UInt8](repeating: 0, count: 1 << 20), opcode: 2, size: 1 << 20)
        #expect(bomb.count < 8000)
        var feeder = Self.feeder(messageBytesMax: 10_000)
        feeder.feed(bomb)
        #expect(feeder.events == [.failed(.messageTooBig)])
    }

    @Test func textIsCheckedWhenInflated() throws {
        var feeder = Self.feeder()
        feeder.feed(try Self.frames([0x41, 0xFF], opcode: 1, size: 100))
        #expect(feeder.events == [.failed(.invalidPayload)])
    }

    @Test func noiseIsRefused() {
        var feeder = Self.feeder()
        feeder.feed(SessionFeeder.frame(0xC2, [0xFF, 0xFF, 0xFF, 0xFF]))
        #expect(feeder.events == [.failed(.invalidPayload)])
    }

    @Test func theServerAgreesOnlyWhenAskedAndAllowed() throws {
        let offer = "Sec-WebSocket-Extensions: x-unknown, permessage-deflate; client_max_window_bits"
        let site = try SimulatedSite { $0.options.deflate = DeflateOptions() }
        let (asking, silent) = (site.connect(headers: [offer]), site.connect())
        try site.run("upgrades") { asking.isUpgraded && silent.isUpgraded }
        #expect(asking.response.contains("Sec-WebSocket-Extensions: permessage-deflate"))
        #expect(!silent.response.contains("Sec-WebSocket-Extensions"))
        site.network.stop()
        let plain = try SimulatedSite()
        let refused = plain.connect(headers: [offer])
        try plain.run("the upgrade") { refused.isUpgraded }
        #expect(!refused.response.contains("Sec-WebSocket-Extensions"))
        plain.network.stop()
    }

    /// The server's own frames, inflated by an independent reader.
    @Test func theServerCompressesWhatItSends() throws {
        let site = try SimulatedSite { $0.options.deflate = DeflateOptions() }
        let client = site.connect(headers: ["Sec-WebSocket-Extensions: permessage-deflate"])
        let text = String(repeating: "over and over ", count: 100)
        client.send(text)
        try site.run("an answer") { client.error != nil }
        // The scripted client speaks no compression: it sees RSV1, as it must.
        #expect(client.error?.code == .protocolError)
        #expect(client.peer.received.count < 400)
        site.network.stop()
    }
}
#endif
