import Testing

@testable import ZCNetWebSocket

@Suite struct RoutePatternTests {
    @Test(arguments: [
        ("/notes", "/notes", [:]),
        ("/notes", "/notes/", nil),
        ("/notes/{id}", "/notes/7", ["id": "7"]),
        ("/notes/{id}", "/notes/", nil),
        ("/notes/{id}", "/notes/7/", nil),
        ("/notes/{id}", "/notes/caf%C3%A9%2Fbar", ["id": "café/bar"]),
        ("/notes/{id}", "/notes/%zz", nil),
        ("/notes/{id}", "/notes/%00", nil),
        ("/{a}/to/{b}", "/x/to/y", ["a": "x", "b": "y"]),
        ("/{a}/to/{b}", "/x/from/y", nil),
        ("/files/{path...}", "/files/a/b.txt", ["path": "a/b.txt"]),
        ("/files/{path...}", "/files/", ["path": ""]),
        ("/files/{path...}", "/files", nil),
        ("/files/{path...}", "/files/a%2Fb", nil),
        ("/{path...}", "/", ["path": ""]),
    ])
    func whatMatches(pattern: String, path: String, values: [String: String]?) {
        #expect(RoutePattern(pattern).match(path) == values)
    }

    @Test(arguments: [
        "notes", "/a?b", "/a#b", "/a{b}", "/{a}/{a}", "/{a...}/b", "/{}", "/{...}", "/{a", "/a}",
    ])
    func whatIsNoPattern(pattern: String) {
        #expect(RoutePattern(pattern).expectation != nil)
    }

    @Test func literalsGoFirst() {
        let patterns = ["/{x...}", "/a/{x}", "/{y}/b", "/a/{x...}", "/a/b", "/a"].map { RoutePattern($0) }
        let sorted = WebSocketRoutes.inOrder(patterns) { $0 }.map(\.description)
        #expect(sorted == ["/a/b", "/a/{x}", "/a/{x...}", "/a", "/{y}/b", "/{x...}"])
    }

    @Test func namesMakeNoOtherShape() {
        #expect(RoutePattern("/a/{x}").shape == RoutePattern("/a/{y}").shape)
        #expect(RoutePattern("/a/{x}").shape != RoutePattern("/a/{x...}").shape)
    }
}
