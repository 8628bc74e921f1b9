import Testing

@testable import ZCNetWebSocket

@Suite struct HTTPHeadersTests {
    @Test func namesAreComparedWithoutCase() {
        var headers = HTTPHeaders()
        headers.add("X-One", "1")
        headers.add("x-ONE", "2")
        #expect(headers["x-one"] == "1")
        #expect(headers.values(of: "X-One") == ["1", "2"])
        headers.set("X-one", to: "3")
        #expect(headers.fields.count == 1)
    }

    @Test func listsSpanLinesAndRespectQuotes() {
        var headers = HTTPHeaders()
        headers.add("L", "a , \"b, c\",,d;e=\"\\\",\"")
        headers.add("l", "f")
        #expect(headers.list(of: "L") == ["a", "\"b, c\"", "d;e=\"\\\",\"", "f"])
        #expect(headers.list(of: "L", contains: "A"))
    }

    @Test(arguments: [
        ("", "v"), ("a b", "v"), ("a:b", "v"), ("a\r\n", "v"), ("a", "v\r\nSet-Cookie: x"), ("a", "v\u{0}"),
    ])
    func linesCannotBeSmuggledIn(name: String, value: String) {
        var headers = HTTPHeaders()
        #expect(headers.add(name, value) == false)
        #expect(headers.fields.isEmpty)
    }

    @Test func aResponseTellsItsLengthAndConnection() {
        var response = HTTPResponse(status: 200, text: "fine\n")
        response.headers.set("Content-Length", to: "999")
        let bytes = String(decoding: response.serialized(isHead: false, keepsAlive: true), as: UTF8.self)
        #expect(
            bytes == """
                HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r
                Connection: keep-alive\r\n\r\nfine

                """)
        let head = String(decoding: response.serialized(isHead: true, keepsAlive: false), as: UTF8.self)
        #expect(head.hasSuffix("Content-Length: 5\r\nConnection: close\r\n\r\n"))
    }
}
