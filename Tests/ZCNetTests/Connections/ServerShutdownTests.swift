import Testing

@testable import ZCNet

/// Graceful shutdown with peers that read slowly, not at all, or are just going.
@Suite struct ServerShutdownTests {
    /// A server that greets with more than a peer with a small buffer takes unread.
    private static func generousSite(
        _ opened: @escaping @Sendable (borrowing Peer) -> Void = { _ in }
    ) throws -> Site {
        try Site {
            $0.socket.sendBufferBytes = 16 << 10
            $0.connection.lingerTimeout = .seconds(60)
        } handler: {
            $0.opened = { peer in
                peer.send(SharedBytes(copying: bulk(2 << 20, salt: 1)))
                opened(peer)
            }
        }
    }

    @Test func aSlowReadersOutputDrains() async throws {
        try await onThread {
            let site = try Self.generousSite()
            let client = try site.connect(receiveBufferBytes: 16 << 10)
            _ = try site.remote()
            site.server.shutdown(grace: .seconds(60))
            #expect(try client.receiveToEnd() == bulk(2 << 20, salt: 1))
            client.close()
            site.server.wait()
            #expect(site.journal.value.causes == [.shutdown])
        }
    }

    @Test func theDeadlineResetsWhoIsLeft() async throws {
        try await onThread {
            let site = try Self.generousSite()
            let client = try site.connect(receiveBufferBytes: 16 << 10)
            _ = try site.remote()
            site.server.shutdown(grace: .milliseconds(100))
            site.server.wait()
            #expect(site.journal.value.causes == [.shutdown])
            #expect(client.endError() == .connectionReset)
        }
    }

    /// The loop is held up until after the deadline, while it is still handling what had been received: what
    /// decides then to close must not leave a connection behind that nothing will ever wake it for.
    @Test func aDeadlineThatPassesBeforeTheClosingBegins() async throws {
        try await onThread {
            let site = try Self.generousSite()
            let client = try site.connect(receiveBufferBytes: 16 << 10)
            _ = try site.remote()
            let mayGo = Monitor(false)
            let loop = site.server.group.loops[0]
            loop.post { _ in _ = mayGo.wait { $0 } }
            site.server.shutdown(grace: .milliseconds(20))
            loop.post { _ in
                let start = MonotonicClock.system.now()
                while MonotonicClock.system.now() - start < .milliseconds(60) {}
            }
            mayGo.update { $0 = true }
            #expect(try site.causes() == [.shutdown])
            site.server.wait()
            #expect(client.endError() == .connectionReset)
        }
    }

    @Test func aSecondCallMayShortenTheGrace() async throws {
        try await onThread {
            let site = try Self.generousSite()
            let client = try site.connect(receiveBufferBytes: 16 << 10)
            _ = try site.remote()
            site.server.shutdown(grace: .seconds(600))
            site.server.shutdown(grace: .milliseconds(50))
            site.server.wait()
            #expect(site.journal.value.causes == [.shutdown])
            #expect(client.endError() == .connectionReset)
        }
    }

    @Test func whoIsClosingAlreadyKeepsTheCause() async throws {
        try await onThread {
            let site = try Self.generousSite { $0.close(.timeout(.application)) }
            let client = try site.connect(receiveBufferBytes: 16 << 10)
            _ = try site.remote()
            site.server.shutdown(grace: .seconds(60))
            #expect(try client.receiveToEnd() == bulk(2 << 20, salt: 1))
            client.close()
            site.server.wait()
            #expect(site.journal.value.causes == [.timeout(.application)])
        }
    }

    @Test func bytesOfAPausedConnectionAreThrownAway() async throws {
        try await onThread {
            let site = try Site.handling { $0.opened = { $0.pauseReading() } }
            let client = try site.connect()
            _ = try site.remote()
            try client.send(bulk(10_000, salt: 1))
            site.server.shutdown(grace: .seconds(60))
            #expect(try client.receiveToEnd() == [])
            client.close()
            site.server.wait()
            #expect(site.journal.value.causes == [.shutdown])
        }
    }
}
