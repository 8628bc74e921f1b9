import Glibc
import Synchronization
import ZCNet
import ZCNetWebSocket

/// Idle connections of one client, whose memory somebody outside looks at: of a handler, or of a group.
struct HeldLinks {
    /// How many are open.
    private final class Count: Sendable {
        let open = Atomic<Int>(0)
    }

    private struct Silent: WebSocketHandler {
        let count: Count

        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            count.open.add(1, ordering: .releasing)
        }
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    }

    /// Connects, says "open", and holds the connections until nothing more comes over standard input.
    static func hold(port: String, links: Int, areGroup: Bool) throws {
        var configuration = WebSocketClient.Configuration()
        configuration.tcp.group.loops = 1
        configuration.tcp.connectTimeout = .seconds(60)
        configuration.handshakeTimeout = .seconds(60)
        configuration.options.pingInterval = nil
        let (url, count) = ("ws://127.0.0.1:\(port)/", Count())
        if areGroup {
            let client = try WebSocketLinkClient(configuration)
            try client.start()
            Task.detached {
                try await client.withLinks { group in
                    for _ in 0..<links { try group.add(url) }
                    try await group.forEach { event in
                        if case .opened = event { count.open.add(1, ordering: .releasing) }
                        return .next
                    }
                }
            }
        } else {
            let client = try WebSocketClient(configuration) { Silent(count: count) }
            try client.start()
            for _ in 0..<links { client.connect(to: url) { _ in } }
        }
        for _ in 0..<60_000 where count.open.load(ordering: .acquiring) < links { usleep(1000) }
        let open = count.open.load(ordering: .acquiring)
        guard open == links else { throw GroupEcho.Failure(what: "\(open) of \(links) links") }
        print("open")
        fflush(nil)
        while readLine() != nil {}
        exit(0)
    }
}
