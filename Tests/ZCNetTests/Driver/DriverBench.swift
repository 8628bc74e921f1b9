import Glibc
import Testing

@testable import ZCNet

/// An io_uring driver on the calling thread, the sockets that it serves, and their peers.
final class DriverBench {
    /// What the kernel says against io_uring, nil where it allows it.
    static let refusal: String? = {
        do {
            _ = try URingDriver()
            return nil
        } catch {
            return "\(error)"
        }
    }()

    /// One served connection, and its other end.
    struct Connection {
        let token: Token
        let descriptor: Descriptor
        let peer: BenchPeer
    }

    let driver: URingDriver
    let sink = BenchSink()
    /// Generations, as those of a table's connections; a test may begin elsewhere.
    var serial: UInt64 = 0

    init(
        requestsMax: UInt32 = URingQueue.requestsMax, completionsMax: UInt32 = URingQueue.completionsMax
    ) throws {
        driver = try URingDriver(requestsMax: requestsMax, completionsMax: completionsMax)
        driver.begin()
    }

    /// Runs a test on a thread of its own, with a driver that is ended properly.
    static func run(
        requestsMax: UInt32 = URingQueue.requestsMax, completionsMax: UInt32 = URingQueue.completionsMax,
        _ body: @escaping @Sendable (DriverBench) throws -> Void
    ) async throws {
        try await onThread {
            let bench = try DriverBench(requestsMax: requestsMax, completionsMax: completionsMax)
            defer { bench.finish() }
            try body(bench)
        }
    }

    /// Closes what is still open, and ends the driver's service.
    func finish() {
        for (token, descriptor) in sink.descriptors {
            driver.close(descriptor, token: token, reset: true)
        }
        sink.descriptors = [:]
        // They may refer to this.
        sink.beforeBytes = nil
        sink.roomCame = nil
        driver.end()
    }

    /// A token that was never used, for a place of the test's choice or the next free one.
    func makeToken(place: Int? = nil) -> Token {
        serial += 1
        return Token(rawValue: serial << 38 | UInt64(place ?? Int(serial & 0xFFFF)))
    }

    /// A pair of sockets, one end of it attached.
    func attach(
        place: Int? = nil, sendBufferBytes: Int32? = nil, inTurns: Bool = false
    ) throws -> Connection {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        _ = try systemCall("socketpair") { unsafe socketpair(AF_UNIX, kind, 0, &ends) }
        if var bytes = sendBufferBytes {
            _ = unsafe setsockopt(
                ends[0], SOL_SOCKET, SO_SNDBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
        }
        let token = makeToken(place: place)
        return try attach(Descriptor(rawValue: ends[0]), token, BenchPeer(ends[1]), inTurns: inTurns)
    }

    func attach(
        _ descriptor: Descriptor, _ token: Token, _ peer: BenchPeer, inTurns: Bool = false
    ) throws -> Connection {
        sink.descriptors[token] = descriptor
        if inTurns {
            try driver.attachInTurns(descriptor, token: token)
        } else {
            try driver.attach(descriptor, token: token)
        }
        return Connection(token: token, descriptor: descriptor, peer: peer)
    }

    /// A connection over TCP, one end of it attached.
    func attachTCP() throws -> Connection {
        let (listener, address) = try driver.listen(
            on: .ip(.loopbackV4, port: 0), options: ListenerOptions())
        defer { KernelSocket.closeNow(listener) }
        let (peer, _) = try KernelSocket.connect(to: address, options: SocketOptions())
        try #require(Self.hasInput(listener, withinMilliseconds: 20_000))
        let (descriptor, _) = try #require(try KernelSocket.accept(listener).get())
        return try attach(descriptor, makeToken(), BenchPeer(peer.rawValue))
    }

    func close(_ connection: Connection, reset: Bool = false) {
        sink.descriptors[connection.token] = nil
        driver.close(connection.descriptor, token: connection.token, reset: reset)
    }

    func pause(_ connection: Connection) {
        sink.paused.insert(connection.token)
        driver.pauseReceiving(connection.descriptor, token: connection.token)
    }

    func resume(_ connection: Connection) {
        sink.paused.remove(connection.token)
        driver.resumeReceiving(connection.descriptor, token: connection.token)
    }

    func send(_ connection: Connection, _ bytes: [UInt8]) -> SendOutcome {
        var bytes = bytes
        return unsafe bytes.withUnsafeMutableBytes { memory in
            var vector = unsafe iovec(iov_base: memory.baseAddress, iov_len: memory.count)
            return unsafe withUnsafeMutablePointer(to: &vector) { pointer in
                driver.send(
                    connection.descriptor, token: connection.token,
                    vectors: unsafe IOVectors(base: pointer, count: 1, byteCount: memory.count))
            }
        }
    }

    @discardableResult
    func poll(milliseconds: Int64 = 0) throws -> Int {
        try driver.poll(timeoutNanoseconds: milliseconds * 1_000_000, into: sink)
    }

    /// Takes turns until something has come about, for at most as long as a slow machine needs.
    func poll(
        until isDone: () throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let start = driver.clock.now()
        while try !isDone() {
            try #require(
                driver.clock.now() - start < .seconds(20), "reports so far: \(sink.reports)",
                sourceLocation: sourceLocation)
            try poll(milliseconds: 50)
        }
    }

    /// Takes turns until a turn of some length has nothing to report.
    func settle() throws { while try poll(milliseconds: 20) != 0 {} }

    /// Looks at a socket by a call of its own.
    static func hasInput(_ descriptor: Descriptor, withinMilliseconds wait: Int32 = 0) -> Bool {
        var entry = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        return unsafe Glibc.poll(&entry, 1, wait) > 0
    }

    var bufferCount: Int { driver.state[].buffers.count }

    func flags(_ connection: Connection) -> URingRecord.Flags {
        driver.find(connection.token)?[].flags ?? []
    }
}
