import Glibc
import ZCGoim

/// What kinds of clients there are.
enum Transport: String, CaseIterable, Sendable {
    case tcp
    case webSocket
}

/// A blocking goim client that uses nothing of this library's protocols: what phones are.
///
/// SAFETY: `Sendable` is unchecked because one thread at a time uses it.
final class RawPerson: @unchecked Sendable {
    struct Failure: Error { let text: String }

    let transport: Transport
    let format: GoimHeaderFormat
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var taken = 0
    /// Close code and text of a close frame that came.
    private(set) var closeFrame: (code: Int, text: String)?
    private(set) var pongs = 0

    init(
        _ transport: Transport, to address: SocketAddress, format: GoimHeaderFormat = .plain,
        path: String = "/sub", receiveBufferBytes: Int32? = nil
    ) throws {
        self.transport = transport
        self.format = format
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var receiveBufferBytes {
            unsafe setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBufferBytes, socklen_t(MemoryLayout<Int32>.size))
        }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = (address.port ?? 0).bigEndian
        target.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &target) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(text: "connect: errno \(errno)") }
        // Only now: a call with a limit that is interrupted says so, and does not go on by itself.
        var limit = timeval(tv_sec: 300, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        if transport == .webSocket { try upgrade(path) }
    }

    deinit { Glibc.close(descriptor) }

    private func upgrade(_ path: String) throws {
        try sendRaw(
            Array(
                """
                GET \(path) HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n
                """.utf8))
        let head = try readHead()
        guard head.hasPrefix("HTTP/1.1 101") else { throw Failure(text: head) }
    }

    private func readHead() throws -> String {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard let byte = try next() else { break }
            head.append(byte)
        }
        return String(decoding: head, as: UTF8.self)
    }

    // MARK: Bytes

    func sendRaw(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw Failure(text: "send: errno \(errno)") }
            sent += count
        }
    }

    /// The next byte; nil at the end.
    private func next() throws -> UInt8? {
        if taken == buffer.count {
            var memory = [UInt8](repeating: 0, count: 64 << 10)
            var count: Int
            repeat {
                count = unsafe recv(descriptor, &memory, memory.count, 0)
            } while count < 0 && errno == EINTR
            if count < 0 {
                if errno == ECONNRESET { return nil }
                throw Failure(text: "recv: errno \(errno)")
            }
            buffer = Array(memory[..<count])
            taken = 0
            if count == 0 {
                // As a client does; the server waits for it.
                shutdown(descriptor, Int32(SHUT_WR))
                return nil
            }
        }
        taken += 1
        return buffer[taken - 1]
    }

    private func take(_ count: Int) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            guard let byte = try next() else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    // MARK: Protos

    /// A frame as clients send it, masked with a key of zeros.
    static func frame(_ payload: [UInt8], opcode: UInt8 = 2) -> [UInt8] {
        let length = payload.count
        let head = length < 126 ? [UInt8(length) | 128] : [254, UInt8(length >> 8), UInt8(length & 255)]
        return [128 | opcode] + head + [0, 0, 0, 0] + payload
    }

    /// A proto as this client's transport has it.
    func encode(_ proto: NaiveProto) -> [UInt8] {
        transport == .tcp ? proto.bytes(format) : Self.frame(proto.bytes(format))
    }

    func send(_ protos: NaiveProto...) throws { try sendRaw(protos.flatMap(encode)) }

    /// The next proto, as it stands on the wire; nil at the end.
    func receive() throws -> NaiveProto? {
        guard let bytes = transport == .tcp ? try streamProto() : try framePayload() else { return nil }
        guard case .proto(let proto, bytes.count) = NaiveProto.read(bytes[...], format, bodyMax: 1 << 20)
        else { throw Failure(text: "no proto: \(bytes)") }
        return proto
    }

    private func streamProto() throws -> [UInt8]? {
        guard let length = try take(4) else { return nil }
        guard let rest = try take(Int(NaiveProto.number(length)) - 4) else {
            throw Failure(text: "cut within a proto")
        }
        return length + rest
    }

    /// The next binary message; other frames are looked at and passed over.
    private func framePayload() throws -> [UInt8]? {
        while true {
            guard let head = try take(2) else { return nil }
            let length =
                switch head[1] {
                case 126: Int(NaiveProto.number([0] + (try take(2) ?? [])))
                case 127: Int(NaiveProto.number(try take(8) ?? []))
                default: Int(head[1])
                }
            guard let payload = try take(length) else { throw Failure(text: "cut within a frame") }
            switch head[0] & 15 {
            case 2: return payload
            case 8:
                let code = Int(NaiveProto.number([0] + payload.prefix(2)))
                closeFrame = (code, String(decoding: payload.dropFirst(2), as: UTF8.self))
                try? sendRaw(Self.frame(Array(payload.prefix(2)), opcode: 8))
            case 10: pongs += 1
            default: break
            }
        }
    }

    /// The next frame's opcode; for what is no proto.
    func receiveOpcode() throws -> UInt8? {
        guard let head = try take(2) else { return nil }
        _ = try take(Int(head[1]))
        return head[0] & 15
    }

    /// What is next, when a proto must be.
    func expect() throws -> NaiveProto {
        guard let proto = try receive() else {
            throw Failure(text: "the end instead of a proto, close frame \(closeFrame.debugDescription)")
        }
        return proto
    }

    /// Whether nothing but the end comes.
    func isAtEnd() throws -> Bool { try receive() == nil }

    /// Answers everything up to the end.
    func receiveToEnd() throws -> [NaiveProto] {
        var protos: [NaiveProto] = []
        while let proto = try receive() { protos.append(proto) }
        return protos
    }

    /// Asks to be let in, and takes the answer.
    @discardableResult
    func authenticate(
        key: String = "", room: String = "", accepts: [Int32] = [], sequence: Int32 = 1
    ) throws -> NaiveProto {
        let token = GoimToken(
            mid: 1, key: key, room: room, platform: "test",
            accepts: accepts.map { GoimOperation(rawValue: $0) })
        try send(NaiveProto(7, sequence, token.json))
        return try expect()
    }

    /// Sends a heartbeat, and waits for its answer: everything before it has been dealt with then.
    @discardableResult
    func heartbeat(_ sequence: Int32 = 99) throws -> Int {
        try send(NaiveProto(2, sequence))
        let answer = try expect()
        guard answer.operation == 3, answer.sequence == sequence else {
            throw Failure(text: "expected a heartbeat's answer, got \(answer)")
        }
        return answer.online
    }
}
