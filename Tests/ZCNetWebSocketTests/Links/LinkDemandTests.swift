import LinkSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// What users of other libraries have asked of an async face, each by its number and those of its threads.
@Suite struct LinkDemandTests {
    /// Somebody with a state of his own, whose methods ask a server.
    private actor Asker {
        private var answers: [String] = []

        func ask(_ client: WebSocketLinkClient, _ url: String, _ question: String) async throws -> [String] {
            let answer = try await client.withLink(to: url) { link in
                try await link.send(question)
                return try await link.next()?.text
            }
            answers.append(answer ?? "nothing")
            return answers
        }
    }

    @MainActor private static func askOnMain(_ client: WebSocketLinkClient, _ url: String) async throws
        -> String?
    {
        var text: String?
        for question in ["a", "b"] {
            text = try await client.withLink(to: url) { link in
                try await link.send(question)
                return try await link.next()?.text
            }
            MainActor.assertIsolated()
        }
        return text
    }

    /// vapor#2641, #3379: no handle to an event loop, no future, no callback; from whatever actor one is on,
    /// and back there.
    @Test func demand14Vapor2641And3379AsyncFromEveryActor() async throws {
        let server = try WebSocketServer(on: "127.0.0.1:0", configuration: LinkSocketTests.server()) { link in
            for try await message in link.messages { try await link.send("re " + message.text) }
        }
        let serving = Task { try await server.serve(grace: .seconds(5)) }
        let client = try WebSocketLinkClient(LinkSocketTests.client())
        try client.start()
        let url = "ws://\(server.address)/"
        let asker = Asker()
        #expect(try await asker.ask(client, url, "1") == ["re 1"])
        #expect(try await asker.ask(client, url, "2") == ["re 1", "re 2"])
        #expect(try await Self.askOnMain(client, url) == "re b")
        async let one = asker.ask(client, url, "3")
        #expect(try await one.last == "re 3")
        await client.stop()
        serving.cancel()
        try await serving.value
    }

    /// fastwebsockets#64: a task that is cancelled in the midst of a message; whoever receives next gets all
    /// of it. Both faces, the lent one among them.
    @Test func demand28Fastwebsockets64ACancelledActivityLeavesTheMessage() throws {
        struct Enough: Error {}
        let site = try SimulatedSite(routes: { routes, log in
            routes.link { link in
                for number in 0..<3 {
                    do {
                        try await link.both { link in
                            if number == 1 {
                                try await link.forEach { _ in
                                    log.add("too early")
                                    return .next
                                }
                            } else {
                                _ = try await link.next()
                            }
                            log.add("too early")
                        } sending: { link in
                            try await link.pause(.milliseconds(50))
                            throw Enough()
                        }
                    } catch is Enough {
                        log.add("cancelled")
                    }
                }
                log.add(try await link.next()?.text ?? "nothing")
            }
        })
        let client = site.connect()
        try site.run("an upgrade") { client.isUpgraded }
        let text = Array("a message in many pieces".utf8)
        let frame: [UInt8] = [0x81, 0x80 | UInt8(text.count), 0, 0, 0, 0] + text
        for byte in frame {
            client.peer.send([byte])
            try site.network.run(for: .milliseconds(10))
        }
        try site.run("a message") { site.log.all.count == 4 }
        #expect(site.log.all == ["cancelled", "cancelled", "cancelled", "a message in many pieces"])
        site.network.stop()
    }

    /// async-http-client#756, swift-nio#2732, hummingbird#430, swift#69053: whatever the body waits for, it
    /// goes on on its loop's thread; helpers, child tasks and actors included. What that costs is counted and
    /// measured elsewhere (`Scripts/count-hot-path`, `Docs/Performance.md`).
    @Test(arguments: [DriverChoice.epoll, .automatic])
    func demand43AsyncHTTPClient756SwiftNIO2732Hummingbird430NothingHops(driver: DriverChoice) async throws {
        let strayed = Locked<[String]>([])
        @Sendable func look(_ link: WebSocketLink, _ place: String) {
            if !link.lane.isCurrent { strayed.withLock { $0.append(place) } }
        }
        @Sendable func helper(_ link: WebSocketLink) async { look(link, "helper") }
        let configuration = LinkSocketTests.server(driver)
        let server = try WebSocketServer(on: "127.0.0.1:0", configuration: configuration) { link in
            look(link, "begin")
            while let message = try await link.next() {
                look(link, "next")
                try await link.send(message)
                look(link, "send")
                await helper(link)
                try await link.pause(.microseconds(10))
                look(link, "pause")
                async let sum = message.count + 1
                _ = await sum
                look(link, "async let")
                await Task.yield()
                look(link, "yield")
                try await link.both(
                    receiving: { look($0, "receiving") }, sending: { look($0, "sending") })
                look(link, "both")
            }
            look(link, "end")
        }
        try server.start()
        let client = try WebSocketLinkClient(LinkSocketTests.client())
        try client.start()
        let url = "ws://\(server.address)/"
        try await client.withLink(to: url) { link in
            for number in 0..<50 {
                try await link.send("\(number)")
                look(link, "client's send")
                let answer = try await link.receive { $0.text }
                look(link, "client's receive")
                #expect(answer == "\(number)")
            }
        }
        #expect(strayed.withLock { $0 } == [])
        await client.stop()
        server.shutdown()
        server.wait()
    }

    /// swift-nio#2630, #3666, swift-collections#545: within async code a message's bytes are those that were
    /// received, where they were received: neither lending nor keeping copies, and what is kept stays.
    @Test func demand44SwiftNIO2630And3666BytesAreLentToAsyncCode() throws {
        let site = try SimulatedSite(routes: { routes, log in
            routes.link { link in
                func place(_ bytes: RawSpan) -> UInt {
                    unsafe bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
                }
                var kept: [OwnedMessage] = []
                for _ in 0..<3 {
                    let message = try await link.receive { message in
                        let retained = message.retain()
                        log.add("at one place \(place(message.bytes) == place(retained.bytes.bytes))")
                        return retained
                    }
                    if let message { kept.append(message) }
                    await Task.yield()
                }
                for message in kept { log.add("\(message.count) of \(message.bytes[0])") }
            }
        })
        let client = site.connect()
        // One reception each: of a message that comes in several the parts have to be put together.
        for value: UInt8 in 1...3 {
            client.send(binary: [UInt8](repeating: value, count: 10_000))
            try site.run("a message") { site.log.all.count == value }
        }
        try site.run("the end") { client.peer.isOver }
        #expect(
            site.log.all == [
                "at one place true", "at one place true", "at one place true", "10000 of 1", "10000 of 2",
                "10000 of 3",
            ], "\(site.log.all)")
        site.network.stop()
    }
}
