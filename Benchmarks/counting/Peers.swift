import Glibc
import ZCNet

/// The other side: blocking sockets on the calling thread, so that nothing but the loop is under test.
struct Peers: ~Copyable {
    private let sockets: [Int32]
    private var outgoing: [UInt8]
    private var incoming: [UInt8]

    /// What a kernel buffer is asked to hold: all that is under way, so that there is no pressure.
    static let bufferBytes = 4 << 20

    init(count: Int, to address: SocketAddress, bytesAtOnce: Int) throws(Failure) {
        guard case .ip(_, let port) = address else { throw Failure("expected an IP address, got \(address)") }
        var sockets: [Int32] = []
        for _ in 0..<count { sockets.append(try Self.connect(port)) }
        self.sockets = sockets
        outgoing = (0..<bytesAtOnce).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        incoming = Array(repeating: 0, count: bytesAtOnce)
    }

    deinit { for socket in sockets { _ = close(socket) } }

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

    /// Sends to each connection what is to be under way at once, then reads it back from each; so many times.
    mutating func echo(rounds: Int) throws(Failure) {
        for _ in 0..<rounds {
            for socket in sockets { try writeAll(socket) }
            for socket in sockets {
                try readAll(socket)
                if incoming != outgoing { throw Failure("the echo differs from what was sent") }
            }
        }
    }

    private func writeAll(_ socket: Int32) throws(Failure) {
        var done = 0
        while done < outgoing.count {
            let result = unsafe outgoing.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
                return unsafe send(socket, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            if result <= 0 { throw Failure("send: errno \(errno)") }
            done += result
        }
    }

    private mutating func readAll(_ socket: Int32) throws(Failure) {
        var done = 0
        while done < incoming.count {
            let result = unsafe incoming.withUnsafeMutableBytes { bytes in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
                return unsafe recv(socket, rest.baseAddress, rest.count, 0)
            }
            if result <= 0 { throw Failure("recv: errno \(errno)") }
            done += result
        }
    }
}
