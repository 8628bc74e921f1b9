import Testing
import ZCNetTesting

@testable import ZCNet
@testable import ZCNetWebSocket

/// Ends that are asked for from within a callback: the protocol says goodbye while the handler is busy, and
/// gets nothing of the handler for it.
@Suite struct FarewellTests {
    /// Closes others, or itself, through the loop, in the midst of changing what it keeps.
    struct Closer: WebSocketHandler {
        let log: SimulatedSite.Log
        var ids: [ConnectionID] = []
        var changes = 0

        mutating func onOpen(_ peer: inout WebSocketConnection<Int>, _ upgrade: WebSocketUpgrade) {
            ids.append(peer.id)
        }

        mutating func makeState() -> Int { 0 }

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<Int>) {
            let (base, own) = (peer.conversation.base, peer.id)
            changes += 1
            for id in ids where message.text == "all" || id != own {
                base.other(id)?.leave(CloseReason(.shutdown))
            }
            changes += 1
            peer.state += 1
            log.add("changes \(changes) state \(peer.state)")
        }

        mutating func onClose(_ peer: inout WebSocketConnection<Int>, _ reason: WebSocketCloseReason) {
            log.add("close \(reason.code.rawValue) \(reason.cause)")
        }
    }

    @Test(arguments: [("others", 3), ("all", 4)])
    func aFarewellFromWithinACallbackHasNothingOfTheHandler(whom: String, closes: Int) throws {
        let site = try SimulatedSite(routes: { routes, log in routes.webSocket { Closer(log: log) } })
        let clients = (0..<4).map { _ in site.connect() }
        try site.run("conversations") { clients.allSatisfy(\.isUpgraded) }
        clients[0].send(whom)
        try site.run("the ends") { site.log.count(of: "close 1001 shutdown") == closes }
        #expect(site.log.all.first == "changes 2 state 1")
        #expect(clients.count { $0.close?.code == .goingAway } == closes)
        site.network.stop()
    }
}
