import BenchmarkSupport
import Glibc
import Synchronization
import ZCNet
import ZCProto

/// What a pipelined message of 32 bytes costs over TCP where it crosses to a consumer's thread, beside one
/// that is handled on the loop: processor time of the whole server, without answers.
func goimRingBenchmarks(_ options: ReportOptions) -> [Comparison] {
    do {
        return try [5, 1024].map { slots in
            let loop = try GoimPath(.loop)
            let ring = try GoimPath(.consumer(slots: slots))
            defer {
                loop.end()
                ring.end()
            }
            let messages = options.isQuick ? 50_000 : 1_000_000
            let measured = Measurement.interleaved(
                rounds: options.repetitions(5),
                ["ring": { ring.nanoseconds(messages) }, "loop": { loop.nanoseconds(messages) }])
            return Comparison("a ring of \(slots) slots", measured, ours: "ring", beside: "loop")
        }
    } catch {
        preconditionFailure("\(error)")
    }
}

/// A server, and one connection to it that sends as fast as messages are taken.
private final class GoimPath: Sendable {
    private final class Count: Sendable {
        let messages = Atomic(0)
    }

    private struct Handler: GoimHandler {
        let count: Count
        let dispatcher: GoimDispatcher

        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
            count.messages.add(1, ordering: .relaxed)
        }

        mutating func onConsumer(_ consumer: consuming GoimConsumer, of peer: inout GoimPeer) {
            dispatcher.add(consumer)
        }
    }

    private static let burst = 1000
    private let server: GoimServer
    private let dispatcher: GoimDispatcher
    private let count: Count
    private let descriptor: Int32
    private let bytes: SharedBytes

    init(_ mode: GoimOptions.Mode) throws {
        let count = Count()
        let dispatcher = try GoimDispatcher(threads: 1) { _, _ in
            count.messages.add(1, ordering: .relaxed)
        }
        var configuration = GoimServer.Configuration()
        configuration.tcp.group.loops = 1
        configuration.goim.mode = mode
        configuration.goim.acknowledgesMessages = false
        server = try GoimServer(tcp: "127.0.0.1:0", configuration: configuration) {
            Handler(count: count, dispatcher: dispatcher)
        }
        try server.start()
        (self.count, self.dispatcher) = (count, dispatcher)
        var buffer = WriteBuffer()
        let body = SharedBytes(copying: Array(repeating: UInt8(7), count: 16))
        for number in 0..<Self.burst {
            try buffer.append(GoimHeader(.sendMessage, sequence: Int32(number)), body: body.bytes)
        }
        bytes = buffer.freeze()
        descriptor = try Self.connect(server.tcpAddress?.port ?? 0)
        let token = SharedBytes(copying: Array(GoimToken(mid: 1, platform: "bench").json.utf8))
        var hello = WriteBuffer()
        try hello.append(GoimHeader(.authenticate, sequence: 1), body: token.bytes)
        send(hello.freeze())
        var answer: UInt8 = 0
        precondition(unsafe recv(descriptor, &answer, 1, 0) == 1, "let in")
    }

    private static func connect(_ port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = port.bigEndian
        target.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &target) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        precondition(status == 0, "connected")
        return descriptor
    }

    private func send(_ bytes: SharedBytes) {
        unsafe bytes.bytes.withUnsafeBytes { memory in
            var sent = 0
            while sent < memory.count {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: memory[sent...])
                let count = unsafe Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                precondition(count > 0, "the server takes everything")
                sent += count
            }
        }
    }

    /// Processor time of the server's threads for each of so many messages. This thread's is left out; no
    /// other does anything meanwhile.
    func nanoseconds(_ messages: Int) -> Double {
        let goal = count.messages.load(ordering: .relaxed) + messages
        let (all, own) = (Self.processNanoseconds(), processorNanoseconds())
        for _ in 0..<(messages / Self.burst) { send(bytes) }
        waitForMessages(goal)
        let sender = processorNanoseconds() - own
        return Double(Self.processNanoseconds() - all - sender) / Double(messages)
    }

    /// Waits until so many have come in all; ten seconds in which none comes are the end.
    private func waitForMessages(_ goal: Int) {
        var (last, turns) = (0, 0)
        while true {
            let came = count.messages.load(ordering: .relaxed)
            if came >= goal { return }
            turns = came == last ? turns + 1 : 0
            precondition(turns < 100_000, "\(goal - came) messages never came")
            last = came
            usleep(100)
        }
    }

    private static func processNanoseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    func end() {
        close(descriptor)
        server.shutdown(grace: .zero)
        server.wait()
        dispatcher.finish()
    }
}
