import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Connections that do not come about: each is reported once, and the handler hears of none.
@Suite struct ClientFailureTests {
    let network = SimulatedNetwork(seed: 1)

    private func head(_ lines: String...) -> [UInt8] {
        Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    // MARK: Before the request

    @Test(arguments: [
        ("wss://127.0.0.1/", HandshakeError.Code.tlsNotSupported), ("http://127.0.0.1/", .url), ("", .url),
        ("ws://127.0.0.1/#part", .url), ("ws://user@127.0.0.1/", .url), ("ws:127.0.0.1", .url),
    ])
    func aURLThatCannotBeAsked(url: String, code: HandshakeError.Code) throws {
        let client = try ClientSite(network)
        let answer = client.connect(url)
        guard case .request(let error) = answer.error?.cause else {
            Issue.record("expected a request that cannot be made, got \(String(describing: answer.error))")
            return
        }
        #expect(error.code == code)
        #expect(answer.error?.url == url)
        network.stop()
    }

    @Test(arguments: ["Sec-WebSocket-Key", "upgrade", "Connection", "Content-Length"])
    func aHeaderOfTheHandshakesOwnIsRefused(name: String) throws {
        let client = try ClientSite(network)
        let answer = client.connect(headers: [name: "1"])
        guard case .request(let error) = answer.error?.cause else {
            Issue.record("expected a refusal of \(name)")
            return
        }
        #expect(error.code == .header)
        network.stop()
    }

    @Test func nobodyListens() throws {
        let client = try ClientSite(network)
        let answer = client.connect("ws://127.0.0.1:1/")
        try client.run("an answer") { answer.count == 1 }
        guard case .unreachable(let error) = answer.error?.cause else {
            Issue.record("expected a refusal, got \(String(describing: answer.error))")
            return
        }
        #expect(error.cause == .refused)
        #expect(client.log.all.isEmpty)
        network.stop()
    }

    // MARK: While the answer is waited for

    @Test func aServerThatSaysNothing() throws {
        let client = try ClientSite(network) { $0.handshakeTimeout = .seconds(3) }
        network.answer(at: client.address) { _ in }
        let answer = client.connect()
        try client.run("an answer") { answer.count == 1 }
        #expect(answer.error?.cause == .timedOut)
        #expect(network.elapsed >= .seconds(3) && network.elapsed < .seconds(4))
        try network.run(for: .seconds(10))
        #expect(client.log.all.isEmpty && answer.count == 1)
        network.stop()
    }

    @Test func aServerThatHangsUp() throws {
        let client = try ClientSite(network)
        network.answer(at: client.address) { $0.finish() }
        let answer = client.connect()
        try client.run("an answer") { answer.count == 1 }
        #expect(answer.error?.cause == .closed(CloseReason(.peer)))
        network.stop()
    }

    @Test func aClientThatShutsDown() throws {
        let client = try ClientSite(network)
        network.answer(at: client.address) { _ in }
        let answer = client.connect()
        try network.run(for: .milliseconds(100))
        client.client.shutdown(grace: .seconds(1))
        try client.run("an answer") { answer.count == 1 }
        #expect(answer.error?.cause == .stopped)
        network.stop()
    }

    // MARK: Answers that are wrong

    @Test(arguments: [
        (
            "HTTP/1.1 101 Fine\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: bm8=",
            HandshakeError.Code.accept
        ),
        ("HTTP/1.1 101 Fine\r\nConnection: Upgrade", .upgrade), ("HTTP/2 101 Fine", .response),
        ("nonsense", .response), ("HTTP/1.1 101 Fine\r\nUpgrade : websocket", .response),
        ("HTTP/1.1 101 Fine\r\nUpgrade: websocket\r\nContent-Length: 5", .response),
        ("HTTP/1.1 101 Fine\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked", .response),
        ("HTTP/1.1 101 Fine\r\nConnection: \"x\r\nContent-Length: 5, 5", .response),
    ])
    func anAnswerThatBreaksARule(answer: String, code: HandshakeError.Code) throws {
        let client = try ClientSite(network)
        guard case .handshake(let error) = try client.failure(of: head(answer)) else {
            Issue.record("expected a broken rule")
            return
        }
        #expect(error.code == code)
        network.stop()
    }

    @Test(arguments: [
        ("Sec-WebSocket-Protocol: v9", HandshakeError.Code.subprotocol),
        ("Sec-WebSocket-Extensions: x-unknown", .extensions),
        ("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99", .extensions),
        ("Sec-WebSocket-Extensions: permessage-deflate, permessage-deflate", .extensions),
        ("Sec-WebSocket-Extensions: permessage-deflate", .extensions),
    ])
    func whatWasNotOffered(line: String, code: HandshakeError.Code) throws {
        let client = try ClientSite(network) {
            $0.subprotocols = ["v1"]
            $0.options.deflate = DeflateOptions()
        }
        let server = ScriptedServer(network, at: client.address) { peer, request in
            peer.send(ScriptedServer.agreement(to: request, [line]))
        }
        let answer = client.connect()
        try client.run("an answer") { answer.count == 1 }
        guard case .handshake(let error) = answer.error?.cause else {
            Issue.record("expected a broken rule, got \(String(describing: answer.error))")
            return
        }
        #expect(error.code == code && server.requests.count == 1)
        #expect(client.log.all.isEmpty)
        network.stop()
    }

    @Test func aHeadBeyondItsLimit() throws {
        let client = try ClientSite(network) {
            $0.head.bytesMax = 1024
            $0.head.lineBytesMax = 512
        }
        let padding = "X-Padding: " + String(repeating: "x", count: 2000)
        let cause = try client.failure(of: head("HTTP/1.1 101 Fine", padding))
        guard case .handshake(let error) = cause else {
            Issue.record("expected a broken limit")
            return
        }
        #expect(error.expected.contains("1024"))
        network.stop()
    }

    // MARK: Refusals

    @Test(arguments: [
        (["HTTP/1.1 404 Not Found", "Content-Length: 5"], "gone.more", "gone.", false, false),
        (["HTTP/1.1 404 Not Found"], "gone.", "gone.", true, false),
        (["HTTP/1.1 404 Not Found", "Content-Length: 9"], "gone.", "gone.", true, true),
        (["HTTP/1.1 404 Not Found", "Content-Length: 0"], "", "", false, false),
        (
            ["HTTP/1.1 404 Not Found", "Transfer-Encoding: chunked"],
            "2;a=b\r\ngo\r\n3\r\nne.\r\n0\r\n\r\n", "gone.", false, false
        ),
        // Chunks that cannot be told apart end what is kept.
        (["HTTP/1.1 404 Not Found", "Transfer-Encoding: chunked"], "2\r\ngo\n3\r\nne.", "go", false, true),
        (["HTTP/1.1 404 Not Found", "Transfer-Encoding: chunked"], "2\r\ngone.", "go", false, true),
        (["HTTP/1.1 404 Not Found", "Transfer-Encoding: chunked"], "+2\r\ngo\r\n", "", false, true),
        (["HTTP/1.1 404 Not Found", "Transfer-Encoding: chunked"], "5\r\ngone.\r\n", "gone.", true, true),
    ])
    func theServersWordsAreKept(lines: [String], body: String, kept: String, ends: Bool, isCut: Bool) throws {
        let response = Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
        for cut in 0...response.count {
            let network = SimulatedNetwork(seed: 1)
            let client = try ClientSite(network)
            let cause = try client.failure(of: response, ends: ends, cut: cut)
            guard case .refused(let refusal) = cause else {
                Issue.record("expected a refusal, got \(String(describing: cause)), cut at \(cut)")
                return
            }
            #expect(refusal.head.status == 404)
            #expect(refusal.bodyText == kept, "cut at \(cut)")
            #expect(refusal.isBodyCut == isCut)
            network.stop()
        }
    }

    @Test func noMoreOfABodyIsKeptThanWanted() throws {
        let client = try ClientSite(network) { $0.refusalBodyBytesMax = 100 }
        let body = [UInt8](repeating: 0x61, count: 5000)
        let cause = try client.failure(of: head("HTTP/1.1 503 Busy", "Content-Length: 5000") + body)
        guard case .refused(let refusal) = cause else {
            Issue.record("expected a refusal")
            return
        }
        #expect(refusal.body.count == 100 && refusal.isBodyCut)
        network.stop()
    }

    @Test func noBodyIsWaitedForWhereNoneIsKept() throws {
        let client = try ClientSite(network) { $0.refusalBodyBytesMax = 0 }
        guard case .refused(let refusal) = try client.failure(of: head("HTTP/1.1 503 Busy")) else {
            Issue.record("expected a refusal")
            return
        }
        #expect(refusal.body.isEmpty && refusal.isBodyCut)
        #expect(network.elapsed < .seconds(1))
        network.stop()
    }

    @Test func aBodyThatDoesNotEndIsReportedAtTheLimit() throws {
        let client = try ClientSite(network) { $0.handshakeTimeout = .seconds(2) }
        let cause = try client.failure(of: head("HTTP/1.1 500 Oh") + Array("half".utf8))
        guard case .refused(let refusal) = cause else {
            Issue.record("expected a refusal")
            return
        }
        #expect(refusal.bodyText == "half" && refusal.isBodyCut)
        network.stop()
    }

    @Test func aFailureSaysWhatAndWhereWithoutTheQuery() throws {
        let client = try ClientSite(network)
        _ = ScriptedServer(network, at: client.address) { peer, _ in
            peer.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        }
        let answer = client.connect("ws://127.0.0.1:9001/a?token=secret")
        try client.run("an answer") { answer.count == 1 }
        #expect(answer.error?.description == "ws://127.0.0.1:9001/a: the server answered 403 \"Forbidden\"")
        network.stop()
    }
}
