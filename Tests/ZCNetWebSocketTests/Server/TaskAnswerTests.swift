import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Requests that tasks answer: their bodies, their paths, their ends.
@Suite struct TaskAnswerTests {
    /// Lets tasks wait until the test opens it.
    final class Gate: Sendable {
        private let state = Locked<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))
        let entered = Locked(0)
        let cancelled = Locked(0)

        func pass() async {
            entered.withLock { $0 += 1 }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isOpen = state.withLock { state -> Bool in
                        if !state.isOpen { state.waiting.append(continuation) }
                        return state.isOpen
                    }
                    if isOpen { continuation.resume() }
                }
            } onCancel: {
                cancelled.withLock { $0 += 1 }
                open()
            }
        }

        func open() {
            let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                defer { state = (true, []) }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    static func site(
        _ gate: Gate = Gate(), _ configure: (inout WebSocketServer.Configuration) -> Void = { _ in }
    ) throws -> SimulatedSite {
        try SimulatedSite(configure: configure) { routes, log in
            routes.webSocket("/rooms/{room}") { LoggingEcho(log: log) }
            routes.get("/hello/{name}") { HTTPResponse(status: 200, text: $0.parameters["name"] ?? "-") }
            routes.on("GET", "/notes/{id}") { request in
                HTTPResponse(status: 200, json: ["id": .string(request.parameters["id"] ?? "-")])
            }
            routes.on("POST", "/notes", bodyBytesMax: 1000) { request in
                log.add("body \(request.body.count)")
                return HTTPResponse(status: 201, json: ["title": try request.json()["title"] ?? .null])
            }
            routes.on("GET", "/wait") { request in
                log.add("begun")
                await gate.pass()
                log.add(Task.isCancelled ? "cancelled" : "done")
                return HTTPResponse(status: 200, text: "waited")
            }
            routes.on("POST", "/wait") { request in
                await gate.pass()
                return HTTPResponse(status: 200, text: "\(request.body.count)")
            }
            routes.on("GET", "/elsewhere") { _ in
                await Task.detached { await Task.yield() }.value
                return HTTPResponse(status: 200, text: "been there")
            }
            routes.on("GET", "/throws/{what}") { request in
                switch request.parameters["what"] {
                case "response": throw HTTPResponse(status: 409, text: "taken\n")
                case "error": throw HTTPError(422, expected: "a", got: "b")
                default: throw CancellationError()
                }
            }
        }
    }

    static func post(_ path: String, _ body: String, _ fields: String = "") -> String {
        "POST \(path) HTTP/1.1\r\nHost: h\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    static func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n" }

    static func text(_ peer: SimulatedPeer) -> String { String(decoding: peer.received, as: UTF8.self) }

    @Test(arguments: [
        ("GET /notes/caf%C3%A9 HTTP/1.1\r\nHost: h\r\n\r\n", "200", #"{"id":"café"}"#),
        ("GET /hello/you HTTP/1.1\r\nHost: h\r\n\r\n", "200", "you"),
        (post("/notes", #"{"title":"milk"}"#), "201", #"{"title":"milk"}"#),
        (post("/notes", "{}"), "201", #"{"title":null}"#),
        (post("/notes", "{"), "400", "expected JSON"),
        (post("/notes", ""), "400", "expected JSON"),
        ("GET /notes HTTP/1.1\r\nHost: h\r\n\r\n", "405", "expected POST"),
        ("PUT /notes/7 HTTP/1.1\r\nHost: h\r\n\r\n", "405", "expected GET or HEAD"),
        ("GET /notes/7/8 HTTP/1.1\r\nHost: h\r\n\r\n", "404", "nothing"),
        ("GET /throws/response HTTP/1.1\r\nHost: h\r\n\r\n", "409", "taken"),
        ("GET /throws/error HTTP/1.1\r\nHost: h\r\n\r\n", "422", "expected a, got b"),
        ("GET /throws/other HTTP/1.1\r\nHost: h\r\n\r\n", "500", "could not be answered"),
        (
            "POST /notes HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5;x=y\r\n{\"tit\r\nA\r\nle\":\"a\"}  \r\n0\r\nT: u\r\n\r\n", "201", #"{"title":"a"}"#
        ),
    ])
    func whatItComesTo(request: String, status: String, body: String) throws {
        let site = try Self.site()
        // Whole, and cut at every byte, with another request behind it each time.
        let whole = site.network.connect(to: site.server.address)
        whole.send(request + Self.get("/hello/again"))
        let cut = site.network.connect(to: site.server.address)
        for byte in Array((request + Self.get("/hello/again")).utf8) {
            cut.send([byte])
            try site.network.run(for: .milliseconds(1))
        }
        for peer in [whole, cut] {
            try site.run("both answers") { RequestTests.statuses(peer).count == 2 }
            #expect(RequestTests.statuses(peer) == [status, "200"])
            #expect(Self.text(peer).contains(body), "got \(Self.text(peer))")
            #expect(Self.text(peer).hasSuffix("again"))
        }
        #expect(site.group.hosts[0].auditMemory() == [])
        site.network.stop()
    }

    @Test func aConversationHasAPathWithNames() throws {
        let site = try Self.site()
        let client = site.connect("/rooms/lobby")
        try site.run("the upgrade") { client.isUpgraded }
        #expect(site.log.all == ["open /rooms/lobby -"])
        site.network.stop()
    }

    @Test(arguments: [
        post("/notes", String(repeating: "x", count: 1001)),
        "POST /notes HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3E9\r\n",
    ])
    func aBodyBeyondItsLimitIsRefused(request: String) throws {
        let site = try Self.site()
        let peer = site.network.connect(to: site.server.address)
        peer.send(request)
        try site.run("the end") { peer.isEnded }
        #expect(RequestTests.statuses(peer) == ["413"] && site.log.all.isEmpty)
        site.network.stop()
    }

    /// Virtual time does not run away from a task that is on another thread.
    @Test func aTaskMayGoElsewhere() async throws {
        try await besideTasks {
            let site = try Self.site { $0.requests.answerTimeout = .seconds(1) }
            site.network.taskPatience = poolPatience
            let peer = site.network.connect(to: site.server.address)
            peer.send(Self.get("/elsewhere"))
            try site.run("the answer") { Self.text(peer).hasSuffix("been there") }
            #expect(site.network.elapsed < .seconds(1))
            site.network.stop()
        }
    }

    @Test func answersComeInOrder() throws {
        let gate = Gate()
        let site = try Self.site(gate)
        site.network.taskPatience = .milliseconds(1)
        let peer = site.network.connect(to: site.server.address)
        peer.send(Self.get("/wait") + Self.get("/hello/you") + Self.get("/notes/1"))
        try site.run("the task") { gate.entered.withLock { $0 } == 1 }
        try site.network.run(for: .milliseconds(100))
        #expect(peer.received.isEmpty)
        gate.open()
        try site.run("three answers") { RequestTests.statuses(peer).count == 3 }
        let text = Self.text(peer)
        #expect(
            try #require(text.firstRange(of: "waited")).lowerBound
                < #require(text.firstRange(of: "you")).lowerBound)
        #expect(text.hasSuffix(#"{"id":"1"}"#))
        site.network.stop()
    }

    @Test func aTaskThatTakesTooLongIsCancelled() throws {
        let gate = Gate()
        let site = try Self.site(gate) { $0.requests.answerTimeout = .seconds(3) }
        site.network.taskPatience = .milliseconds(1)
        let peer = site.network.connect(to: site.server.address)
        peer.send(Self.get("/wait"))
        try site.run("the end") { peer.isEnded }
        #expect(RequestTests.statuses(peer) == ["503"])
        #expect((Duration.seconds(3)...Duration.seconds(4)).contains(site.network.elapsed))
        try site.run("the task's end") { site.log.count(of: "cancelled") == 1 }
        site.network.stop()
    }

    /// What a client left behind is charged until its task is done with it, and no longer.
    @Test func aClientThatLeavesCancelsItsTask() throws {
        let gate = Gate()
        let site = try Self.site(gate)
        site.network.taskPatience = .milliseconds(1)
        let peer = site.network.connect(to: site.server.address)
        peer.send(Self.post("/wait", String(repeating: "x", count: 30_000)))
        try site.run("the task") { gate.entered.withLock { $0 } == 1 }
        let host = site.group.hosts[0]
        #expect(host.auditMemory() == [])
        #expect(host.budget[.queues] >= 30_000)
        peer.reset()
        site.server.shutdown(grace: .seconds(1))
        try site.run("its end") { gate.cancelled.withLock { $0 } == 1 }
        site.network.stop()
    }

    @Test func bodiesThatWaitForTheirRestAreCharged() throws {
        let site = try Self.site()
        let peers = (0..<4).map { _ in site.network.connect(to: site.server.address) }
        for peer in peers {
            peer.send(
                "POST /wait HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n"
                    + String(repeating: "x", count: 40_000))
        }
        try site.network.run(for: .milliseconds(200))
        let host = site.group.hosts[0]
        #expect(host.budget[.messages] >= 160_000)
        #expect(host.auditMemory() == [])
        for peer in peers { peer.reset() }
        try site.run("their ends") { site.server.connectionCount == 0 }
        #expect(host.budget[.messages] == 0 && host.auditMemory() == [])
        site.network.stop()
    }
}
