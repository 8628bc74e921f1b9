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
