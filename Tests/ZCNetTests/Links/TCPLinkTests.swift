import Testing
import ZCNetTesting

@testable import ZCNet

/// Links over TCP in a simulated network: a server's, a client's, and the end of both.
@Suite struct TCPLinkTests {
    /// What tasks write down. One thread in fact; a lock satisfies the compiler.
    final class Log: Sendable {
        private let lines = Locked<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    /// A server of links, and a scripted peer.
    private struct Site {
        let network: SimulatedNetwork
        let group: EventLoopGroup
        let server: TCPServer
        let log = Log()

        init(
            seed: UInt64 = 1, faults: SimulatedFaults = .none,
            _ body: @escaping @Sendable (TCPLink, Log) async throws -> Void
        ) throws {
            network = SimulatedNetwork(seed: seed, faults: faults)
            group = try network.makeGroup(loops: 1)
            let log = log
            server = try TCPServer(on: "127.0.0.1:9000", group: group) { link in
                do {
                    try await body(link, log)
                    log.add("end")
                } catch {
                    log.add("\(error)")
                    throw error
                }
            }
            network.start(group)
        }
    }

    @Test func itEchoesAndEndsBehindItsPeer() throws {
        let site = try Site { link, _ in
            while let bytes = try await link.next() { try await link.send(bytes) }
            try await link.send(" and goodbye")
        }
        let peer = site.network.connect(to: site.server.address)
        peer.send("hello")
        peer.finish()
        #expect(try site.network.run { peer.isOver })
        #expect(String(decoding: peer.received, as: UTF8.self) == "hello and goodbye")
        #expect(!peer.wasReset && site.log.all == ["end"])
        site.network.stop()
    }

    /// What is a loop's its connections have together.
    @Test func linksOfALoopShareItsState() throws {
        let network = SimulatedNetwork(seed: 1)
        let group = try network.makeGroup(loops: 1)
        let server = try TCPServer(
            on: "127.0.0.1:9000", group: group, loopState: { [Int]() }
        ) { link, counts in
            while let bytes = try await link.next() {
                counts.withValue { $0.append(bytes.count) }
                try await link.send("\(counts.value)")
            }
        }
        network.start(group)
        let peers = (0..<2).map { _ in network.connect(to: server.address) }
        peers[0].send("a")
        #expect(try network.run { String(decoding: peers[0].received, as: UTF8.self) == "[1]" })
        peers[1].send("bb")
        #expect(try network.run { String(decoding: peers[1].received, as: UTF8.self) == "[1, 2]" })
        network.stop()
    }

    /// Lines of a length that comes first, cut in every way that a nasty network cuts.
    @Test(arguments: 0..<40) func headsAndBodiesComeWhole(seed: UInt64) throws {
        var faults = SimulatedFaults.nasty
        (faults.resets, faults.halfCloses, faults.abortedAccepts) = (0, 0, 0)
        (faults.refusedConnects, faults.lostConnects) = (0, 0)
        let site = try Site(seed: seed, faults: faults) { link, _ in
            while let head = try await link.next(exactly: 2) {
                let count = Int(head[0]) << 8 | Int(head[1])
                guard count > 0, let body = try await link.next(exactly: count) else { continue }
                if body[0] == 1 { try await link.pause(.milliseconds(3)) }
                try await link.send(body)
            }
        }
        let peer = site.network.connect(to: site.server.address)
        var expected: [UInt8] = []
        for number in 0..<60 {
            let count = number * number % 3000
            let body = [UInt8](repeating: UInt8(number % 7), count: count)
            peer.send([UInt8(count >> 8), UInt8(count & 255)] + body)
            expected += body
        }
        peer.finish()
        #expect(try site.network.run { peer.isOver }, "seed \(seed)")
        #expect(peer.received == expected, "seed \(seed): \(peer.received.count) of \(expected.count)")
        #expect(site.log.all == ["end"])
        #expect(site.group.hosts.allSatisfy { $0.auditMemory() == [] })
        site.network.stop()
    }

    /// What is too little for one wait is there for the next.
    @Test func whatAWaitLeavesTheNextOneTakes() throws {
        let site = try Site { link, log in
            do {
                _ = try await link.next(exactly: 10, within: .milliseconds(50))
            } catch let error as LinkError {
                log.add("\(error)")
            }
            log.add(try await link.receive { $0.text } ?? "nothing")
            do {
                _ = try await link.next(exactly: 3)
            } catch let error as LinkError {
                log.add("\(error)")
            }
            log.add(try await link.next()?.description ?? "nothing")
        }
        let peer = site.network.connect(to: site.server.address)
        peer.send("12345")
        #expect(try site.network.run { site.log.all.count == 2 })
        peer.send("67")
        peer.finish()
        #expect(try site.network.run { peer.isOver })
        #expect(
            site.log.all == [
                "expected 10 bytes in time, got 5", "12345", "expected 3 bytes, got 2 and the end",
                "SharedBytes(2: 36 37)", "end",
            ], "\(site.log.all)")
        site.network.stop()
    }

    @Test func aBusyTaskHasItsPeerWait() throws {
        let site = try Site { link, log in
            _ = try await link.next(exactly: 1)
            try await link.pause(.seconds(10))
            var count = 0
            while let bytes = try await link.next() { count += bytes.count }
            log.add("\(count)")
        }
        let peer = site.network.connect(to: site.server.address)
        peer.send([UInt8](repeating: 1, count: 2_000_001))
        peer.finish()
        try site.network.run(for: .seconds(5))
        #expect(peer.sentCount < 1_500_000, "nobody reads from it")
        #expect(try site.network.run { peer.isOver })
        #expect(site.log.all == ["2000000", "end"])
        site.network.stop()
    }

    @Test func bothSidesAtOnceAndOneFails() throws {
        struct Enough: Error {}
        let site = try Site { link, log in
            do {
                try await link.both { link in
                    while try await link.next() != nil {}
                    log.add("not reached")
                } sending: { link in
                    for number in 0..<3 {
                        try await link.send("\(number)")
                        try await link.pause(.seconds(1))
                    }
                    throw Enough()
                }
            } catch is Enough {
                log.add("enough")
            }
            try await link.send("!")
        }
        let peer = site.network.connect(to: site.server.address)
        #expect(try site.network.run { peer.isOver })
        #expect(String(decoding: peer.received, as: UTF8.self) == "012!")
        #expect(site.log.all == ["enough", "end"])
        site.network.stop()
    }

    @Test func aClientsScopeEndsBehindItsBytes() throws {
        let network = SimulatedNetwork(seed: 3)
        let group = try network.makeGroup(loops: 1)
        let address = SocketAddress.ip(.loopbackV4, port: 9002)
        let client = try TCPLinkClient(group: group)
        network.start(group)
        var peer: SimulatedPeer?
        network.answer(at: address) { peer = $0 }
        let log = Log()
        let lane = group.loops[0].lane
        let task = Task(executorPreference: lane) {
            do {
                try await client.withLink(to: "127.0.0.1:9002") { link in
                    for _ in 0..<100 { link.trySend(String(repeating: "x", count: 10_000)) }
                }
                log.add("done")
            } catch {
                log.add("\(error)")
            }
        }
        #expect(try network.run { log.all.count == 1 })
        #expect(log.all == ["done"] && peer?.received.count == 1_000_000)
        _ = task
        network.stop()
    }

    @Test func overSocketsTheServerIsServedByATask() async throws {
        let server = try TCPServer(on: "127.0.0.1:0") { link in
            while let bytes = try await link.next() { try await link.send(bytes) }
        }
        let client = try TCPLinkClient()
        try client.start()
        let serving = Task { try await server.serve(grace: .seconds(5)) }
        let endpoint = server.address.description
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let echo = try await client.withLink(to: endpoint) { link in
                        try await link.send("hello \(number)")
                        link.finishSending()
                        var text = ""
                        while let piece = try await link.receive({ $0.text }) { text += piece }
                        return text
                    }
                    #expect(echo == "hello \(number)")
                }
            }
            try await group.waitForAll()
        }
        serving.cancel()
        try await serving.value
        client.shutdown()
        client.wait()
    }
}
