import Testing

@testable import ZCNet

/// Connections that end because it is time.
@Suite struct TimeLimitTests {
    @Test func silence() async throws {
        try await onThread {
            let site = try Site { $0.connection.idleTimeout = .milliseconds(50) }
            let client = try site.connect()
            #expect(try client.receiveToEnd() == [])
            client.close()
            #expect(try site.causes() == [.timeout(.idle)])
            site.finish()
        }
    }

    @Test func ageInSpiteOfTraffic() async throws {
        try await onThread {
            let site = try Site {
                $0.connection.idleTimeout = .seconds(60)
                $0.connection.lifetimeMax = .milliseconds(150)
            }
            let client = try site.connect()
            // The end comes as an answer that is missing.
            repeat { try client.send("abc") } while try client.receive(3).count == 3
            client.close()
            #expect(try site.causes() == [.timeout(.lifetime)])
            site.finish()
        }
    }

    @Test func outputThatIsNotTakenAfterAClose() async throws {
        try await onThread {
            let site = try Site {
                $0.socket.sendBufferBytes = 16 << 10
                $0.connection.lingerTimeout = .milliseconds(100)
            } handler: {
                $0.opened = { peer in
                    peer.send(SharedBytes(copying: bulk(2 << 20, salt: 1)))
                    peer.close()
                }
            }
            let client = try site.connect(receiveBufferBytes: 16 << 10)
            #expect(try site.causes() == [.timeout(.linger)])
            #expect(client.endError() == .connectionReset)
            site.finish()
        }
    }
}
