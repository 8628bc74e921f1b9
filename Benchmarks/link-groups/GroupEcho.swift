import BenchmarkSupport
import Glibc
import Synchronization
import ZCNet
import ZCNetWebSocket

/// One server that asks, and two clients of one loop each that answer: one with a handler, one with a group
/// of links. Only one of them is asked at a time.
final class GroupEcho {
    /// What the server counts, for both.
    final class Progress: Sendable {
        let joined = Atomic<Int>(0)
        /// How many messages are still to be answered with another.
        let left = Atomic<Int>(0)
        let ended = Atomic<Int>(0)
    }

    /// Asks again for every answer, until enough were asked.
    private struct Asker: WebSocketHandler {
        let rooms: Rooms<String>
        let progress: Progress

        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            rooms.join(upgrade.request.path, peer)
            progress.joined.add(1, ordering: .releasing)
        }

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            // One loop, one writer.
            let left = progress.left.load(ordering: .relaxed)
            if left > 0 {
                progress.left.store(left - 1, ordering: .relaxed)
                peer.send(message)
            } else {
                progress.ended.add(1, ordering: .releasing)
            }
        }
    }

    private struct Answerer: WebSocketHandler {
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            peer.send(message)
        }
    }

    struct Failure: Error {
        let what: String
    }

    private let links: Int
    private let pipelined: Int
    private let messages: Int
    private let rooms = Rooms<String>()
    private let progress = Progress()
    private let payload: PreparedMessage
    private let server: WebSocketServer
    private let handlers: WebSocketClient
    private let group: WebSocketLinkClient

    init(links: Int, bytes: Int, pipelined: Int, messages: Int) throws {
        (self.links, self.pipelined, self.messages) = (links, pipelined, messages)
        let bytes = [UInt8](repeating: 0x7A, count: bytes)
        payload = unsafe PreparedMessage(binary: bytes.span.bytes)
        var configuration = WebSocketServer.Configuration()
        configuration.tcp.group.loops = 1
        configuration.tcp.connectionsMax = nil
        configuration.options.pingInterval = nil
        let (rooms, progress) = (rooms, progress)
        server = try WebSocketServer(on: "127.0.0.1:0", configuration: configuration) {
            Asker(rooms: rooms, progress: progress)
        }
        try server.start()
        var client = WebSocketClient.Configuration()
        client.tcp.group.loops = 1
        client.options.pingInterval = nil
        handlers = try WebSocketClient(client) { Answerer() }
        group = try WebSocketLinkClient(client)
        try handlers.start()
        try group.start()
        try connect()
    }

    private func connect() throws {
        let url = "ws://\(server.address)"
        for _ in 0..<links { handlers.connect(to: url + "/handlers") { _ in } }
        let (group, links) = (group, links)
        Task.detached {
            _ = try? await group.withLinks { group in
                for _ in 0..<links { try group.add(url + "/group") }
                try await group.forEach { event in
                    if case .message(let id, let message) = event { group.trySend(message, to: id) }
                    return .next
                }
            }
        }
        for _ in 0..<10_000 where progress.joined.load(ordering: .acquiring) < 2 * links { usleep(1000) }
        let joined = progress.joined.load(ordering: .acquiring)
        guard joined == 2 * links else { throw Failure(what: "\(joined) of \(2 * links) links") }
    }

    /// Times both in turn, round by round.
    func run(rounds: Int) -> Report {
        let ways = ["\(links) clients of a handler", "\(links) links of a group"]
        let (handlerLoop, groupLoop) = (handlers.group.loops[0], group.group.loops[0])
        let measured = Measurement.interleaved(
            rounds: rounds,
            [
                ways[0]: { self.ask("/handlers", handlerLoop) },
                ways[1]: { self.ask("/group", groupLoop) },
            ])
        let title = """
            \(links) clients' answers to messages of \(payload.count) bytes, \(pipelined) under way on each: \
            processor time of the clients' loop
            """
        var report = Report("link-groups", title)
        report.tables = [
            Table(
                "Per message", columns: ["client", "ns per message", "ratio"],
                rows: ways.map {
                    [.text($0), .number(measured[$0]), .number(measured.ratio($0, to: ways[0]))]
                })
        ]
        return report
    }

    /// Has the clients at a path answer, and says what an answer cost their loop, in nanoseconds.
    private func ask(_ path: String, _ loop: EventLoop) -> Double {
        let before = processorTime(of: loop)
        progress.ended.store(0, ordering: .relaxed)
        progress.left.store(messages, ordering: .relaxed)
        for _ in 0..<pipelined { rooms.publish(payload, to: path) }
        while progress.ended.load(ordering: .acquiring) < links * pipelined { usleep(200) }
        return (processorTime(of: loop) - before) / Double(messages + links * pipelined)
    }

    /// The processor time of a loop's thread, in nanoseconds.
    private func processorTime(of loop: EventLoop) -> Double {
        let answer = Answer()
        loop.post { context in
            // Behind everything that this turn still writes.
            context.schedule(after: .milliseconds(1)) { _ in
                answer.value.store(Int(processorNanoseconds()), ordering: .releasing)
            }
        }
        while answer.value.load(ordering: .acquiring) < 0 { usleep(100) }
        return Double(answer.value.load(ordering: .relaxed))
    }

    /// Brings a figure from the loop.
    private final class Answer: Sendable {
        let value = Atomic<Int>(-1)
    }
}
