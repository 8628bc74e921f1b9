import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Bodies that a task reads while they come.
@Suite struct UploadTests {
    static func site(
        _ gate: TaskAnswerTests.Gate? = nil,
        _ configure: (inout WebSocketServer.Configuration) -> Void = { _ in }
    ) throws -> SimulatedSite {
        try SimulatedSite(configure: configure) { routes, log in
            routes.get("/after") { _ in HTTPResponse(status: 200, text: "after") }
            routes.upload("PUT", "/count", bodyBytesMax: 1 << 20) { request, body in
                await gate?.pass()
                var (count, sum) = (0, 0)
                do {
                    while let piece = try await body.next() {
                        count += piece.count
                        for index in 0..<piece.count { sum = (sum &* 31 &+ Int(piece[index])) & 0xFFFF_FFFF }
                    }
                } catch {
                    log.add("failed after \(count)")
                    throw error
                }
                return HTTPResponse(status: 200, text: "\(count) \(sum)")
            }
            routes.upload("PUT", "/early", bodyBytesMax: 1 << 20) { request, body in
                let first = try await body.next()
                return HTTPResponse(status: 403, text: "enough after \(first?.count ?? 0)")
            }
        }
    }

    static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) } }

    static func sum(_ bytes: [UInt8]) -> Int {
        bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF }
    }

    static let after = Array(TaskAnswerTests.get("/after").utf8)

    static func put(_ path: String, _ body: [UInt8]) -> [UInt8] {
        Array("PUT \(path) HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
    }

    static func chunked(_ path: String, _ pieces: [[UInt8]]) -> [UInt8] {
        var bytes = Array("PUT \(path) HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        for piece in pieces + [[]] {
            bytes += Array((String(piece.count, radix: 16) + "\r\n").utf8) + piece + [13, 10]
        }
        return bytes
    }

    @Test(arguments: [0, 1, 100, 65_536, 300_000], [false, true])
    func allOfItComesAndTheNextRequestBehindIt(size: Int, isChunked: Bool) throws {
        let site = try Self.site()
        let body = Self.bytes(size)
        let pieces = stride(from: 0, to: size, by: 50_000).map { Array(body[$0..<min(size, $0 + 50_000)]) }
        let peer = site.network.connect(to: site.server.address)
        peer.send((isChunked ? Self.chunked("/count", pieces) : Self.put("/count", body)) + Self.after)
        try site.run("both answers") { RequestTests.statuses(peer) == ["200", "200"] }
        #expect(TaskAnswerTests.text(peer).contains("\(size) \(Self.sum(body))"))
        #expect(site.group.hosts[0].auditMemory() == [])
        site.network.stop()
    }

    @Test func cutAtEveryByte() throws {
        let site = try Self.site()
        let body = Self.bytes(40)
        for request in [
            Self.chunked("/count", [Array(body[..<13]), Array(body[13...])]), Self.put("/count", body),
        ] {
            let peer = site.network.connect(to: site.server.address)
            for byte in request + Self.after {
                peer.send([byte])
                try site.network.run(for: .milliseconds(1))
            }
            try site.run("both answers") { RequestTests.statuses(peer) == ["200", "200"] }
            #expect(TaskAnswerTests.text(peer).contains("40 \(Self.sum(body))"))
        }
        site.network.stop()
    }

    /// A task that does not read holds its client back, and not its memory.
    @Test func aTaskThatWaitsHoldsItsClientBack() throws {
        let gate = TaskAnswerTests.Gate()
        let site = try Self.site(gate)
        site.network.taskPatience = .milliseconds(1)
        let body = Self.bytes(900_000)
        let peer = site.network.connect(to: site.server.address)
        peer.send(Self.put("/count", body))
        try site.network.run(for: .seconds(1))
        let host = site.group.hosts[0]
        #expect(host.budget.bytes < 800_000)
        #expect(host.budget[.requests] < HTTPUpload.queuedBytesMax + 64_000)
        #expect(host.auditMemory() == [])
        gate.open()
        try site.run("the answer") { TaskAnswerTests.text(peer).hasSuffix("900000 \(Self.sum(body))") }
        site.network.stop()
    }

    @Test func anEarlyAnswerEndsTheConnection() throws {
        let site = try Self.site()
        let peer = site.network.connect(to: site.server.address)
        peer.send(Array(Self.put("/early", Self.bytes(10_000))[..<4000]))
        try site.run("the end") { peer.isEnded }
        #expect(RequestTests.statuses(peer) == ["403"])
        #expect(TaskAnswerTests.text(peer).contains("Connection: close"))
        site.network.stop()
    }

    @Test func theTaskHearsOfWhatIsWrong() throws {
        let site = try Self.site()
        let broken = site.network.connect(to: site.server.address)
        broken.send(Array(Self.chunked("/count", [[1, 2, 3]]).dropLast(5)) + Array("zz\r\n".utf8))
        try site.run("a refusal") { broken.isEnded }
        #expect(RequestTests.statuses(broken) == ["400"])
        let long = site.network.connect(to: site.server.address)
        long.send("PUT /count HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n")
        try site.run("a refusal") { long.isEnded }
        #expect(RequestTests.statuses(long) == ["413"])
        let gone = site.network.connect(to: site.server.address)
        gone.send(Array(Self.put("/count", Self.bytes(100))[..<80]))
        try site.network.run(for: .milliseconds(50))
        gone.reset()
        try site.run("three failures") { site.log.count(of: "failed after") == 3 }
        #expect(site.group.hosts[0].auditMemory() == [])
        site.network.stop()
    }

    /// Slow is not stalled: sixteen kilobytes buy the time of another request.
    @Test func whoTricklesIsEndedAndWhoIsSlowIsNot() throws {
        let site = try Self.site { $0.handshakeTimeout = .seconds(2) }
        let slow = site.network.connect(to: site.server.address)
        let trickle = site.network.connect(to: site.server.address)
        let body = Self.bytes(160_000)
        slow.send(Array(Self.put("/count", body).dropLast(160_000)))
        trickle.send(Array(Self.put("/count", body).dropLast(160_000)))
        for part in 0..<10 {
            slow.send(body[(part * 16_000)..<((part + 1) * 16_000)])
            trickle.send([1])
            try site.network.run(for: .milliseconds(800))
        }
        try site.run("the answer") { RequestTests.statuses(slow) == ["200"] }
        #expect(RequestTests.statuses(trickle) == ["408"])
        site.network.stop()
    }
}
