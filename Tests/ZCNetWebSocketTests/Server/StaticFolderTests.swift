import Foundation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Files of a folder, over a simulated network and from a real disk.
@Suite struct StaticFolderTests {
    /// A folder of its own for each test, removed with the value.
    final class Folder {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("zcnet-files-\(UUID())")
        var root: URL { url.appendingPathComponent("site") }

        init() throws {
            try write("site/index.html", "<h1>home</h1>")
            try write("site/app.js", "let x = 1")
            try write("site/docs/index.html", "<h1>docs</h1>")
            try write("site/docs/a b.txt", "spaced")
            try write("site/empty/x", "")
            try write("site/.secret", "hidden")
            try write("secret.txt", "outside")
            let links = [("site/link.txt", "../secret.txt"), ("site/up", ".."), ("current", "site")]
            for (name, target) in links {
                try FileManager.default.createSymbolicLink(
                    atPath: url.appendingPathComponent(name).path, withDestinationPath: target)
            }
        }

        func write(_ name: String, _ text: String) throws {
            let file = url.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    static func site(
        _ folder: Folder, at path: String = "/", sending: SimulatedSending = .direct,
        faults: SimulatedFaults = .none, seed: UInt64 = 1
    ) throws -> SimulatedSite {
        let root = folder.url.appendingPathComponent("current").path
        return try SimulatedSite(seed: seed, faults: faults, sending: sending, configure: { _ in }) {
            routes, _ in
            routes.files(path, in: root, cacheControl: "max-age=60")
            routes.on("POST", "/app.js") { _ in HTTPResponse(status: 201) }
        }
    }

    static func ask(_ site: SimulatedSite, _ path: String, _ fields: String = "", _ method: String = "GET")
        throws
        -> String
    {
        let peer = site.network.connect(to: site.server.address)
        peer.send("\(method) \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\(fields)\r\n")
        try site.run("the end") { peer.isEnded }
        return TaskAnswerTests.text(peer)
    }

    @Test(arguments: [
        ("/", "200", "<h1>home</h1>"), ("/index.html", "200", "<h1>home</h1>"),
        ("/app.js?v=1", "200", "let x = 1"),
        ("/docs/", "200", "<h1>docs</h1>"), ("/docs/a%20b.txt", "200", "spaced"),
        ("/empty/x", "200", "\r\n\r\n"),
        ("/docs", "301", "slash"), ("/empty/", "404", "nothing"), ("/none", "404", "nothing"),
        ("/app.js/", "404", "nothing"), ("/app.js/x", "404", "nothing"),
        ("/.secret", "404", "nothing"), ("/%2esecret", "404", "nothing"), ("/link.txt", "404", "nothing"),
        ("/up/secret.txt", "404", "nothing"), ("/../secret.txt", "404", "nothing"),
        ("/docs/../../secret.txt", "404", "nothing"), ("/%2e%2e/secret.txt", "404", "nothing"),
        ("/..%2fsecret.txt", "404", "nothing"), ("/%2e%2e%2fsecret.txt", "404", "nothing"),
        ("/docs/..%5c..%5csecret.txt", "404", "nothing"), ("//etc/passwd", "404", "nothing"),
        ("/%2fetc/passwd", "404", "nothing"), ("/app.js%00.txt", "404", "nothing"),
    ])
    func whatIsServed(path: String, status: String, body: String) throws {
        let folder = try Folder()
        let site = try Self.site(folder)
        defer { withExtendedLifetime(folder) {} }
        let answer = try Self.ask(site, path)
        #expect(answer.hasPrefix("HTTP/1.1 \(status) ") && answer.hasSuffix(body) || answer.contains(body))
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
        #expect(!answer.contains("outside") && !answer.contains("hidden"))
        site.network.stop()
    }

    @Test func whatTheHeadSays() throws {
        let folder = try Folder()
        let site = try Self.site(folder, at: "/assets/")
        defer { withExtendedLifetime(folder) {} }
        let whole = try Self.ask(site, "/assets/app.js")
        #expect(whole.contains("Content-Type: text/javascript; charset=utf-8\r\n"))
        #expect(whole.contains("Content-Length: 9\r\n") && whole.contains("Cache-Control: max-age=60\r\n"))
        #expect(whole.contains("X-Content-Type-Options: nosniff\r\n") && whole.hasSuffix("\r\n\r\nlet x = 1"))
        let tag = try #require(whole.split(separator: "\r\n").first { $0.hasPrefix("ETag: ") }).dropFirst(6)
        let known = try Self.ask(site, "/assets/app.js", "If-None-Match: \(tag)\r\n")
        #expect(
            known.hasPrefix("HTTP/1.1 304 ") && known.hasSuffix("\r\n\r\n") && known.contains("ETag: \(tag)"))
        #expect(!known.contains("Content-Length"))
        let part = try Self.ask(site, "/assets/app.js", "Range: bytes=4-4\r\n")
        #expect(part.hasPrefix("HTTP/1.1 206 ") && part.contains("Content-Range: bytes 4-4/9\r\n"))
        #expect(part.hasSuffix("\r\n\r\nx"))
        let beyond = try Self.ask(site, "/assets/app.js", "Range: bytes=9-\r\n")
        #expect(beyond.hasPrefix("HTTP/1.1 416 ") && beyond.contains("Content-Range: bytes */9\r\n"))
        let head = try Self.ask(site, "/assets/app.js", "", "HEAD")
        #expect(head.contains("Content-Length: 9\r\n") && head.hasSuffix("\r\n\r\n"))
        #expect(try Self.ask(site, "/assets/app.js", "", "PUT").hasPrefix("HTTP/1.1 405 "))
        #expect(try Self.ask(site, "/assets").hasPrefix("HTTP/1.1 404 "))
        #expect(try Self.ask(site, "/assets/docs?x=1").contains("Location: /assets/docs/?x=1\r\n"))
        #expect(try Self.ask(site, "/app.js", "", "POST").hasPrefix("HTTP/1.1 201 "))
        site.network.stop()
    }

    /// Requests behind a file wait for it, and however the network takes it, it arrives whole.
    @Test(arguments: 0..<4)
    func filesAndWhatFollows(seed: Int) throws {
        let folder = try Folder()
        let bytes = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ seed) }
        try Data(bytes).write(to: folder.root.appendingPathComponent("large.bin"))
        let site = try Self.site(
            folder, sending: seed.isMultiple(of: 2) ? .direct : .inFlight, seed: UInt64(seed))
        let peer = site.network.connect(to: site.server.address)
        let request = "GET /large.bin HTTP/1.1\r\nHost: h\r\n\r\n"
        for _ in 0..<3 { peer.send(request) }
        peer.send("GET /app.js HTTP/1.1\r\nHost: h\r\n\r\n")
        // Asked in every turn, so that it looks at the end only.
        try site.run("all") { peer.received.suffix(9).elementsEqual("let x = 1".utf8) }
        #expect(peer.received.count > 1_200_000)
        let body = peer.received.split(separator: Array("\r\n\r\n".utf8), maxSplits: 1)[1].prefix(400_000)
        #expect(Array(body) == bytes)
        site.network.stop()
    }

    /// A client that asks for files and reads none has one of them open, and not one for each request.
    @Test func aClientThatReadsNothingHasOneFileOpen() throws {
        let folder = try Folder()
        try Data(count: 3_000_000).write(to: folder.root.appendingPathComponent("large.bin"))
        let site = try Self.site(folder)
        let peer = site.network.connect(to: site.server.address)
        peer.pauseReading()
        for _ in 0..<200 { peer.send("GET /large.bin HTTP/1.1\r\nHost: h\r\n\r\n") }
        try site.network.run(for: .seconds(1))
        #expect(site.server.webSocketSnapshot()[.requests] == 1)
        site.network.stop()
    }

    @Test func aFolderThatIsNoneIsRefused() throws {
        let folder = try Folder()
        for path in ["nowhere", "secret.txt"] {
            let root = folder.url.appendingPathComponent(path).path
            let error = #expect(throws: ConfigurationError.self) {
                try WebSocketServer(on: "127.0.0.1:0", routes: WebSocketRoutes { $0.files("/", in: root) })
            }
            #expect(error?.field == "routes.files")
        }
    }
}
