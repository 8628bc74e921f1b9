import LinkSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Links of a client: the caller's own task goes to the loop and comes back.
@Suite struct LinkClientTests {
    @Test func itAsksAndComesBackWithTheAnswer() throws {
        let pair = try LinkPair { link, _ in
            while let message = try await link.next() { try await link.send("re: " + message.text) }
        }
        let client = pair.client
        let log = pair.log
        let task = pair.task {
            let answer = try await client.withLink(to: LinkPair.url) { link in
                try await link.send("hello")
                return try await link.next()?.text
            }
            log.add("got \(answer ?? "nothing")")
        }
        let hosts = pair.group.hosts
        #expect(try pair.network.run { task.hasEnded && hosts.allSatisfy { $0.connectionCount == 0 } })
        #expect(pair.network.elapsed < .seconds(1), "the scope ends behind its connection")
        #expect(log.all == ["got re: hello", "client done"])
        pair.network.stop()
    }

    @Test func aServerThatIsNotThereIsAnError() throws {
        let pair = try LinkPair { _, _ in }
        let client = pair.client
        let task = pair.task {
            _ = try await client.withLink(to: "ws://127.0.0.1:9/") { _ in 1 }
        }
        #expect(try pair.network.run { task.hasEnded })
        #expect(pair.log.all.count == 1 && pair.log.all[0].contains("ECONNREFUSED"), "\(pair.log.all)")
        pair.network.stop()
    }

    /// What was sent and may not have arrived is an error of the scope, though the body returned.
    @Test func anUncleanEndIsTold() throws {
        let pair = try LinkPair { link, _ in
            _ = try await link.next()
            try await link.pause(.seconds(100))
        }
        let client = pair.client
        let network = pair.network
        var faults = SimulatedFaults.none
        faults.receiveBufferBytes = 1000
        network.faults = faults
        let task = pair.task {
            try await client.withLink(to: LinkPair.url) { link in
                for _ in 0..<50 { link.trySend(String(repeating: "1", count: 10_000)) }
            }
        }
        #expect(try network.run { task.hasEnded })
        #expect(pair.log.all.contains { $0.contains("threw expected a close frame") }, "\(pair.log.all)")
        network.stop()
    }

    @Test func aCancelledCallerClosesWith1001() throws {
        let pair = try LinkPair { link, log in
            while try await link.next() != nil {}
            try await link.pause(.milliseconds(10))
            log.add("server saw \(link.closeReason?.code.rawValue ?? 0)")
        }
        let client = pair.client
        let log = pair.log
        let task = pair.task {
            try await client.withLink(to: LinkPair.url) { link in
                log.add("open")
                _ = try await link.next()
            }
        }
        #expect(try pair.network.run { log.count(of: "open") == 1 })
        task.cancel()
        #expect(try pair.network.run { task.hasEnded && log.count(of: "server") == 1 })
        #expect(log.all.contains("client threw CancellationError()"), "\(log.all)")
        #expect(log.all.contains("server saw 1001"), "\(log.all)")
        pair.network.stop()
    }

    /// A cancelled wait takes no message with it: what had come is there for who receives next.
    @Test func aCancelledReceptionLosesNothing() throws {
        let pair = try LinkPair { link, log in
            for number in 0..<10 { try await link.send("\(number)") }
            _ = try await link.next()
        }
        let client = pair.client
        let log = pair.log
        let task = pair.task {
            try await client.withLink(to: LinkPair.url) { link in
                var got: [String] = []
                while got.count < 10 {
                    do {
                        if let message = try await link.next(within: .microseconds(1)) {
                            got.append(message.text)
                        }
                    } catch let error as LinkError where error.code == .timedOut {}
                }
                log.add(got.joined())
            }
        }
        #expect(try pair.network.run { task.hasEnded })
        #expect(log.all.contains("0123456789"), "\(log.all)")
        pair.network.stop()
    }
}
