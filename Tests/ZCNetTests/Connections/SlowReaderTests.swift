import Glibc
import Testing

@testable import ZCNet

/// A peer that reads slowly, over real sockets and on both drivers: what was accepted before a close arrives.
@Suite struct SlowReaderTests {
    private static let messageBytes = 10_240
    private static let messageCount = 1000

    /// Standing still for so long ends a connection; reading takes longer. A busy machine may hold the reader
    /// up for seconds, which must not look like that.
    private static let patience = Duration.seconds(8)
    private static let pace = 700_000.0

    /// Reads at a steady pace until the end; answers what came and how it ended.
    private static func readSteadily(
        _ client: RawClient
    ) -> (bytes: [UInt8], error: Errno?) {
        var bytes: [UInt8] = []
        let start = MonotonicClock.system.now()
        do {
            while true {
                // The pace of the reader is what is tested; nothing waits for it.
                while Double(bytes.count) > (MonotonicClock.system.now() - start) / .seconds(1) * pace {
                    usleep(20_000)
                }
                let piece = try client.receiveSome(max: Int(pace) / 20)
                if piece.isEmpty { return (bytes, nil) }
                bytes += piece
            }
        } catch {
            return (bytes, (error as? SystemError)?.errno)
        }
    }

    @Test(arguments: TestedDriver.all)
    func aThousandOfAThousandMessagesArriveAfterAClose(driver: DriverChoice) async throws {
        try await onThread {
            let site = try Site {
                $0.group.driver = driver
                $0.connection.lingerTimeout = Self.patience
            } handler: {
                $0.received = { _, peer in
                    for number in 0..<Self.messageCount {
                        #expect(peer.send(bulk(Self.messageBytes, salt: number).span).isAccepted)
                    }
                    peer.close()
                }
            }
            let client = try site.connect(receiveBufferBytes: 64 << 10)
            try client.send("go")
            let start = MonotonicClock.system.now()
            let (bytes, error) = Self.readSteadily(client)
            #expect(MonotonicClock.system.now() - start > Self.patience + .seconds(3), "as slow as meant")
            #expect(bytes.count / Self.messageBytes == Self.messageCount, "\(bytes.count) bytes")
            #expect(error == nil)
            for number in [0, 251, 252, 999] where bytes.count >= (number + 1) * Self.messageBytes {
                let message = bytes[(number * Self.messageBytes)..<((number + 1) * Self.messageBytes)]
                #expect(Array(message) == bulk(Self.messageBytes, salt: number))
            }
            client.close()
            let causes = try site.causes()
            #expect(causes == [.local])
            site.finish()
        }
    }

    /// A callback that takes longer than the peer is given does not use up the peer's time.
    @Test(arguments: TestedDriver.all)
    func aCallbackThatTakesLongLeavesThePeerItsTime(driver: DriverChoice) async throws {
        let patience = Duration.seconds(2)
        try await onThread {
            let site = try Site {
                $0.group.driver = driver
                $0.connection.lingerTimeout = patience
                $0.socket.sendBufferBytes = 64 << 10
            } handler: {
                $0.received = { _, peer in
                    let start = MonotonicClock.system.now()
                    peer.send(bulk(1 << 20, salt: 3).span)
                    // The slow callback is what is tested.
                    while MonotonicClock.system.now() - start < patience + .milliseconds(500) {}
                    peer.close()
                }
            }
            let client = try site.connect(receiveBufferBytes: 16 << 10)
            try client.send("go")
            #expect(try client.receiveToEnd() == bulk(1 << 20, salt: 3))
            client.close()
            let causes = try site.causes()
            #expect(causes == [.local])
            site.finish()
        }
    }

    /// What has come to the peer's kernel is the peer's, though it has not read it and never ends its side.
    @Test(arguments: TestedDriver.all)
    func whatThePeersKernelHasIsNotReset(driver: DriverChoice) async throws {
        try await onThread {
            let site = try Site {
                $0.group.driver = driver
                $0.connection.lingerTimeout = .milliseconds(300)
            } handler: {
                $0.received = { _, peer in
                    peer.send(bulk(20_000, salt: 1).span)
                    peer.close()
                }
            }
            let client = try site.connect()
            try client.send("go")
            #expect(try site.causes() == [.local])
            #expect(try client.receiveToEnd() == bulk(20_000, salt: 1))
            site.finish()
        }
    }

    /// The kernel's own counters, which all of this stands on.
    @Test(arguments: TestedDriver.all)
    func unacknowledgedBytesAreCounted(driver: DriverChoice) async throws {
        try await onThread {
            let counts = Monitor<[Int]>([])
            let site = try Site {
                $0.group.driver = driver
                $0.socket.sendBufferBytes = 64 << 10
            } handler: {
                $0.received = { _, peer in peer.send(bulk(1 << 20, salt: 1).span) }
                $0.ended = { $0.close() }
            }
            let client = try site.connect(receiveBufferBytes: 16 << 10)
            let remote = try site.remote()
            func look() throws -> Int {
                let before = counts.value.count
                remote.perform { base, _ in
                    let count = base.outputProgress.outstanding
                    counts.update { $0.append(count) }
                }
                try #require(counts.wait { $0.count > before })
                return counts.value[before]
            }
            #expect(try look() == 0)
            try client.send("go")
            try #require(eventually { (try? look()) ?? 0 > 500_000 })
            let first = try look()
            _ = try client.receive(1 << 19)
            #expect(eventually { ((try? look()) ?? .max) <= first - (1 << 18) })
            _ = try client.receive(1 << 19)
            #expect(eventually { (try? look()) == 0 })
            client.close()
            site.finish()
        }
    }
}
