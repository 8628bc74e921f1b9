import LiveNATS
import Testing
import ZCNATS
import ZCNet

@testable import ZCCluster

/// Who is where, over real servers of NATS.
@Suite(.enabled(if: LiveServer.isThere, "no server: see Scripts/interop/nats"))
struct LivePresenceTests {
    private struct Member {
        let engine: NATSEngine
        let node: ClusterNode
        let presence: ClusterPresence

        init(_ name: String, _ url: String) async throws {
            var nats = NATSOptions()
            nats.servers = [url]
            nats.connectTimeout = .seconds(120)
            nats.reconnectDelay = .milliseconds(20)
            engine = try NATSEngine(nats)
            try engine.start()
            try await engine.connect()
            var options = ClusterOptions(name: name)
            options.leaseLength = .seconds(3)
            node = try ClusterNode(engine, options)
            node.start()
            presence = try ClusterPresence(node)
        }

        func end() {
            engine.shutdown(grace: .zero)
            engine.client.wait()
        }
    }

    private let users = ChannelName.named("users")

    /// Waits until a node sees so many.
    private func sees(_ member: Member, _ count: Int) async -> Bool {
        for _ in 0..<1200 {
            if await member.presence.count(of: users) == count { return true }
            try? await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    @Test func peopleComeAndGoAndNodesDie() async throws {
        let port = try LiveCluster.freePorts(1)[0]
        var server = try LiveServer(jetStream: true, port: port)
        let (first, second) = (try await Member("a", server.url), try await Member("b", server.url))
        let ends = Journal<String>()
        var stays = (0..<3000).map { number in
            (number % 2 == 0 ? first : second).presence.enter(users, as: "\(number)", .replacing) {
                ends.add("\(number): \($0)")
            }
        }
        #expect(await sees(first, 3000))
        #expect(await sees(second, 3000))
        // A third comes later, and is told all.
        let third = try await Member("c", server.url)
        #expect(await sees(third, 3000))
        let elsewhere = third.presence.enter(users, as: "7", .replacing)
        #expect(await eventually { ends.all == ["7: replaced by one at c"] })
        stays.removeLast(1000)
        #expect(await sees(first, 2000))
        #expect(await sees(third, 2000))
        // Gone without a word.
        second.end()
        #expect(await sees(third, 1001))
        #expect(await sees(first, 1001))
        // The servers go away for longer than a lease: nobody leaves. When they are back, all goes on.
        server.end()
        try await Task.sleep(for: .seconds(5))
        #expect(await first.presence.count(of: users) == 1001)
        server = try LiveServer(jetStream: true, port: port)
        let late = third.presence.enter(users, as: "late")
        #expect(await sees(first, 1002))
        #expect(await sees(third, 1002))
        first.end()
        third.end()
        _ = (stays, elsewhere, late)
    }
}
