import LinkSimulation
import Testing
import ZCNet
import ZCNetTesting
import ZCNetWebSocket

/// What the links of one loop have together.
@Suite struct LoopStateTests {
    /// Not `Sendable`: the compiler would refuse to share it among loops.
    private final class Table {
        var names: [String] = []
        let log: LinkLog

        init(_ log: LinkLog) {
            self.log = log
            log.add("made")
        }
    }

    private func pair(
        _ serve: @escaping @Sendable (WebSocketLink, LoopState<Table>) async throws -> Void
    ) throws -> LinkPair {
        try LinkPair(seed: 1, faults: .none, sending: .direct) { group, log in
            var configuration = WebSocketServer.Configuration()
            configuration.tcp.acceptStrategy = .roundRobin
            let routes = WebSocketRoutes { $0.link("/", loopState: { Table(log) }, serve) }
            let server = try WebSocketServer(
                on: "127.0.0.1:9001", configuration: configuration, group: group, routes: routes)
            return (server, try WebSocketLinkClient(group: group))
        }
    }

    @Test func eachLoopHasOneOfItsOwn() throws {
        let pair = try pair { link, table in
            while let name = try await link.next() {
                table.value.names.append(name.text)
                try await link.send(table.value.names.joined(separator: ","))
            }
        }
        let client = pair.client
        let task = pair.task { [log = pair.log] in
            // One after the other, and so to one loop after the other.
            for name in ["a", "b", "c", "d"] {
                let answer = try await client.withLink(to: LinkPair.url) { link in
                    try await link.send(name)
                    return try await link.next()?.text
                }
                log.add(answer ?? "nothing")
            }
        }
        #expect(try pair.network.run { task.hasEnded })
        #expect(pair.log.all.filter { $0 != "made" } == ["a", "b", "a,c", "b,d", "client done"])
        #expect(pair.log.count(of: "made") == 2)
        pair.network.stop()
    }

    /// Across an `await` others have their turn; what is changed within `withValue` is changed at once.
    @Test func bodiesOfALoopTakeTurns() throws {
        struct Sum { var total = 0 }
        let pair = try LinkPair(seed: 1, faults: .none, sending: .direct) { group, log in
            let routes = WebSocketRoutes { routes in
                routes.link("/", loopState: { Sum() }) { link, sum in
                    while let text = try await link.receive({ $0.text }) {
                        let before = sum.value.total
                        await Task.yield()
                        let total = sum.withValue { sum in
                            sum.total += text.utf8.count
                            return sum.total
                        }
                        log.add("\(before) \(total)")
                    }
                }
            }
            var configuration = WebSocketServer.Configuration()
            configuration.tcp.acceptStrategy = .roundRobin
            return (
                try WebSocketServer(
                    on: "127.0.0.1:9001", configuration: configuration, group: group, routes: routes),
                try WebSocketLinkClient(group: group)
            )
        }
        let client = pair.client
        let tasks = (0..<6).map { number in
            pair.task("\(number)") {
                try await client.withLink(to: LinkPair.url) { link in
                    for _ in 0..<10 { try await link.send("x") }
                }
            }
        }
        #expect(try pair.network.run { tasks.allSatisfy(\.hasEnded) })
        let totals = pair.log.all.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        // Three links on each of two loops: each loop's sum goes up to 30, one step at a time.
        #expect(totals.sorted() == (1...30).flatMap { [$0, $0] })
        pair.network.stop()
    }
}
