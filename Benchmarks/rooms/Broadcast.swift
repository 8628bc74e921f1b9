import Glibc
import Synchronization
import ZCNet
import ZCNetWebSocket

/// One loop that serves the members of one room, and the same sockets served by hand.
final class Broadcast {
    struct Member: WebSocketHandler {
        let rooms: Rooms<Int>
        let sockets: Sockets

        mutating func onOpen(_ peer: borrowing WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            rooms.join(1, peer)
            sockets.add(peer.conversation.base.slot[].descriptor.rawValue)
        }

        mutating func onMessage(_ message: borrowing Message, from peer: borrowing WebSocketPeer) {}
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

    /// Times every way in turn, round by round, and prints the medians.
    func run(rounds: Int) throws {
        var figures: [[Double]] = [[], [], []]
        for round in 0...rounds {
            let bare = alone(sendBare)
            let published = alone { self.rooms.publish(self.prepared, to: 1) }
            let burst = inOneBurst()
            // The first round warms up.
            if round == 0 { continue }
            for (index, value) in [bare, published, burst].enumerated() { figures[index].append(value) }
        }
        let counts = rooms.counts(1)
        guard counts.refused == 0, counts.closed == 0, counts.members == members else {
            throw Readers.Failure(what: "counts \(counts)")
        }
        let medians = figures.map(median)
        let ratios = zip(figures[1], figures[0]).map { $0 / $1 }
        let bursts = zip(figures[2], figures[0]).map { $0 / $1 }
        print("\(members) members, \(frame.count) bytes per frame, \(rounds) rounds of \(messages) messages")
        print("CPU of the loop's thread per message delivered, in nanoseconds, medians:")
        print("bare send:            \(Int(medians[0]))")
        print("published one by one: \(Int(medians[1])), ratio \(rounded(median(ratios)))")
        print("published in a burst: \(Int(medians[2])), ratio \(rounded(median(bursts)))")
    }

    private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

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
