import Testing

@testable import ZCNetWebSocket

struct HTTPResponseTests {
    private func text(_ response: HTTPResponse, isHead: Bool = false, keepsAlive: Bool = true) -> String {
        String(decoding: response.serialized(isHead: isHead, keepsAlive: keepsAlive), as: UTF8.self)
    }

    @Test func headAndBody() {
        let response = HTTPResponse(status: 200, headers: ["X-A": "b"], body: Array("body".utf8))
        #expect(
            text(response)
                == "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\nbody")
        #expect(
            text(response, isHead: true, keepsAlive: false)
                == "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 4\r\nConnection: close\r\n\r\n")
    }

    @Test func textHasItsType() {
        let response = HTTPResponse(status: 404, text: "é")
        #expect(response.headers["content-type"] == "text/plain; charset=utf-8" && response.body.count == 2)
        #expect(HTTPResponse(status: 200, text: "{}", type: "application/json").headers.count == 1)
    }

    @Test func framingIsTheServers() {
        let headers: HTTPHeaders = [
            "content-length": "99", "Transfer-Encoding": "chunked", "connection": "x", "A": "b",
        ]
        #expect(
            text(HTTPResponse(status: 200, headers: headers))
                == "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n")
    }

    @Test(arguments: [204, 304])
    func someHaveNoBody(status: Int) {
        let text = text(HTTPResponse(status: status, body: [1, 2, 3]))
        #expect(text.hasSuffix("\r\n\r\n") && !text.contains("Content-Length"))
    }

    @Test func anUpgradeIsAnOptionOfTheConnection() {
        #expect(text(ServerHandshake.upgradeRequired).contains("\r\nConnection: keep-alive, Upgrade\r\n"))
    }

    @Test(arguments: 200...599)
    func whatIsWrittenCanBeRead(status: Int) throws {
        let response = HTTPResponse(status: status, headers: ["A": "b"], body: [65])
        let head = try #require(HeadFeed.response(text(response)))
        #expect(head.status == status && head.headers["A"] == "b" && head.minorVersion == 1)
        #expect(head.reason == HTTPResponse.reason(for: status))
    }

    @Test func everyStatusThatIsUsedHasAPhrase() {
        for status in [101, 200, 400, 403, 404, 405, 408, 413, 414, 426, 429, 431, 500, 501, 502, 503, 505] {
            #expect(!HTTPResponse.reason(for: status).isEmpty, "\(status)")
        }
        #expect(HTTPResponse.reason(for: 299).isEmpty)
    }

    @Test func aRefusalIsAnAnswer() {
        let response = HTTPResponse(HTTPError(431, expected: "less", got: "more"))
        #expect(response.status == 431 && response.body == Array("expected less, got more\n".utf8))
    }
}
