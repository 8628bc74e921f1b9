import Glibc
import ZCNATS
import ZCNet

/// Clients of NATS as a scenario sees them: a server whose connections lead, by way of a relay, to a client
/// each. The other side plays the server of NATS.
struct CountedNATS: CountedServer {
    let group: EventLoopGroup
    private let clients: [NATSClient]
    private let relay: Relay

    /// Clients that answer each message of `a` by one of `b`.
    init(_ configuration: TCPServer.Configuration) throws {
        let relay = try Relay(pairs: Scenario.connections)
        let group = try EventLoopGroup(configuration.group)
        self.relay = relay
        self.group = group
        let answer: NATSSubject = "b"
        clients = try (0..<Scenario.connections).map { _ in
            var options = NATSOptions()
            options.servers = ["nats://127.0.0.1:\(relay.innerPort)"]
            options.connectTimeout = .seconds(600)
            var tcp = TCPClient.Configuration()
            tcp.socket = configuration.socket
            let client = try NATSClient(options, tcp: tcp, group: group)
            client.subscribe("a") { message, connection in
                connection.publish(answer, message.payload.bytes)
            }
            return client
        }
    }

    var address: SocketAddress { .ip(.loopbackV4, port: relay.outerPort) }

    func start() throws(SystemError) {
        try group.start()
        relay.start()
        for client in clients { client.connect { _ in } }
    }

    func shutdown(grace: Duration) { group.shutdown(grace: grace) }
    func wait() { group.wait() }
    func snapshot() -> MetricsSnapshot { group.snapshot() }
}

/// Passes bytes on between the connections of two listening sockets, pair by pair, on a thread of its own
/// that ends with the last pair.
final class Relay: @unchecked Sendable {
    private let listeners: [Int32]
    private let pairs: Int
    let outerPort: UInt16
    let innerPort: UInt16

    init(pairs: Int) throws {
        self.pairs = pairs
        let (outer, inner) = (try Self.listen(), try Self.listen())
        listeners = [outer.descriptor, inner.descriptor]
        outerPort = outer.port
        innerPort = inner.port
    }

    private static func listen() throws(Failure) -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: the kernel reads and writes one address of the size given.
        let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, length) == 0 && Glibc.listen(descriptor, 64) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard isListening else { throw Failure("listen: errno \(errno)") }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    func start() {
        var thread = pthread_t()
        // SAFETY: the thread takes the one reference that is made for it.
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Relay>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        unsafe pthread_detach(thread)
    }

    private func run() {
        var polls = listeners.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var waiting: [[Int32]] = [[], []]
        var partners: [Int32: Int32] = [:]
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var left = 2 * pairs
        while left > 0 {
            guard unsafe poll(&polls, nfds_t(polls.count), -1) > 0 else { break }
            for index in polls.indices where polls[index].revents != 0 {
                if index < 2 {
                    waiting[index].append(accept(polls[index].fd))
                } else if !pass(polls[index].fd, partners, &buffer) {
                    polls[index].fd = -1
                    left -= 1
                }
            }
            while let outer = waiting[0].first, let inner = waiting[1].first {
                waiting[0].removeFirst()
                waiting[1].removeFirst()
                (partners[outer], partners[inner]) = (inner, outer)
                polls += [outer, inner].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            }
        }
        for descriptor in listeners + Array(partners.keys) { close(descriptor) }
    }

    private func accept(_ listener: Int32) -> Int32 {
        let descriptor = unsafe Glibc.accept(listener, nil, nil)
        var one: Int32 = 1
        _ = unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        return descriptor
    }

    /// Passes on what has come; false when that is the end.
    private func pass(_ descriptor: Int32, _ partners: [Int32: Int32], _ buffer: inout [UInt8]) -> Bool {
        guard let partner = partners[descriptor] else { return false }
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        var done = 0
        while done < count {
            let sent = unsafe buffer.withUnsafeBytes { memory in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: memory[done..<count])
                return unsafe send(partner, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            if sent <= 0 { break }
            done += sent
        }
        if count <= 0 { _ = Glibc.shutdown(partner, Int32(SHUT_WR)) }
        return count > 0
    }
}

extension Scenario {
    /// A message of NATS that comes, and one that answers it.
    static func nats(messages: Int) -> [Scenario] {
        [16, 128, 4096].flatMap { bytes in
            [1, 16].map { pipelined in
                let payload = [UInt8](repeating: UInt8(ascii: "x"), count: bytes)
                let end: [UInt8] = [13, 10]
                let came = Array("MSG a 1 \(bytes)\r\n".utf8) + payload + end
                let left = Array("PUB b \(bytes)\r\n".utf8) + payload + end
                var script = Script(
                    outgoing: Array(repeatElement(came, count: pipelined).joined()),
                    incoming: Array(repeatElement(left, count: pipelined).joined()))
                // The answer to the client's PING lies behind the greeting already.
                script.opening = (Array("INFO {}\r\nPONG\r\n".utf8), Array("SUB a 1\r\n".utf8))
                return Scenario(
                    name: "nats, \(bytes) B x \(pipelined)", script: script, pipelined: pipelined,
                    messages: messages, makeServer: { try CountedNATS($0) })
            }
        }
    }
}
