import BenchmarkSupport
import Glibc
import Synchronization
import ZCNet
import ZCNetWebSocket

/// One loop that serves the members of one room, and the same sockets served by hand.
final class Broadcast {
    struct Member: WebSocketHandler {
        let rooms: Rooms<Int>
        let sockets: Sockets

        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            rooms.join(1, peer)
            sockets.add(peer.conversation.base.slot[].descriptor.rawValue)
        }

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    }

    /// The server's ends, in the order of joining. Only its loop's thread uses it, and the count.
    ///
    /// SAFETY: `Sendable` is unchecked for that reason.
    final class Sockets: @unchecked Sendable {
        private(set) var all: [Int32] = []
        let count = Atomic<Int>(0)

        func add(_ descriptor: Int32) {
            all.append(descriptor)
            count.store(all.count, ordering: .releasing)
        }
    }

    private let members: Int
    private let messages: Int
    private let prepared: PreparedMessage
    private let frame: [UInt8]
    private let rooms = Rooms<Int>()
    private let sockets = Sockets()
    private let server: WebSocketServer
    private let readers: Readers
    private var total = 0

    init(members: Int, bytes: Int, messages: Int) throws {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        self.members = members
        self.messages = messages
        let payload = [UInt8](repeating: 0x7A, count: bytes)
        prepared = unsafe PreparedMessage(binary: payload.span.bytes)
        frame = unsafe prepared.frame.withUnsafeBytes { unsafe Array($0) }
        var configuration = WebSocketServer.Configuration()
        configuration.tcp.group.loops = 1
        configuration.tcp.group.pinsThreads = true
        configuration.options.pingInterval = nil
        let (rooms, sockets) = (rooms, sockets)
        server = try WebSocketServer(on: "127.0.0.1:0", configuration: configuration) {
            Member(rooms: rooms, sockets: sockets)
        }
        try server.start()
        guard let port = UInt16(server.address.description.split(separator: ":").last ?? "") else {
            throw Readers.Failure(what: "port")
        }
        readers = try Readers(count: members, port: port)
        readers.start()
        while sockets.count.load(ordering: .acquiring) < members { usleep(1000) }
        total = readers.settle()
    }

    /// Times every way in turn, round by round.
    func run(rounds: Int) throws -> Report {
        let ways = ["bare send calls", "published, one message at a time", "published, all at once"]
        let measured = Measurement.interleaved(
            rounds: rounds,
            [
                ways[0]: { self.alone(self.sendBare) },
                ways[1]: { self.alone { self.rooms.publish(self.prepared, to: 1) } },
                ways[2]: { self.inOneBurst() },
            ])
        let counts = rooms.counts(1)
        guard counts.refused == 0, counts.closed == 0, counts.members == members else {
            throw Readers.Failure(what: "counts \(counts)")
        }
        let title = """
            Broadcast of \(frame.count) bytes to \(members) members, \(messages) messages at a time: \
            processor time of the loop's thread
            """
        var report = Report("rooms", title)
        report.tables = [
            Table(
                "Per message delivered", columns: ["way", "ns per delivery", "ratio"],
                rows: ways.map {
                    [.text($0), .number(measured[$0]), .number(measured.ratio($0, to: ways[0]))]
                })
        ]
        report.charts = [
            Chart(
                "Broadcast to \(members) members", .bars, yTitle: "ns of the loop's thread per delivery",
                x: ways.map { .text($0) }, series: [.init("median", ways.map { measured[$0] })])
        ]
        return report
    }

    // MARK: The ways

    /// One message at a time, each read by all before the next.
    private func alone(_ send: () -> Void) -> Double {
        let before = loopCPU()
        for _ in 0..<messages {
            send()
            total += members * frame.count
            readers.wait(for: total)
        }
        return (loopCPU() - before) / Double(messages * members)
    }

    /// All messages at once.
    private func inOneBurst() -> Double {
        let before = loopCPU()
        for _ in 0..<messages { rooms.publish(prepared, to: 1) }
        total += messages * members * frame.count
        readers.wait(for: total)
        return (loopCPU() - before) / Double(messages * members)
    }

    private func sendBare() {
        let (frame, sockets) = (frame, sockets)
        server.group.loops[0].post { _ in
            unsafe frame.withUnsafeBytes { bytes in
                for descriptor in sockets.all {
                    let sent = unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
                    precondition(sent == bytes.count, "the kernel took \(sent)")
                }
            }
        }
    }

    /// The processor time of the loop's thread, in nanoseconds.
    private func loopCPU() -> Double {
        let cell = Answer()
        server.group.loops[0].post { context in
            // Behind everything that this turn still writes.
            context.schedule(after: .milliseconds(1)) { _ in
                var time = timespec()
                unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
                cell.value.store(time.tv_sec * 1_000_000_000 + time.tv_nsec, ordering: .releasing)
            }
        }
        while cell.value.load(ordering: .acquiring) < 0 { usleep(100) }
        return Double(cell.value.load(ordering: .relaxed))
    }

    /// Brings a figure from the loop.
    private final class Answer: Sendable {
        let value = Atomic<Int>(-1)
    }
}
