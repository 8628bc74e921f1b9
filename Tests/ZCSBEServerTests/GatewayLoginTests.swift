import SBEVectors
import TestSupport
import Testing
import ZCSBEServer

/// Handlers of gateways that want to know who has come in.
@Suite(.timeLimit(.minutes(10))) struct GatewayLoginTests {
    /// Knows whom the route's policy has let in, and says so.
    struct Host: SBEMessageHandler {
        typealias Schema = GroupWithDataVectors.Schema

        static func declare(_ routes: inout SBERoutes<Self>) {}

        mutating func onConnect(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            peer.send("messages: \(upgrade.context(as: String.self) ?? "nobody")")
        }
    }

    /// The same for trades.
    struct Tape: TradeMessageHandler {
        mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {}

        mutating func onConnect(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            peer.send("trades: \(upgrade.context(as: String.self) ?? "nobody")")
        }
    }

    @Test func whatTheUpgradeFoundOutComesAlong() async throws {
        let group = try EventLoopGroup(loops: 1)
        let policy = UpgradePolicy.decide { request in
            request.head.queryValue(of: "token").map { .accept(context: $0) } ?? .reject(status: 401)
        }
        let server = try WebSocketServer(
            on: "127.0.0.1:0", configuration: Patience.webSocketServer, group: group,
            routes: WebSocketRoutes { routes in
                routes.messages("/messages", policy: policy) { Host() }
                routes.trades("/trades", policy: policy) { Tape() }
            })
        let (heard, heardBy) = AsyncStream.makeStream(of: String.self)
        let client = try WebSocketClient(Patience.webSocketClient, group: group) {
            TradeRouteTests.Reader(heard: heardBy)
        }
        try group.start()
        var lines = heard.makeAsyncIterator()
        _ = try await client.connect(to: "ws://\(server.address)/messages?token=ada")
        #expect(await lines.next() == "messages: ada")
        _ = try await client.connect(to: "ws://\(server.address)/trades?token=bob")
        #expect(await lines.next() == "trades: bob")
        await #expect(throws: WebSocketConnectError.self) {
            _ = try await client.connect(to: "ws://\(server.address)/messages")
        }
        group.shutdown(grace: .seconds(1))
        group.wait()
    }
}
