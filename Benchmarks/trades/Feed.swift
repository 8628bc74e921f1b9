import Glibc
import ZCProto

/// A client on a blocking socket: frames of trades, given to the kernel so many at once.
struct Feed: ~Copyable {
    private let socket: Int32
    private let frames: [UInt8]

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// One trade in a masked frame: 6 bytes and 29.
    static let frameBytes = 35

    init(port: UInt16, framesAtOnce: Int) throws(Failure) {
        frames = (0..<framesAtOnce).flatMap { Self.frame(UInt64($0)) }
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var one: Int32 = 1
        _ = unsafe setsockopt(
            socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let descriptor = socket
        // SAFETY: the kernel reads one address of the size given.
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if status != 0 { throw Failure(description: "connect: errno \(errno)") }
        try upgrade()
    }

    deinit { _ = Glibc.close(socket) }

    private static func frame(_ number: UInt64) -> [UInt8] {
        let key: [UInt8] = [0x1B, 0xAD, 0xF0, 0x0D]
        var trade = Trade.Value()
        (trade.tradeId, trade.symbol, trade.price, trade.quantity) = (number, "A", 100.25, 7)
        let payload = Trade.encoded([trade])
        return [0x82, 0x80 | 29] + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    private func upgrade() throws(Failure) {
        let request = """
            GET / HTTP/1.1\r\nHost: trades\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n
            """
        try send(Array(request.utf8))
        var answer: [UInt8] = []
        while answer.suffix(4) != [13, 10, 13, 10] {
            var byte: UInt8 = 0
            guard unsafe recv(socket, &byte, 1, 0) == 1 else { throw Failure(description: "no answer") }
            answer.append(byte)
        }
    }

    private func send(_ bytes: [UInt8]) throws(Failure) {
        var done = 0
        while done < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { memory in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: memory[done...])
                return unsafe Glibc.send(socket, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            if result <= 0 { throw Failure(description: "send: errno \(errno)") }
            done += result
        }
    }

    /// Sends so often, with a pause in between, so that each sending is a reception of its own.
    func run(sendings: Int, pauseMicroseconds: UInt32) throws(Failure) {
        for _ in 0..<sendings {
            try send(frames)
            if pauseMicroseconds > 0 { usleep(pauseMicroseconds) }
        }
    }
}
