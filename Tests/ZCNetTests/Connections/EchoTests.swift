import Testing

@testable import ZCNet

/// Bytes go out and come back over real sockets, whole and in order.
@Suite struct EchoTests {
    private static func site(isUnix: Bool, directory: TemporaryDirectory) throws -> Site {
        try Site(on: isUnix ? "unix:\(directory.path)/echo" : "127.0.0.1:0")
    }

    @Test(arguments: [1, 255, 4096, 65_537, 1 << 20, 8 << 20], [false, true])
    func everySizeComesBackWhole(count: Int, isUnix: Bool) async throws {
        try await onThread {
            let directory = try TemporaryDirectory()
            let site = try Self.site(isUnix: isUnix, directory: directory)
            let client = try site.connect()
            let bytes = bulk(count, salt: count)
            client.sendInBackground(bytes)
            #expect(try client.receive(count) == bytes)
            client.finishSending()
            #expect(try client.receiveToEnd().isEmpty)
            #expect(try site.causes() == [.peer])
            let entry = site.journal.value.entries[0]
            #expect(entry.bytesIn == UInt64(count) && entry.bytesOut == UInt64(count))
            let figures = site.server.snapshot()
            #expect(figures[.bytesIn] == count && figures[.bytesOut] == count && figures[.queuedBytes] == 0)
            site.finish()
        }
    }

    @Test(arguments: [false, true]) func aSlowReaderGetsEverything(isUnix: Bool) async throws {
        try await onThread {
            let directory = try TemporaryDirectory()
            let site = try Self.site(isUnix: isUnix, directory: directory)
            let client = try site.connect(receiveBufferBytes: 4096)
            let bytes = bulk(6 << 20, salt: 1)
            client.sendInBackground(bytes, thenFinish: true)
            // Nothing is read until the server has met the kernel's limit.
            #expect(eventually { site.server.snapshot()[.partialSends] > 0 })
            #expect(site.server.snapshot()[.queuedBytes] <= 1 << 20, "pressure stops reading")
            #expect(try client.receiveToEnd() == bytes)
            #expect(try site.causes() == [.peer])
            site.finish()
        }
    }

    @Test func manySmallMessagesKeepTheirOrder() async throws {
        try await onThread {
            let site = try Site()
            let client = try site.connect()
            let text = (0..<20_000).map { "message \($0)\n" }.joined()
            client.sendInBackground(Array(text.utf8), thenFinish: true)
            #expect(try client.receiveToEnd() == Array(text.utf8))
            site.finish()
        }
    }

    @Test func addressesOfBothSides() async throws {
        try await onThread {
            let locals = Monitor<[SocketAddress?]>([])
            let site = try Site.handling(on: "[::1]:0") {
                $0.opened = { peer in
                    let local = peer.localAddress
                    locals.update { $0.append(local) }
                }
            }
            let client = try site.connect()
            let address = try #require(client.address)
            let remote = try site.remote()
            #expect(remote.id == site.journal.value.entries[0].id)
            #expect(site.server.group.loop(of: remote.id) === site.server.group.loops[0])
            #expect(site.journal.value.entries.map(\.peer) == [address])
            #expect(locals.value == [site.server.address])
            site.finish()
        }
    }

    @Test func manyConnectionsComeAndGo() async throws {
        try await onThread {
            let site = try Site(loops: 2)
            for round in 0..<10 {
                let clients = try (0..<20).map { _ in try site.connect() }
                for (number, client) in clients.enumerated() { try client.send("r\(round) c\(number)") }
                for (number, client) in clients.enumerated() {
                    let text = "r\(round) c\(number)"
                    #expect(try client.receiveText(text.utf8.count) == text)
                    if number % 2 == 0 { client.reset() } else { client.close() }
                }
            }
            let causes = try site.causes(200)
            #expect(causes.count { $0 == .peer } == 100)
            #expect(causes.count { $0 == .io(.connectionReset) } == 100)
            #expect(Set(site.journal.value.entries.map(\.id)).count == 200, "ids are never used again")
            #expect(eventually { site.server.connectionCount == 0 })
            site.finish()
        }
    }
}
