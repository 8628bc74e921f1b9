import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Links of a server, one at a time, in a network that works.
@Suite struct LinkTests {
    /// A site whose one route is `body`.
    private func site(
        _ body: @escaping @Sendable (WebSocketLink, SimulatedSite.Log) async throws -> Void
    ) throws -> SimulatedSite {
        try SimulatedSite(routes: { routes, log in
            routes.link { link in
                log.add("begin \(link.upgrade.request.path)")
                do {
                    try await body(link, log)
                    log.add("end")
                } catch {
                    log.add("error \(error)")
                    throw error
                }
            }
        })
    }

    @Test func forEachEchoesAndStops() throws {
        let site = try site { link, log in
            try await link.forEach { message in
                if message.text == "stop" { return .stop }
                link.trySend(message)
                return .next
            }
            log.add("stopped")
            while let message = try await link.next() { try await link.send("later " + message.text) }
        }
        let client = site.connect("/a")
        for text in ["1", "2", "stop", "3"] { client.send(text) }
        try site.run("echoes") { client.messages.count == 3 }
        #expect(client.messages == [.text("1"), .text("2"), .text("later 3")])
        client.sendClose()
        try site.run("the end") { site.log.count(of: "end") == 1 && client.peer.isOver }
        #expect(client.close?.code == .normalClosure)
        #expect(site.log.all == ["begin /a", "stopped", "end"])
        site.network.stop()
    }

    @Test func receiveAndMessagesTakeInOrder() throws {
        let site = try site { link, _ in
            while let text = try await link.receive({ $0.text }), text != "switch" {
                try await link.send("r" + text)
            }
            for try await message in link.messages {
                if message.text == "done" { break }
                try await link.send(message)
            }
        }
        let client = site.connect()
        for text in ["1", "2", "switch", "3", "4", "done"] { client.send(text) }
        try site.run("the end") { client.peer.isOver }
        #expect(client.messages == [.text("r1"), .text("r2"), .text("3"), .text("4")])
        #expect(client.close?.code == .normalClosure)
        site.network.stop()
    }

    @Test func whatABodyThrowsChoosesTheCode() throws {
        struct Unwelcome: WebSocketClosingError {
            let closeCode: WebSocketCloseCode
            let closeReason = "no"
        }
        struct Plain: Error {}
        for (name, code) in [("a", WebSocketCloseCode.policyViolation), ("b", .internalError)] {
            let site = try site { link, _ in
                let isOwn = try await link.next()?.text == "a"
                link.trySend("accepted")
                throw isOwn ? Unwelcome(closeCode: .policyViolation) as any Error : Plain()
            }
            let client = site.connect()
            client.send(name)
            try site.run("the end") { client.peer.isOver }
            #expect(client.messages == [.text("accepted")])
            #expect(client.close?.code == code)
            #expect(client.close?.reason == (code == .policyViolation ? "no" : ""))
            site.network.stop()
        }
    }

    @Test func aBusyTaskAnswersPingsAndLosesNothing() throws {
        let site = try site { link, log in
            while let message = try await link.next() {
                log.add("took \(message.count)")
                try await link.pause(.seconds(1))
            }
            log.add("closed")
        }
        let client = site.connect()
        for count in 1...3 { client.send(String(repeating: "x", count: count)) }
        client.ping([7])
        try site.run("a pong") { client.pongs == [[7]] }
        #expect(site.log.count(of: "took") == 1)
        client.sendClose()
        try site.run("a close frame") { client.isClosed }
        #expect(site.log.count(of: "end") == 0, "the close was answered while the task is busy")
        try site.run("the end") { site.log.count(of: "end") == 1 }
        #expect(site.log.all == ["begin /", "took 1", "took 2", "took 3", "closed", "end"])
        site.network.stop()
    }

    /// What a busy task has not taken waits here up to the limit, and then at the peer.
    @Test func aBusyTaskHoldsItsPeerBack() throws {
        let site = try site { link, log in
            guard try await link.next() != nil else { return }
            try await link.pause(.seconds(5))
            var count = 0
            while let message = try await link.next() {
                if message.count != 1000 { break }
                count += 1
            }
            log.add("took \(count)")
        }
        let client = site.connect()
        client.send("go")
        for _ in 0..<1000 { client.send(binary: [UInt8](repeating: 1, count: 1000)) }
        client.send(binary: [1])
        try site.network.run(for: .seconds(4))
        #expect(client.peer.sentCount < 400_000, "the peer is not read from")
        #expect(site.group.hosts[0].auditMemory() == [])
        try site.run("the end") { client.peer.isOver }
        #expect(site.log.all.contains("took 1000"))
        #expect(site.group.hosts[0].auditMemory() == [])
        site.network.stop()
    }

    /// Messages without a byte take memory too: they wait within the same limit.
    @Test func emptyMessagesWaitWithinTheLimitToo() throws {
        let total = 200_000
        let site = try site { link, log in
            guard try await link.next() != nil else { return }
            try await link.pause(.seconds(5))
            var count = 0
            while let message = try await link.next(), message.count == 0 { count += 1 }
            log.add("took \(count)")
        }
        let client = site.connect()
        client.send("go")
        for _ in 0..<total { client.send(binary: []) }
        client.send(binary: [1])
        try site.network.run(for: .seconds(4))
        #expect(client.peer.sentCount < total * 6 * 3 / 4, "the peer is not read from")
        #expect(site.group.hosts[0].auditMemory() == [])
        try site.run("the end") { client.peer.isOver }
        #expect(site.log.all.contains("took \(total)"))
        #expect(site.group.hosts[0].auditMemory() == [])
        site.network.stop()
    }

    /// What the books have is held against the queues themselves: bytes that were entered and that nobody
    /// holds are found.
    @Test func theAuditFindsWhatNoQueueHolds() throws {
        let site = try site { link, log in
            _ = try await link.next()
            try await link.pause(.seconds(5))
            link.core.books.add(100)
            log.add("planted")
            try await link.pause(.seconds(5))
            link.core.books.add(-100)
            log.add("taken out")
            try await link.pause(.seconds(5))
            while try await link.next() != nil {}
        }
        let client = site.connect()
        for text in ["go", "1", "22"] { client.send(text) }
        try site.network.run(for: .seconds(4))
        let host = site.group.hosts[0]
        #expect(host.budget[.queues] > 0 && host.auditMemory() == [])
        try site.run("a fault") { site.log.count(of: "planted") == 1 }
        #expect(host.auditMemory().contains { $0.hasPrefix("queues") })
        try site.run("its end") { site.log.count(of: "taken out") == 1 }
        #expect(host.auditMemory() == [])
        client.sendClose()
        try site.run("the end") { client.peer.isOver && site.log.count(of: "end") == 1 }
        #expect(host.auditMemory() == [] && host.budget[.queues] == 0)
        site.network.stop()
    }

    @Test func sendWaitsForRoom() throws {
        let site = try site { link, log in
            let bytes = SharedBytes(copying: [UInt8](repeating: 7, count: 10_000))
            for number in 0..<500 {
                try await link.send(binary: bytes)
                log.add("sent \(number)")
            }
        }
        let client = site.connect()
        client.peer.pauseReading()
        try site.network.run(for: .seconds(1))
        // Buffers of both kernels, and the high watermark.
        #expect((1..<200).contains(site.log.count(of: "sent")))
        client.peer.resumeReading()
        try site.run("the end") { client.peer.isOver }
        #expect(client.messages.count == 500)
        #expect(client.close?.code == .normalClosure)
        site.network.stop()
    }

    @Test func deadlinesAreTheLoops() throws {
        let site = try site { link, log in
            do {
                _ = try await link.next(within: .seconds(5))
            } catch let error as LinkError {
                log.add("late \(error.code == .timedOut)")
            }
            let message = try await link.next(within: .seconds(60))
            log.add("then \(message?.text ?? "nothing")")
            try await link.pause(.seconds(3))
        }
        let client = site.connect()
        try site.run("a deadline") { site.log.count(of: "late true") == 1 }
        #expect((.seconds(5)...(.milliseconds(5200))).contains(site.network.elapsed))
        client.send("hello")
        try site.run("the end") { client.peer.isOver }
        #expect(site.log.all.suffix(2) == ["then hello", "end"])
        #expect(site.network.elapsed >= .seconds(8) && site.network.elapsed < .milliseconds(8500))
        site.network.stop()
    }

    @Test func theLostAndTheRuleBreakerAreErrors() throws {
        for breaksRule in [true, false] {
            let site = try site { link, log in
                while let message = try await link.next() { log.add("took \(message.text)") }
            }
            let client = site.connect()
            client.send("1")
            try site.run("a message") { site.log.count(of: "took") == 1 }
            if breaksRule { client.send(frame: 0x83, [1]) } else { client.peer.reset() }
            try site.run("the end") { site.log.count(of: "error") == 1 && client.peer.isOver }
            let last = site.log.all.last ?? ""
            if breaksRule {
                #expect(last.contains("opcode") && client.close?.code == .protocolError, "\(last)")
            } else {
                #expect(last.contains("a close frame of the peer's"), "\(last)")
            }
            site.network.stop()
        }
    }

    @Test func aShutdownLetsTasksSayTheirLast() throws {
        let site = try site { link, log in
            while let message = try await link.next() { try await link.send(message) }
            try await link.pause(.milliseconds(200))
            try await link.send("goodbye")
        }
        let client = site.connect()
        client.send("1")
        try site.run("an echo") { client.messages.count == 1 }
        site.server.shutdown(grace: .seconds(5))
        try site.run("the end") { client.peer.isOver }
        #expect(client.messages == [.text("1"), .text("goodbye")])
        #expect(client.close?.code == .goingAway)
        #expect(site.network.elapsed < .seconds(2))
        site.network.stop()
    }

    @Test func atTheGracesEndTasksAreCancelled() throws {
        let site = try site { link, log in
            do {
                try await link.pause(.seconds(60))
            } catch is CancellationError {
                log.add("cancelled")
                throw CancellationError()
            }
        }
        let client = site.connect()
        try site.run("a link") { site.log.count(of: "begin") == 1 }
        site.server.shutdown(grace: .seconds(2))
        try site.run("the end") { client.peer.isOver }
        #expect(client.close?.code == .goingAway)
        try site.run("the task's end") { site.log.count(of: "error") == 1 }
        #expect(site.network.elapsed < .seconds(4))
        site.network.stop()
    }
}
