import Glibc

@testable import ZCNet
@testable import ZCNetWebSocket

/// A plain blocking client on a real socket: upgrades, sends masked text, reads short unfragmented messages.
final class RoomSocket {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let descriptor: Int32
    private var unread: [UInt8] = []

    /// Far more than a slow machine needs for a single step.
    private static let patience = timeval(tv_sec: 300, tv_usec: 0)

    init(to address: SocketAddress, extensions: String? = nil, receiveBufferBytes: Int32? = nil) throws {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(address.family, kind, 0)
        let raw = descriptor
        if var bytes = receiveBufferBytes {
            let size = socklen_t(MemoryLayout<Int32>.size)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, size)
        }
        let status = unsafe address.withKernelAddress { unsafe connect(raw, $0, $1) }
        guard raw >= 0, status == 0 else { throw Failure(description: "cannot connect: errno \(errno)") }
        // Only now: a call with a limit that is interrupted says so, and does not go on by itself.
        var limit = Self.patience
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(
                descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var request = "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        request += "Sec-WebSocket-Key: c2ltdWxhdGVkIG5vbmNlIQ==\r\nSec-WebSocket-Version: 13\r\n"
        if let extensions { request += "Sec-WebSocket-Extensions: \(extensions)\r\n" }
        try write(Array((request + "\r\n").utf8))
        try readResponse()
    }

    deinit { Glibc.close(descriptor) }

    private func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let rest = bytes[sent...]
            sent += try systemCall("send") {
                unsafe rest.withUnsafeBytes {
                    unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
            }
        }
    }

    private func fill() throws {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = try systemCall("recv") { unsafe recv(descriptor, &buffer, buffer.count, 0) }
        guard count > 0 else { throw Failure(description: "the server has ended the connection") }
        unread += buffer[..<count]
    }

    private func readResponse() throws {
        let end: [UInt8] = [13, 10, 13, 10]
        while true {
            if unread.count >= 4,
                let index = (0...(unread.count - 4)).first(where: { Array(unread[$0..<($0 + 4)]) == end })
            {
                unread.removeFirst(index + 4)
                return
            }
            try fill()
        }
    }

    /// Sends a text message of at most 125 bytes.
    func say(_ text: String) throws {
        let payload = Array(text.utf8)
        precondition(payload.count <= 125)
        try write([0x81, 0x80 | UInt8(payload.count), 0, 0, 0, 0] + payload)
    }

    /// Answers a ping without a payload.
    func sendPong() throws { try write([0x8A, 0x80, 0, 0, 0, 0]) }

    /// Takes the next frame and answers its first byte.
    func nextFirstByte() throws -> UInt8 {
        while unread.isEmpty { try fill() }
        let first = unread[0]
        _ = try next()
        return first
    }

    /// Everything until the server ends the connection, read at a steady pace; and whether it was reset.
    func readSteadily(bytesPerSecond: Double) -> (bytes: [UInt8], isReset: Bool) {
        var all: [UInt8] = unread
        let isReset = read(.max, bytesPerSecond: bytesPerSecond) { all += $0 }
        return (all, isReset)
    }

    /// Reads at least so many bytes at a steady pace, or until the connection ends; whether by a failure.
    func read(_ count: Int, bytesPerSecond: Double, _ take: (ArraySlice<UInt8>) -> Void) -> Bool {
        var buffer = [UInt8](repeating: 0, count: Int(bytesPerSecond) / 20)
        let start = MonotonicClock.system.now()
        var total = 0
        while total < count {
            // The pace of the reader is what is tested; nothing waits for it.
            while Double(total) > (MonotonicClock.system.now() - start) / .seconds(1) * bytesPerSecond {
                usleep(20_000)
            }
            let got = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if got <= 0 { return got < 0 }
            total += got
            take(buffer[..<got])
        }
        return false
    }

    /// The next message of at most 65,535 bytes.
    func next() throws -> String {
        while true {
            if unread.count >= 4 {
                let short = Int(unread[1] & 0x7F)
                let head = short == 126 ? 4 : 2
                let count = short == 126 ? Int(unread[2]) << 8 | Int(unread[3]) : short
                if unread.count >= head + count {
                    defer { unread.removeFirst(head + count) }
                    return String(decoding: unread[head..<(head + count)], as: UTF8.self)
                }
            } else if unread.count >= 2, unread[1] < 126, unread.count >= 2 + Int(unread[1]) {
                defer { unread.removeFirst(2 + Int(unread[1])) }
                return String(decoding: unread[2..<(2 + Int(unread[1]))], as: UTF8.self)
            }
            try fill()
        }
    }
}

/// Runs what blocks on a thread of its own: the threads of tasks are as few as the machine's.
///
/// The task goes on there, so what fails is told of the right test.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withTaskExecutorPreference(ThreadExecutor()) { try body() }
}

/// Runs each piece of a task on a new thread.
private final class ThreadExecutor: TaskExecutor {
    /// What a thread is started for.
    private final class Work {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let work = Work { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        // SAFETY: the thread takes the reference over that is retained here.
        let argument = unsafe Unmanaged.passRetained(work).toOpaque()
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            }, argument)
        precondition(status == 0, "no thread")
        pthread_detach(thread)
    }
}
