import LinkSimulation
import SBEVectors
import Testing
import ZCNet
import ZCNetTesting
import ZCSBEServer

/// Links of a schema's messages, of a server and of a client.
@Suite struct SBELinkTests {
    typealias Messages = GroupWithDataVectors
    typealias Pair = LinkSite<SBEServer, WebSocketLinkClient>

    private func pair(
        _ serve: @escaping @Sendable (SBELink<Messages.Schema>, LinkLog) async throws -> Void
    ) throws -> Pair {
        try Pair(seed: 1, faults: .none, sending: .direct) { group, log in
            var configuration = SBEServer.Configuration()
            configuration.webSocket.tcp.acceptStrategy = .roundRobin
            let server = try SBEServer(
                on: "127.0.0.1:9001", configuration: configuration, group: group,
                schema: Messages.Schema.self
            ) { link in
                do {
                    try await serve(link, log)
                    log.add("end")
                } catch {
                    log.add("server threw \(error)")
                    throw error
                }
            }
            return (server, try WebSocketLinkClient(group: group))
        }
    }

    private static func add(_ frame: inout SBEFrame<Messages.Schema>, to log: LinkLog) throws {
        while let template = try frame.template {
            switch template {
            case Messages.TestMessage1.templateID:
                let message = try frame.next(Messages.TestMessage1.self)
                log.add("first \(message.tag1) with \(message.entries.count)")
            case Messages.TestMessage3.templateID:
                log.add("third \(try frame.next(Messages.TestMessage3.self).tag1)")
            default: throw frame.unexpected(template)
            }
        }
    }

    @Test func messagesOfAFrameAreTakenOneByOne() throws {
        let pair = try pair { link, log in
            try await link.forEach { frame in
                try Self.add(&frame, to: log)
                return frame.count == 4 ? .stop : .next
            }
            // An answer that waits for room, as any link's does.
            for tag in 1...3 as ClosedRange<UInt32> {
                try await link.send(Messages.TestMessage3.self, capacity: 100) { message in
                    message.tag1 = tag
                    return try message.group(.entries) { _ in }.finish()
                }
            }
        }
        let client = pair.client
        let one = try SBEServerTests.first(5, entries: 3)
        let four =
            try SBEServerTests.third(6) + SBEServerTests.first(7, entries: 0)
            + SBEServerTests.first(8, entries: 2) + SBEServerTests.third(9)
        let task = pair.task { [log = pair.log] in
            try await client.withLink(to: LinkPair.url, schema: Messages.Schema.self) { link in
                for frame in [one, four] {
                    try await link.webSocket.send(binary: SharedBytes(copying: frame))
                }
                while let tag = try await link.receive({ try $0.next(Messages.TestMessage3.self).tag1 }) {
                    log.add("answer \(tag)")
                }
            }
        }
        #expect(try pair.network.run { task.hasEnded })
        let lines = pair.log.all
        #expect(
            lines.filter { $0.hasPrefix("first") || $0.hasPrefix("third") } == [
                "first 5 with 3", "third 6", "first 7 with 0", "first 8 with 2", "third 9",
            ])
        #expect(lines.filter { $0.hasPrefix("answer") } == ["answer 1", "answer 2", "answer 3"])
        #expect(lines.last == "client done")
        #expect(pair.server.counts.frames == 2 && pair.server.counts.messages == 5)
        pair.network.stop()
    }

    /// What is no message of the schema is thrown where it is met; not caught, it says how to close.
    @Test func faultsCloseWithTheirCode() throws {
        var other = try SBEServerTests.first(1, entries: 1)
        other[4] = 99
        let whole = try SBEServerTests.third(1)
        let cases: [(bytes: [UInt8]?, code: WebSocketCloseCode)] = [
            (nil, .unsupportedData), ([], .invalidPayload), (Array(whole.dropLast()), .invalidPayload),
            (whole + [0], .invalidPayload), (other, .unsupportedData),
        ]
        for (number, fault) in cases.enumerated() {
            let pair = try pair { link, log in
                try await link.forEach { frame in
                    try Self.add(&frame, to: log)
                    return .next
                }
            }
            let peer = SimulatedWebSocket(pair.network, to: pair.server.address)
            if let bytes = fault.bytes { peer.send(binary: bytes) } else { peer.send("text") }
            #expect(try pair.network.run { peer.peer.isOver && pair.log.count(of: "server threw") == 1 })
            #expect(peer.close?.code == fault.code, "\(number): \(pair.log.all)")
            #expect(pair.server.counts.faults == 1)
            pair.network.stop()
        }
    }

    @Test func aFaultThatIsCaughtIsPassedOver() throws {
        let pair = try pair { link, log in
            while true {
                do {
                    let tag = try await link.receive { try $0.next(Messages.TestMessage3.self).tag1 }
                    guard let tag else { return }
                    log.add("took \(tag)")
                } catch let error as GatewayError {
                    log.add("fault \(error.code)")
                }
            }
        }
        let peer = SimulatedWebSocket(pair.network, to: pair.server.address)
        peer.send(binary: try SBEServerTests.third(1))
        peer.send(binary: try SBEServerTests.first(2, entries: 0))
        peer.send(binary: try SBEServerTests.third(3))
        peer.sendClose()
        #expect(try pair.network.run { peer.peer.isOver && pair.log.count(of: "end") == 1 })
        #expect(pair.log.all == ["took 1", "fault other template", "took 3", "end"])
        #expect(pair.server.counts.frames == 2 && pair.server.counts.faults == 1)
        pair.network.stop()
    }

    /// What is a loop's its links have together, beside the figures that the server counts.
    @Test func linksOfALoopShareItsState() throws {
        final class Sum {
            var total: UInt32 = 0
        }
        let made = Locked(0)
        let pair = try Pair(seed: 1, faults: .none, sending: .direct) { group, log in
            var configuration = SBEServer.Configuration()
            configuration.webSocket.tcp.acceptStrategy = .roundRobin
            let server = try SBEServer(
                on: "127.0.0.1:9001", configuration: configuration, group: group,
                schema: Messages.Schema.self,
                loopState: {
                    made.withLock { $0 += 1 }
                    return Sum()
                }
            ) { link, sum in
                while let tag = try await link.receive({ try $0.next(Messages.TestMessage3.self).tag1 }) {
                    sum.value.total += UInt32(tag)
                    log.add("\(sum.value.total)")
                }
            }
            return (server, try WebSocketLinkClient(group: group))
        }
        let client = pair.client
        let third = try SBEServerTests.third(5)
        let task = pair.task {
            // One after the other, and so to one loop after the other.
            for _ in 0..<4 {
                try await client.withLink(to: LinkPair.url, schema: Messages.Schema.self) { link in
                    try await link.webSocket.send(binary: SharedBytes(copying: third))
                }
            }
        }
        #expect(try pair.network.run { task.hasEnded })
        #expect(pair.log.all == ["5", "5", "10", "10", "client done"], "\(pair.log.all)")
        #expect(made.withLock { $0 } == 2)
        #expect(pair.server.counts.messages == 4)
        pair.network.stop()
    }

    /// Receiving and sending beside each other count where the link does.
    @Test func bothSidesAtOnce() throws {
        let pair = try pair { link, log in
            try await link.both { link in
                while let tag = try await link.receive({ try $0.next(Messages.TestMessage3.self).tag1 }) {
                    log.add("took \(tag)")
                }
            } sending: { link in
                for tag in 1...3 as ClosedRange<UInt32> {
                    try await link.pause(.milliseconds(10))
                    try await link.send(Messages.TestMessage3.self, capacity: 100) { message in
                        message.tag1 = tag
                        return try message.group(.entries) { _ in }.finish()
                    }
                }
            }
        }
        let client = pair.client
        let third = try SBEServerTests.third(6)
        let task = pair.task { [log = pair.log] in
            try await client.withLink(to: LinkPair.url, schema: Messages.Schema.self) { link in
                for _ in 0..<3 {
                    let tag = try await link.receive { try $0.next(Messages.TestMessage3.self).tag1 }
                    log.add("answer \(tag ?? 0)")
                    try await link.webSocket.send(binary: SharedBytes(copying: third))
                }
            }
        }
        #expect(try pair.network.run { task.hasEnded })
        let expected = (1...3).flatMap { ["answer \($0)", "took 6"] } + ["end", "client done"]
        #expect(pair.log.all == expected, "\(pair.log.all)")
        #expect(pair.server.counts.messages == 3)
        pair.network.stop()
    }
}
