import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Answers that are made while they are sent.
@Suite struct StreamTests {
    /// What a stream is to send, piece by piece.
    final class Source: Sendable {
        let stream: AsyncStream<String>
        let pieces: AsyncStream<String>.Continuation
        init() { (stream, pieces) = AsyncStream.makeStream() }
    }

    struct Failure: Error {}

    static func site(
        _ source: Source = Source(), _ configure: (inout WebSocketServer.Configuration) -> Void = { _ in }
    ) throws -> SimulatedSite {
        try SimulatedSite(configure: configure) { routes, log in
            routes.get("/after") { _ in HTTPResponse(status: 200, text: "after") }
            routes.get("/three") { _ in
                HTTPResponse(type: "text/plain") { body in
                    for number in 1...3 { try await body.send("\(number);") }
                    try await body.send("")
                }
            }
            routes.get("/broken") { _ in
                HTTPResponse { body in
                    try await body.send("a part")
                    throw Failure()
                }
            }
            routes.on("GET", "/source") { _ in
                HTTPResponse { body in
                    for await piece in source.stream {
                        do { try await body.send(piece) } catch {
                            log.add("stopped by \(type(of: error))")
                            throw error
                        }
                    }
                    log.add(Task.isCancelled ? "cancelled" : "done")
                }
            }
            routes.on("GET", "/endless") { _ in
                HTTPResponse { body in
                    let piece = [UInt8](repeating: 7, count: 10_000)
                    var count = 0
                    defer { log.add("ended after \(count)") }
                    while true {
                        try await body.send(piece)
                        count += 1
                    }
                }
            }
            routes.on("GET", "/events") { _ in
                .events { events in
                    try await events.send(
                        "one\ntwo\r\nthree\rfour", event: "news", id: "7", retry: .seconds(2))
                    for await piece in source.stream { try await events.send(piece) }
                }
            }
        }
    }

    @Test func chunksAndTheNextRequestBehindThem() throws {
        let site = try Self.site()
        let peer = site.network.connect(to: site.server.address)
        peer.send(TaskAnswerTests.get("/three") + TaskAnswerTests.get("/after"))
        try site.run("both") { TaskAnswerTests.text(peer).hasSuffix("after") }
        let text = TaskAnswerTests.text(peer)
        #expect(
            text.contains("Transfer-Encoding: chunked\r\n") && text.contains("Content-Type: text/plain\r\n"))
        #expect(text.contains("\r\n\r\n2\r\n1;\r\n2\r\n2;\r\n2\r\n3;\r\n0\r\n\r\nHTTP/1.1 200"))
        #expect(site.group.hosts[0].auditMemory() == [])
        site.network.stop()
    }

    /// HTTP/1.0 has no chunks: the connection's end ends the body. HEAD has no body.
    @Test func olderClientsAndHeads() throws {
        let site = try Self.site()
        let old = site.network.connect(to: site.server.address)
        old.send("GET /three HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        try site.run("the end") { old.isEnded }
        let text = TaskAnswerTests.text(old)
        #expect(text.hasSuffix("\r\n\r\n1;2;3;") && text.contains("Connection: close\r\n"))
        #expect(!text.contains("chunked"))
        let head = site.network.connect(to: site.server.address)
        head.send("HEAD /three HTTP/1.1\r\nHost: h\r\n\r\n" + TaskAnswerTests.get("/after"))
        try site.run("both") { TaskAnswerTests.text(head).hasSuffix("after") }
        #expect(!TaskAnswerTests.text(head).contains("1;"))
        site.network.stop()
    }

    /// A part must not look like the whole.
    @Test func aStreamThatFailsIsReset() throws {
        let site = try Self.site()
        let peer = site.network.connect(to: site.server.address)
        peer.send(TaskAnswerTests.get("/broken"))
        try site.run("the end") { peer.isOver }
        #expect(peer.wasReset && !TaskAnswerTests.text(peer).contains("0\r\n\r\n"))
        site.network.stop()
    }

    @Test func whatComesLaterIsSentAtOnce() throws {
        let source = Source()
        let site = try Self.site(source)
        let peer = site.network.connect(to: site.server.address)
        peer.send(TaskAnswerTests.get("/source"))
        for number in 0..<5 {
            source.pieces.yield("<\(number)>")
            try site.run("a piece") { TaskAnswerTests.text(peer).contains("<\(number)>") }
            try site.network.run(for: .seconds(40))
        }
        // What the client sends meanwhile waits for the stream's end.
        peer.send(TaskAnswerTests.get("/after"))
        try site.network.run(for: .milliseconds(100))
        #expect(RequestTests.statuses(peer) == ["200"])
        source.pieces.finish()
        try site.run("the next answer") { TaskAnswerTests.text(peer).hasSuffix("after") }
        #expect(site.log.all == ["done"])
        site.network.stop()
    }

    @Test(arguments: [true, false])
    func aClientThatLeavesEndsTheStream(isReset: Bool) throws {
        let source = Source()
        let site = try Self.site(source)
        let peer = site.network.connect(to: site.server.address)
        peer.send(TaskAnswerTests.get("/source"))
        source.pieces.yield("x")
        try site.run("a piece") { TaskAnswerTests.text(peer).contains("x") }
        if isReset { peer.reset() } else { peer.close() }
        try site.run("the task's end") { site.log.all == ["cancelled"] && site.server.connectionCount == 0 }
        site.network.stop()
    }

    /// A client that reads nothing holds the task back, and is reset in time.
    @Test func aClientThatTakesNothing() throws {
        let site = try Self.site { $0.requests.keepAliveTimeout = .seconds(5) }
        let peer = site.network.connect(to: site.server.address)
        peer.pauseReading()
        peer.send(TaskAnswerTests.get("/endless"))
        try site.network.run(for: .seconds(1))
        let host = site.group.hosts[0]
        #expect(site.server.snapshot()[.queuedBytes] < 600_000 && host.auditMemory() == [])
        try site.run("the end") { site.server.connectionCount == 0 }
        try site.run("the task's end") { site.log.count(of: "ended after") == 1 }
        #expect(site.network.elapsed < .seconds(12))
        #expect(host.budget.bytes == 0 || host.auditMemory() == [])
        site.network.stop()
    }

    @Test func eventsAsAPageReadsThem() throws {
        let source = Source()
        let site = try Self.site(source) { $0.requests.keepAliveTimeout = .seconds(5) }
        let peer = site.network.connect(to: site.server.address)
        peer.send(TaskAnswerTests.get("/events"))
        let event = "event: news\nid: 7\nretry: 2000\ndata: one\ndata: two\ndata: three\ndata: four\n\n"
        try site.run("an event") { TaskAnswerTests.text(peer).contains(event) }
        #expect(TaskAnswerTests.text(peer).contains("Content-Type: text/event-stream\r\n"))
        #expect(TaskAnswerTests.text(peer).contains("Cache-Control: no-store\r\n"))
        try site.network.run(for: .seconds(21))
        #expect(TaskAnswerTests.text(peer).components(separatedBy: "3\r\n:\n\n\r\n") == 5)
        source.pieces.yield("")
        try site.run("another") { TaskAnswerTests.text(peer).contains("data: \n\n") }
        site.network.stop()
    }

    @Test(arguments: ["a\nb", "a\rb", "a\0b"])
    func aFieldOfAnEventIsOneLine(text: String) {
        #expect(throws: HTTPError.self) { try HTTPEventWriter.text("x", event: text, id: nil, retry: nil) }
        #expect(throws: HTTPError.self) { try HTTPEventWriter.text("x", event: nil, id: text, retry: nil) }
    }
}
