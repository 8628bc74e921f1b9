import LinkSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// What links promise, held against whoever would like to see it broken: cancellations, deadlines and errors
/// at bad moments, scopes within scopes.
@Suite struct LinkPromiseTests {
    private func narrow() -> SimulatedFaults {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes, faults.segmentBytesMax) = (4096, 4096, 1000)
        return faults
    }

    // MARK: Sending

    /// Above the high watermark a sender waits, also in a step of its task that has not given the kernel
    /// anything yet: otherwise a loop of sends would fill all that may wait, and be closed for it.
    @Test func aSenderWaitsAboveTheWatermarkWithinOneStep() throws {
        let pair = try LinkPair { options in
            options.connection.outboundHighWatermarkBytes = 20_000
            options.connection.outboundLowWatermarkBytes = 5_000
            options.connection.outboundBytesMax = 100_000
            options.connection.overflowPolicy = .close
        } serve: { link, log in
            // From here on no callback of the connection is running.
            await Task.yield()
            for _ in 0..<500 { try await link.send(String(repeating: "x", count: 3000)) }
            log.add("sent all")
        }
        let client = pair.client
        let task = pair.task { [log = pair.log] in
            try await client.withLink(to: LinkPair.url) { link in
                var count = 0
                while let message = try await link.next() { count += message.count }
                log.add("took \(count)")
            }
        }
        #expect(try pair.network.run { task.hasEnded })
        #expect(pair.log.all == ["sent all", "took 1500000", "client done"], "\(pair.log.all)")
        pair.network.stop()
    }

    /// A group's task that waits for room on one of its links is cancelled there too, whatever its server
    /// does.
    @Test func aGroupThatWaitsForRoomIsCancelled() throws {
        let pair = try LinkPair(faults: narrow()) { link, log in
            log.add("open")
            try await link.pause(.seconds(1000))
        }
        let client = pair.client
        let task = pair.task { [log = pair.log] in
            try await client.withLinks { links in
                let id = try links.add(LinkPair.url)
                _ = try await links.next()
                let message = OwnedMessage(String(repeating: "x", count: 100_000))
                for number in 0..<1000 {
                    try await links.send(message, to: id)
                    log.add("sent \(number)")
                }
            }
        }
        try pair.network.run(for: .seconds(1))
        #expect(pair.log.count(of: "open") == 1 && !task.hasEnded)
        task.cancel()
        // The link is closed behind what was accepted, which its server does not take: patience, and the end.
        #expect(try pair.network.run { task.hasEnded })
        #expect(pair.network.elapsed < .seconds(60), "\(pair.network.elapsed)")
        #expect(pair.log.all.last == "client threw CancellationError()", "\(pair.log.all)")
        pair.network.stop()
    }

    // MARK: Two activities

    /// Of activities within activities those are cancelled that belong to the one that failed, and no other,
    /// whatever that one waits for.
    @Test(arguments: 0..<4) func anInnerFailureCancelsNobodyOutside(what: Int) throws {
        struct Enough: Error {}
        let pair = try LinkPair { link, log in
            try await link.both { link in
                switch what {
                case 0: log.add(try await link.next()?.text ?? "nothing")
                case 1: log.add(try await link.receive { $0.text } ?? "nothing")
                case 2:
                    try await link.forEach { message in
                        log.add(message.text)
                        return .stop
                    }
                default:
                    for try await message in link.messages {
                        log.add(message.text)
                        break
                    }
                }
            } sending: { link in
                for _ in 0..<3 {
                    do {
                        try await link.both { link in
                            try await link.pause(.seconds(100))
                        } sending: { _ in
                            for _ in 0..<5 { await Task.yield() }
                            throw Enough()
                        }
                    } catch is Enough {
                        log.add("failed")
                    }
                }
                try await link.send("now")
            }
            try await link.send("both are done")
        }
        let client = pair.client
        let task = pair.task { [log = pair.log] in
            try await client.withLink(to: LinkPair.url) { link in
                log.add(try await link.next()?.text ?? "nothing")
                try await link.send("an answer")
                log.add(try await link.next()?.text ?? "nothing")
            }
        }
        #expect(try pair.network.run { task.hasEnded })
        let expected = ["failed", "failed", "failed", "now", "an answer", "both are done", "client done"]
        #expect(pair.log.all == expected, "\(pair.log.all)")
        #expect(pair.network.elapsed < .seconds(1))
        pair.network.stop()
    }

    // MARK: Deadlines

    /// Messages that come in the very turns in which deadlines expire are told or kept, not lost, and no wait
    /// ends with both.
    @Test func aMessageThatComesWithTheDeadlineIsNotLost() throws {
        for step in 0..<60 {
            let pair = try LinkPair(seed: UInt64(step)) { link, log in
                var (got, late) = ([String](), 0)
                while got.count < 40 {
                    do {
                        guard let message = try await link.next(within: .milliseconds(1)) else { break }
                        got.append(message.text)
                    } catch let error as LinkError where error.code == .timedOut {
                        late += 1
                    }
                }
                log.add("got \(got == (0..<40).map { "\($0)" }) late \(late > 10)")
            }
            let client = pair.client
            let task = pair.task {
                try await client.withLink(to: LinkPair.url) { link in
                    for number in 0..<40 {
                        try await link.pause(.microseconds(980 + step))
                        try await link.send("\(number)")
                    }
                    while try await link.next() != nil {}
                }
            }
            #expect(try pair.network.run { task.hasEnded })
            #expect(pair.log.all.contains { $0.hasPrefix("got true") }, "step \(step): \(pair.log.all)")
            pair.network.stop()
        }
    }

    // MARK: Errors out of bodies

    /// What a body throws leaves the link as it was behind the message that it was lent.
    @Test func aBodyThatThrowsHasTakenItsMessageAndNoMore() throws {
        struct Bad: Error {}
        let pair = try LinkPair { link, log in
            for number in 0..<9 {
                do {
                    switch number % 3 {
                    case 0: _ = try await link.receive { _ in throw Bad() }
                    case 1: try await link.forEach { _ in throw Bad() }
                    default: log.add(try await link.next()?.text ?? "nothing")
                    }
                } catch is Bad {
                    log.add("bad")
                }
                if number == 4 { try await link.pause(.milliseconds(10)) }
            }
        }
        let client = pair.client
        let task = pair.task {
            try await client.withLink(to: LinkPair.url) { link in
                for number in 0..<9 { link.trySend("\(number)") }
                while try await link.next() != nil {}
            }
        }
        #expect(try pair.network.run { task.hasEnded })
        let expected = ["bad", "bad", "2", "bad", "bad", "5", "bad", "bad", "8", "client done"]
        #expect(pair.log.all == expected, "\(pair.log.all)")
        pair.network.stop()
    }

    // MARK: Scopes within scopes

    /// A body that asks another server goes to that link's loop and comes back to its own, also by an error.
    @Test func aScopeWithinAScopeComesBack() async throws {
        struct Refused: Error {}
        var configuration = EventLoopGroup.Configuration()
        configuration.loops = 3
        let group = try EventLoopGroup(configuration)
        let client = try WebSocketLinkClient(LinkSocketTests.client(), group: group)
        let wanted = LinkSocketTests.server()
        let upstream = try WebSocketServer(on: "127.0.0.1:0", configuration: wanted) { link in
            for try await message in link.messages { try await link.send("up " + message.text) }
        }
        try upstream.start()
        let url = "ws://\(upstream.address)/"
        let relay = try WebSocketServer(on: "127.0.0.1:0", configuration: wanted, group: group) { link in
            while let question = try await link.next() {
                do {
                    let answer = try await client.withLink(to: url) { up in
                        try await up.send(question)
                        if question.text == "no" { throw Refused() }
                        return try await up.next()
                    }
                    if let answer { try await link.send(answer) }
                } catch is Refused {
                    try await link.send("refused")
                }
            }
        }
        try group.start()
        let asking = try WebSocketLinkClient(LinkSocketTests.client())
        try asking.start()
        let answers = try await asking.withLink(to: "ws://\(relay.address)/") { link in
            var answers: [String] = []
            for question in ["1", "no", "2", "3", "no", "4"] {
                try await link.send(question)
                answers.append(try await link.next()?.text ?? "nothing")
            }
            return answers
        }
        #expect(answers == ["up 1", "refused", "up 2", "up 3", "refused", "up 4"])
        await asking.stop()
        group.shutdown()
        group.wait()
        upstream.shutdown()
        upstream.wait()
    }
}
