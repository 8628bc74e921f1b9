import Testing

@testable import ZCNet

/// What becomes of output: its order, what `send` answers, and the policies where there is too much.
@Suite struct SendingTests {
    /// A server whose kernel takes little of what a peer with a small buffer does not read.
    private static func tightSite(
        configure: (inout TCPServer.Configuration) -> Void = { _ in },
        handler: @escaping @Sendable (inout SiteHandler) -> Void
    ) throws -> Site {
        try Site(
            configure: {
                $0.socket.sendBufferBytes = 16 << 10
                configure(&$0)
            }, handler: handler)
    }

    @Test func piecesOfAllKindsAndSizesKeepTheirOrder() async throws {
        try await onThread {
            let sizes = [
                0, 1, 255, 256, 257, 511, 512, 513, 5000, 16_384, 16_385, 65_536, 70_000, 300_000, 3,
            ]
            let site = try Site.handling {
                $0.received = { data, peer in
                    for (index, size) in sizes.enumerated() {
                        let bytes = bulk(size, salt: index)
                        #expect(peer.send(bytes.span).isAccepted)
                        #expect(peer.send(SharedBytes(copying: bytes)).isAccepted)
                        #expect(peer.send("-\(index)-").isAccepted)
                        #expect(peer.send(data).isAccepted)
                    }
                }
            }
            let client = try site.connect()
            try client.send("?")
            var expected: [UInt8] = []
            for (index, size) in sizes.enumerated() {
                let bytes = bulk(size, salt: index)
                expected += bytes + bytes + Array("-\(index)-?".utf8)
            }
            #expect(try client.receive(expected.count) == expected)
            site.finish()
        }
    }

    @Test func manySmallPiecesOfOneCallbackLeaveInOneCall() async throws {
        try await onThread {
            let site = try Site.handling {
                $0.received = { _, peer in for index in 0..<500 { peer.send("line \(index)\n") } }
            }
            let client = try site.connect()
            try client.send("?")
            let expected = (0..<500).map { "line \($0)\n" }.joined()
            #expect(try client.receiveText(expected.utf8.count) == expected)
            #expect(eventually { site.server.snapshot()[.sends] == 1 })
            site.finish()
        }
    }

    @Test func sentThenQueuedThenFullThenWritable() async throws {
        try await onThread {
            let site = try Self.tightSite {
                $0.connection.outboundBytesMax = 2 << 20
            } handler: {
                $0.opened = { peer in
                    #expect(peer.send("small") == .sent)
                    #expect(peer.send(SharedBytes(copying: bulk(2 << 20 - 5, salt: 1))) == .queued)
                    #expect(peer.queuedBytes > 1 << 20)
                    #expect(peer.send("behind") == .queued)
                    #expect(peer.send(SharedBytes(copying: bulk(1 << 20, salt: 2))) == .full)
                }
                $0.writable = { peer in
                    #expect(peer.queuedBytes <= 128 << 10)
                    peer.send("again")
                }
            }
            let client = try site.connect(receiveBufferBytes: 16 << 10)
            let expected = Array("small".utf8) + bulk(2 << 20 - 5, salt: 1) + Array("behindagain".utf8)
            #expect(try client.receive(expected.count) == expected)
            #expect(site.server.snapshot()[.overflows] == 1)
            #expect(site.server.snapshot()[.droppedMessages] == 0)
            site.finish()
        }
    }

    @Test func theNewestAreDroppedAndCounted() async throws {
        try await onThread {
            let dropped = Monitor(0)
            let site = try Self.tightSite {
                $0.connection.outboundBytesMax = 1 << 20
                $0.connection.overflowPolicy = .dropNewest
            } handler: {
                $0.received = { _, peer in
                    for index in 0..<400 {
                        let message = SharedBytes(
                            copying: Array(repeating: UInt8(index & 255), count: 10_000))
                        if peer.send(message) == .full { dropped.update { $0 += 1 } }
                    }
                    peer.close()
                }
            }
            let client = try site.connect(receiveBufferBytes: 16 << 10)
            try client.send("?")
            let received = try client.receiveToEnd()
            let count = dropped.value
            #expect(count > 0)
            let kept = 400 - count
            try #require(received.count == kept * 10_000)
            #expect((0..<kept).allSatisfy { received[$0 * 10_000] == UInt8($0 & 255) })
            #expect(site.server.snapshot()[.droppedMessages] == count)
            client.close()
            site.finish()
        }
    }

    @Test func tooMuchOutputClosesUnderThatPolicy() async throws {
        try await onThread {
            let site = try Site {
                $0.connection.outboundBytesMax = 1000
                $0.connection.overflowPolicy = .close
            } handler: {
                $0.received = { _, peer in
                    #expect(peer.send(SharedBytes(copying: bulk(2000, salt: 1))) == .full)
                    #expect(peer.send("more") == .closed)
                }
            }
            let client = try site.connect()
            try client.send("x")
            #expect(try site.causes() == [.overflow])
            #expect(client.endError() == .connectionReset)
            site.finish()
        }
    }

    @Test func aSlowReaderGetsTheLatestOfEachKey() async throws {
        try await onThread {
            let site = try Self.tightSite {
                $0.connection.overflowPolicy = .conflate
            } handler: {
                $0.received = { _, peer in
                    #expect(peer.send(SharedBytes(copying: bulk(2 << 20, salt: 1))) == .queued)
                    for round in 10..<60 {
                        for key in 1...3 as ClosedRange<UInt64> {
                            let text = SharedBytes("key \(key) round \(round);".utf8)
                            #expect(peer.send(text, conflatingKey: key) == .queued)
                        }
                    }
                    peer.send("end")
                }
            }
            let client = try site.connect(receiveBufferBytes: 16 << 10)
            try client.send("?")
            #expect(try client.receive(2 << 20) == bulk(2 << 20, salt: 1))
            let expected = "key 1 round 59;key 2 round 59;key 3 round 59;end"
            #expect(try client.receiveText(expected.utf8.count) == expected)
            #expect(site.server.snapshot()[.conflatedMessages] == 147)
            site.finish()
        }
    }

    @Test func oneConnectionsBytesGoToAllOthersOfItsLoop() async throws {
        try await onThread {
            let site = try Site.handling {
                $0.received = { data, peer in
                    let bytes = data.retain()
                    for id in peer.loop.connections where id != peer.id {
                        #expect(peer.loop.send(bytes, to: id) == .sent)
                    }
                }
            }
            let clients = try (0..<5).map { _ in try site.connect() }
            _ = try site.remote(after: 5)
            try clients[0].send("to all others")
            for client in clients.dropFirst() { #expect(try client.receiveText(13) == "to all others") }
            site.finish()
        }
    }
}
