import BenchmarkSupport
import Glibc
import Synchronization
import ZCNet
import ZCNetWebSocket

/// One loop that serves the members of one room, and the same sockets served by hand.
final class Broadcast {
    struct Member: WebSocketHandler {
        let rooms: Rooms<Int>
        let joined: Joined

        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            rooms.join(1, peer)
            joined.count.add(1, ordering: .releasing)
        }

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    }

    final class Joined: Sendable {
        let count = Atomic<Int>(0)
    }

    private let members: Int
    private let messages: Int
    private let prepared: PreparedMessage
    private let frame: [UInt8]
    private let rooms = Rooms<Int>()
    /// The server's ends of the members' connections; the bare way sends to these by hand.
    private let sockets: [Int32]
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
        frame = Self.frame(of: payload)
        var configuration = WebSocketServer.Configuration()
        configuration.tcp.group.loops = 1
        configuration.tcp.group.pinsThreads = true
        // The members connect at once, however many they are.
        configuration.tcp.connectionsMax = nil
        configuration.options.pingInterval = nil
        let (rooms, joined) = (rooms, Joined())
        server = try WebSocketServer(on: "127.0.0.1:0", configuration: configuration) {
            Member(rooms: rooms, joined: joined)
        }
        try server.start()
        guard let port = UInt16(server.address.description.split(separator: ":").last ?? "") else {
            throw Readers.Failure(what: "port")
        }
        readers = try Readers(count: members, port: port)
        readers.start()
        while joined.count.load(ordering: .acquiring) < members { usleep(1000) }
        sockets = Self.sockets(servedAt: port, upTo: Int32(clamping: limit.rlim_cur))
        guard sockets.count == members else { throw Readers.Failure(what: "\(sockets.count) sockets") }
        total = readers.settle()
    }

    /// A whole binary message, as a server sends it (RFC 6455, 5.2).
    private static func frame(of payload: [UInt8]) -> [UInt8] {
        let count = payload.count
        let head: [UInt8] =
            switch count {
            case ...125: [0x82, UInt8(count)]
            case ...0xFFFF: [0x82, 126, UInt8(count >> 8), UInt8(count & 0xFF)]
            default: [0x82, 127] + (0..<8).map { UInt8(count >> (56 - 8 * $0) & 0xFF) }
            }
        return head + payload
    }

    /// The connected sockets of this process whose own port is the server's: the library shows nobody its
    /// descriptors.
    private static func sockets(servedAt port: UInt16, upTo limit: Int32) -> [Int32] {
        (0..<limit).filter { descriptor in
            unsafe (Self.port(descriptor, getsockname) == port && Self.port(descriptor, getpeername) != nil)
        }
    }

    private static func port(
        _ descriptor: Int32,
        _ ask: (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) -> Int32
    ) -> UInt16? {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe ask(descriptor, $0, &size) }
        }
        return status == 0 && Int32(address.sin_family) == AF_INET ? UInt16(bigEndian: address.sin_port) : nil
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
                for descriptor in sockets {
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
