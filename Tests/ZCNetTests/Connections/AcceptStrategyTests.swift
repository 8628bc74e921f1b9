import Testing

@testable import ZCNet

/// How connections come to their loops, and who may come in.
@Suite struct AcceptStrategyTests {
    private static func echo(_ client: RawClient, _ text: String) throws -> Bool {
        try client.send(text)
        return try client.receiveText(text.utf8.count) == text
    }

    @Test func roundRobinTakesTurns() async throws {
        try await onThread {
            let site = try Site(loops: 3) { $0.acceptStrategy = .roundRobin }
            let clients = try (0..<12).map { _ in try site.connect() }
            for (number, client) in clients.enumerated() {
                #expect(try Self.echo(client, "client \(number)"))
            }
            #expect(site.journal.value.perLoop == [0: 4, 1: 4, 2: 4])
            #expect(site.server.connectionCount == 12)
            site.finish()
        }
    }

    @Test func leastConnectionsBalances() async throws {
        try await onThread {
            let site = try Site(loops: 3) { $0.acceptStrategy = .leastConnections }
            // One after the other: a connection counts from when its loop has it.
            var clients: [RawClient] = []
            for number in 0..<9 {
                let client = try site.connect()
                #expect(try Self.echo(client, "client \(number)"))
                clients.append(client)
            }
            #expect(site.journal.value.perLoop == [0: 3, 1: 3, 2: 3])
            // Those of one loop leave; who comes next goes there.
            let entries = site.journal.value.entries
            for (client, entry) in zip(clients, entries) where entry.loop == 1 { client.close() }
            _ = try site.causes(3)
            #expect(eventually { site.server.snapshot()[.connections] == 6 })
            for number in 0..<3 {
                let client = try site.connect()
                #expect(try Self.echo(client, "again \(number)"))
                clients.append(client)
            }
            #expect(site.journal.value.entries.suffix(3).allSatisfy { $0.loop == 1 })
            site.finish()
        }
    }

    @Test func perLoopServesAll() async throws {
        try await onThread {
            let site = try Site(loops: 3) { $0.acceptStrategy = .perLoop }
            let clients = try (0..<30).map { _ in try site.connect() }
            for (number, client) in clients.enumerated() {
                #expect(try Self.echo(client, "client \(number)"))
            }
            #expect(site.journal.value.perLoop.values.reduce(0, +) == 30)
            #expect(site.server.connectionCount == 30)
            site.finish()
        }
    }

    @Test(arguments: [1, 3]) func whoIsOneTooManyWaits(loops: Int) async throws {
        // With a listener per loop the loser of a race for the last place is reset, so one listener is asked.
        try await onThread {
            let site = try Site(loops: loops) {
                $0.acceptStrategy = .roundRobin
                $0.connectionsMax = 2
            }
            let first = try site.connect()
            let second = try site.connect()
            #expect(try Self.echo(first, "first") && Self.echo(second, "second"))
            let third = try site.connect()
            try third.send("third")
            #expect(!third.hasInput(within: 100))
            #expect(site.server.connectionCount == 2 && site.journal.value.entries.count == 2)
            first.close()
            #expect(try third.receiveText(5) == "third")
            #expect(site.journal.value.entries.count == 3)
            site.finish()
        }
    }

    @Test func tooManyOfOneAddressAreReset() async throws {
        try await onThread {
            let events = Monitor<[Events.Event]>([])
            let site = try Site {
                $0.perAddressMax = 2
                $0.group.observer = Events(events)
            }
            let first = try site.connect()
            let second = try site.connect()
            #expect(try Self.echo(first, "first") && Self.echo(second, "second"))
            let third = try site.connect()
            let refused = try #require(third.address)
            #expect(third.endError() == .connectionReset)
            #expect(events.value.contains(.rejected(refused, .perAddressMax)))
            let elsewhere = try RawClient(
                to: site.server.address, from: .ip(IPAddress(127, 0, 0, 2), port: 0))
            #expect(try Self.echo(elsewhere, "from another address"))
            first.close()
            _ = try site.causes()
            #expect(eventually { site.server.connectionCount == 2 })
            let fourth = try site.connect()
            #expect(try Self.echo(fourth, "fourth"))
            #expect(site.server.snapshot()[.rejectedPerAddress] == 1)
            site.finish()
        }
    }

    @Test func twoServersShareOneGroup() async throws {
        try await onThread {
            let group = try EventLoopGroup(loops: 2)
            let journals = (Monitor(Journal()), Monitor(Journal()))
            let one = try TCPServer(on: "127.0.0.1:0", group: group) { SiteHandler(journals.0) }
            let other = try TCPServer(on: "127.0.0.1:0", group: group) { SiteHandler(journals.1) }
            try group.start()
            let clients = try [one, other].map { try RawClient(to: $0.address) }
            for client in clients { #expect(try Self.echo(client, "hello")) }
            #expect(journals.0.value.entries.count == 1 && journals.1.value.entries.count == 1)
            #expect(one.connectionCount == 1 && other.connectionCount == 1)
            group.shutdown(grace: .milliseconds(200))
            group.wait()
            #expect(journals.0.value.causes == [.shutdown] && journals.1.value.causes == [.shutdown])
        }
    }
}
