import Testing

@testable import ZCNetWebSocket

struct HTTPHeadersTests {
    @Test func namesIgnoreCase() {
        var headers: HTTPHeaders = ["Set-Cookie": "a", "X": "1", "set-cookie": "b"]
        #expect(headers["SET-COOKIE"] == "a" && headers.values(of: "set-Cookie") == ["a", "b"])
        #expect(headers.contains("x") && !headers.contains("y") && headers["y"] == nil && headers.count == 3)
        headers.set("sET-cOOKIE", to: "c")
        #expect(headers.fields.map(\.name) == ["X", "sET-cOOKIE"])
        headers.remove("x")
        #expect(headers.fields == [HTTPHeaders.Field(name: "sET-cOOKIE", value: "c")])
        // Only ASCII letters have two cases, and neighbours of letters none.
        headers.add("@", "no")
        headers.add("a^", "yes")
        #expect(headers["A^"] == "yes" && headers["A~"] == nil && headers.count == 2)
    }

    @Test(arguments: [
        ("", "a"), ("a b", "c"), ("a:", "c"), ("a\r\nb", "c"), ("é", "c"), ("a", "b\r\nc: d"), ("a", "b\n"),
        ("a", "\rb"), ("a", "b\0"), ("a", "\u{7F}"), ("a\0", "b"),
    ])
    func nothingEndsItsLine(name: String, value: String) {
        var headers: HTTPHeaders = ["A": "kept"]
        #expect(!headers.add(name, value) && !headers.set(name, to: value))
        #expect(headers == ["A": "kept"])
        #expect(HTTPHeaders(dictionaryLiteral: (name, value)).fields.isEmpty)
    }

    @Test func valuesLoseTheirBlanks() {
        var headers = HTTPHeaders()
        #expect(headers.add("A", " \t b c\t") && headers.add("B", " ") && headers.add("C", "ü"))
        #expect(headers["A"] == "b c" && headers["B"]?.isEmpty == true && headers["C"] == "ü")
    }

    @Test(arguments: [
        (["a, b", "c"], ["a", "b", "c"]), ([""], []), ([" , ,a,, "], ["a"]),
        (["a;q=\"x, y\", b"], ["a;q=\"x, y\"", "b"]), (["\"\\\", \\\\\", b"], ["\"\\\", \\\\\"", "b"]),
        (["\"open, b", "c"], ["\"open, b", "c"]), (["\\, b"], ["\\", "b"]),
    ])
    func lists(values: [String], elements: [String]) {
        var headers = HTTPHeaders()
        for value in values { headers.add("L", value) }
        #expect(headers.list(of: "l") == elements)
    }

    /// Looking for a token in place finds what taking the list apart finds.
    @Test func tokensAreFoundInPlace() {
        let parts = ["upgrade", "UPGRADE", "upgrad", "upgraded", "", " ", "\t", "\"", "u", "ü", "keep-alive"]
        for first in parts {
            for second in parts {
                for blank in ["", " ", " \t"] {
                    var headers = HTTPHeaders()
                    headers.add("Connection", "\(first)\(blank),\(blank)\(second)")
                    headers.add("connection", "\(second)\(first)")
                    headers.add("Connections", "upgrade")
                    let tokens: [StaticString] = ["upgrade", "u", "keep-alive", "close", "\""]
                    for token in tokens {
                        let isThere = headers.tokens(of: .connection).contains {
                            $0.lowercased() == "\(token)"
                        }
                        #expect(
                            headers.hasToken(token, in: .connection) == isThere,
                            "\(token) in \(headers.fields.map(\.value))")
                    }
                }
            }
        }
    }

    @Test func listsContainTokens() {
        let headers: HTTPHeaders = ["Connection": "keep-alive, UpGrade"]
        #expect(headers.list(of: "connection", contains: "upgrade"))
        #expect(!headers.list(of: "connection", contains: "keep"))
    }
}
