#if Deflate
import Testing
import ZCNetTesting

@testable import ZCNet
@testable import ZCNetWebSocket

/// Compression contexts: strangers hold none, and whoever was promised one gets it.
@Suite struct ContextMemoryTests {
    private static let extensions = ["Sec-WebSocket-Extensions: permessage-deflate"]

    private static func site(
        memory: Int = 2 << 20, takeover: Bool = false,
        _ edit: @escaping (inout WebSocketOptions) -> Void = { _ in }
    ) throws -> SimulatedSite {
        try MemoryBoundTests.site(memory: memory) {
            var deflate = DeflateOptions()
            deflate.clientNoContextTakeover = !takeover
            deflate.serverNoContextTakeover = !takeover
            $0.deflate = deflate
            edit(&$0)
        }
    }

    @Test func strangersWithCompressedFragmentsHoldNoContext() throws {
        let site = try Self.site()
        let message = [UInt8](repeating: 0, count: 200_000)
        let frames = try CompressedSessionTests.frames(message, opcode: 2, size: 200)
        let strangers = try MemoryBoundTests.open(site, 100, headers: Self.extensions)
        for stranger in strangers { stranger.peer.send(frames.prefix(208)) }
        try site.network.run(for: .milliseconds(50))
        let host = MemoryBoundTests.host(site)
        #expect(host.budget[.contexts] == 0)
        #expect(host.budget[.messages] <= 100 * 512)
        #expect(strangers.allSatisfy { $0.close == nil })
        // One that is whole is inflated as it should be.
        let honest = try MemoryBoundTests.open(site, 1, headers: Self.extensions)[0]
        honest.peer.send(frames)
        try site.run("the echo") { site.server.webSocketSnapshot()[.compressedIn] == 1 }
        #expect(host.auditMemory() == [])
        site.network.stop()
        #expect(host.budget[.messages] == 0)
    }

    @Test func aBombInFragmentsIsRefusedWhenItIsWhole() throws {
        let site = try Self.site()
        let bomb = [UInt8](repeating: 0, count: (256 << 10) + 1)
        let socket = try MemoryBoundTests.open(site, 1, headers: Self.extensions)[0]
        socket.peer.send(try CompressedSessionTests.frames(bomb, opcode: 2, size: 50))
        try site.run("the refusal") { socket.close != nil }
        #expect(socket.close?.code == .messageTooBig)
        #expect(MemoryBoundTests.host(site).budget.bytesMost < 1 << 20)
        site.network.stop()
    }

    @Test func compressedFragmentsWithoutEndMeetTheMessagesLimit() throws {
        let site = try Self.site()
        let socket = try MemoryBoundTests.open(site, 1, headers: Self.extensions)[0]
        // Empty stored blocks: they inflate to nothing at all, for ever.
        let block = Array(repeating: [0, 0, 0, 0xFF, 0xFF] as [UInt8], count: 10_000).flatMap { $0 }
        socket.send(frame: 0x42, block)
        for _ in 0..<5 { socket.send(frame: 0x00, block) }
        try site.run("the refusal") { socket.close != nil }
        #expect(socket.close?.code == .messageTooBig)
        site.network.stop()
    }

    @Test func takeoverIsAgreedOnOnlyWhileContextsHaveRoom() throws {
        // Half of 1 MiB has room for twelve windows of 40 KiB.
        let site = try Self.site(memory: 1 << 20, takeover: true)
        let sockets = try MemoryBoundTests.open(site, 30, headers: Self.extensions)
        let forgetful = sockets.filter { $0.response.contains("client_no_context_takeover") }
        #expect(forgetful.count == 18 && sockets.allSatisfy { $0.response.contains("permessage-deflate") })
        // Everybody uses what was agreed, and nobody is closed for it.
        let frames = try CompressedSessionTests.frames(
            [UInt8](repeating: 7, count: 5000), opcode: 2, size: 5000)
        for socket in sockets { socket.peer.send(frames) }
        try site.run("all messages") { site.server.webSocketSnapshot()[.compressedIn] == 30 }
        #expect(sockets.allSatisfy { $0.close == nil })
        let host = MemoryBoundTests.host(site)
        #expect(host.auditMemory() == [] && host.budget.bytes <= 1 << 20)
        // When they have gone, takeover is agreed on again.
        for socket in sockets { socket.peer.reset() }
        try site.run("their end") { host.connectionCount == 0 }
        let late = try MemoryBoundTests.open(site, 1, headers: Self.extensions)[0]
        #expect(!late.response.contains("client_no_context_takeover"))
        site.network.stop()
    }

    /// Thousands who were all agreed with take what was agreed on, both ways and more than once: messages get
    /// longer on the wire, and nobody is closed.
    @Test(arguments: [nil, 1 << 20])
    func thousandsOfHonestPeersAreNotClosedForTheirContexts(decompressorBytesMax: Int?) throws {
        let memory = 24 << 20
        let site = try Self.site(memory: memory, takeover: true) {
            $0.deflate?.decompressorBytesMax = decompressorBytesMax
        }
        let host = MemoryBoundTests.host(site)
        // Longer than a window, so that every decompressor has all of its memory.
        let frames = try CompressedSessionTests.frames(
            [UInt8](repeating: 7, count: 40_000), opcode: 2, size: 40_000)
        var sockets: [SimulatedWebSocket] = []
        for _ in 0..<20 {
            let some = try MemoryBoundTests.open(site, 100, headers: Self.extensions)
            for socket in some { socket.peer.send(frames) }
            sockets += some
            try site.run("the first messages") {
                site.server.webSocketSnapshot()[.compressedIn] == sockets.count
            }
        }
        for socket in sockets { socket.peer.send(frames) }
        try site.run("the second messages") {
            site.server.webSocketSnapshot()[.compressedIn] == 2 * sockets.count
        }
        #expect(site.server.webSocketSnapshot()[.conversations] == 2000)
        #expect(sockets.allSatisfy { $0.close == nil && !$0.peer.isOver })
        let each = DeflateOptions.inflateContextBytes(windowBits: 15)
        let promised = sockets.count { !$0.response.contains("client_no_context_takeover") }
        #expect(promised == (decompressorBytesMax ?? memory / 2) / each)
        #expect(host.budget.bytes <= memory && host.auditMemory() == [])
        site.network.stop()
    }

    /// Sends noise that no compressor makes shorter than what it has room for, and then text.
    private struct Noisy: WebSocketHandler {
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            peer.send(binary: unsafe DeflateBytes.noise(5000, seed: 1).span.bytes)
            peer.send(String(repeating: "text ", count: 100))
        }
    }

    /// With takeover, too, a message that cannot be compressed goes as it is: it closed with 1011.
    @Test func aMessageThatCannotBeCompressedGoesAsItIs() throws {
        var deflate = DeflateOptions()
        (deflate.clientNoContextTakeover, deflate.serverNoContextTakeover) = (false, false)
        let options = deflate
        let site = try SimulatedSite(configure: {
            $0.options.deflate = options
            $0.options.messageBytesMax = 1000
        }) { routes, _ in routes.webSocket { Noisy() } }
        let client = try ClientSite(site.network) { $0.options.deflate = options }
        let answer = client.connect()
        try client.run("a connection") { answer.count == 1 }
        for number in 1...3 {
            answer.socket?.send("go")
            try client.run("both") { client.log.count(of: "text") == number }
        }
        #expect(client.log.count(of: "binary 5000") == 3 && client.log.count(of: "close") == 0)
        site.network.stop()
    }

    @Test func streamedStrangersThatWentQuietMakeRoomForAnHonestOne() throws {
        let site = try Self.site(memory: 1 << 20) { $0.deliversFragments = true }
        let frames = try CompressedSessionTests.frames(
            [UInt8](repeating: 0, count: 9000), opcode: 2, size: 10)
        let strangers = try MemoryBoundTests.open(site, 60, headers: Self.extensions)
        for stranger in strangers { stranger.peer.send(frames.prefix(16)) }
        try site.network.run(for: .seconds(2))
        let host = MemoryBoundTests.host(site)
        #expect(host.budget.bytes <= 1 << 20)
        let honest = try MemoryBoundTests.open(site, 1, headers: Self.extensions)[0]
        honest.peer.send(frames)
        try site.network.run(for: .milliseconds(100))
        #expect(honest.close == nil, "\(String(describing: honest.close))")
        #expect(host.auditMemory() == [])
        site.network.stop()
    }
}
#endif
