import Glibc
import ZCNet

/// What the other side says and hears on each connection.
struct Script: Sendable {
    /// Sent once, before all else; what comes back is read up to the mark.
    var opening: (request: [UInt8], endMark: [UInt8])?
    /// Sent in each round, all at once.
    var outgoing: [UInt8]
    /// What has to come in each round.
    var incoming: [UInt8]
    /// Whether a round begins with what comes, as with a server that asks.
    var listensFirst = false
    /// Whether all of it goes over TLS.
    var isSecure = false

    /// Bytes that come back as they are.
    static func echo(bytesAtOnce: Int) -> Script {
        let bytes = (0..<bytesAtOnce).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        return Script(outgoing: bytes, incoming: bytes)
    }
}

/// The other side: blocking sockets on the calling thread, so that nothing but the loop is under test.
struct Peers: ~Copyable {
    private let sockets: [Link]
    private let script: Script
    private var received: [UInt8]

    /// What a kernel buffer is asked to hold: all that is under way, so that there is no pressure.
    static let bufferBytes = 4 << 20

    init(count: Int, to address: SocketAddress, _ script: Script) throws(Failure) {
        guard case .ip(_, let port) = address else { throw Failure("expected an IP address, got \(address)") }
        var sockets: [Link] = []
        for _ in 0..<count {
            let socket = try Link(Self.connect(port), isSecure: script.isSecure)
            if let opening = script.opening { try Self.open(socket, opening.request, opening.endMark) }
            sockets.append(socket)
        }
        self.sockets = sockets
        self.script = script
        received = Array(repeating: 0, count: script.incoming.count)
    }

    private static func connect(_ port: UInt16) throws(Failure) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if descriptor < 0 { throw Failure("socket: errno \(errno)") }
        var size = Int32(bufferBytes)
        let length = socklen_t(MemoryLayout<Int32>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, length)
        var one: Int32 = 1
        _ = unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, length)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        // SAFETY: the kernel reads one address of the size given.
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if status != 0 { throw Failure("connect: errno \(errno)") }
        return descriptor
    }

    /// Sends a request and reads its answer, byte by byte so that nothing behind it is taken.
    private static func open(_ socket: Link, _ request: [UInt8], _ mark: [UInt8]) throws(Failure) {
        try writeAll(socket, request)
        var answer: [UInt8] = []
        while Array(answer.suffix(mark.count)) != mark {
            var byte: UInt8 = 0
            guard unsafe socket.receive(&byte, 1) == 1 else {
                throw Failure("no answer: \(String(decoding: answer, as: UTF8.self))")
            }
            answer.append(byte)
        }
    }

    /// Plays the script's round on all connections, so many times: all send, then each is read, or the other
    /// way round.
    mutating func play(rounds: Int) throws(Failure) {
        for _ in 0..<rounds {
            if !script.listensFirst { for socket in sockets { try Self.writeAll(socket, script.outgoing) } }
            for socket in sockets {
                try readAll(socket)
                if received != script.incoming { throw Failure("other bytes came than expected") }
            }
            if script.listensFirst { for socket in sockets { try Self.writeAll(socket, script.outgoing) } }
        }
    }

    private static func writeAll(_ socket: Link, _ bytes: [UInt8]) throws(Failure) {
        var done = 0
        while done < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { memory in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: memory[done...])
                return unsafe socket.send(rest.baseAddress, rest.count)
            }
            if result <= 0 { throw Failure("send: errno \(errno)") }
            done += result
        }
    }

    private mutating func readAll(_ socket: Link) throws(Failure) {
        var done = 0
        while done < received.count {
            let result = unsafe received.withUnsafeMutableBytes { bytes in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
                return unsafe socket.receive(rest.baseAddress, rest.count)
            }
            if result <= 0 { throw Failure("recv: errno \(errno)") }
            done += result
        }
    }
}
