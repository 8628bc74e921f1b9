import Glibc
import Synchronization

@testable import ZCNet

/// A plain blocking client: what a server's peer is when it does not use this library.
///
/// SAFETY: `Sendable` is unchecked because a test closes it only after its last use by any thread.
final class RawClient: @unchecked Sendable {
    let descriptor: Int32
    private var isOpen = true

    /// How long any single step may take, in seconds: far more than a slow machine needs.
    static let patience = 300

    /// Connects; `receiveBufferBytes` makes a peer that soon has enough.
    init(to address: SocketAddress, from local: SocketAddress? = nil, receiveBufferBytes: Int32? = nil) throws
    {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = try systemCall("socket") { socket(address.family, kind, 0) }
        let raw = descriptor
        if let receiveBufferBytes { setOption(SO_RCVBUF, receiveBufferBytes) }
        if let local {
            _ = try systemCall("bind") { unsafe local.withKernelAddress { unsafe bind(raw, $0, $1) } }
        }
        _ = try systemCall("connect", on: address.description) {
            unsafe address.withKernelAddress { unsafe connect(raw, $0, $1) }
        }
        // Only now: a call with a limit that is interrupted says so, and does not go on by itself.
        let limit = timeval(tv_sec: Self.patience, tv_usec: 0)
        setOption(SO_RCVTIMEO, limit)
        setOption(SO_SNDTIMEO, limit)
    }

    deinit { close() }

    private func setOption<Value: BitwiseCopyable>(_ name: Int32, _ value: Value) {
        var value = value
        let size = socklen_t(MemoryLayout<Value>.size)
        _ = unsafe withUnsafePointer(to: &value) {
            unsafe setsockopt(descriptor, SOL_SOCKET, name, UnsafeRawPointer($0), size)
        }
    }

    /// This side's address.
    var address: SocketAddress? { KernelSocket.localAddress(of: Descriptor(rawValue: descriptor)) }

    /// Sends all of it.
    func send(_ bytes: [UInt8]) throws {
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

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Sends all of it on a thread of its own, and then ends if wanted; for more than both buffers hold.
    func sendInBackground(_ bytes: [UInt8], thenFinish: Bool = false) {
        DetachedThread.run { [self] in
            // A failure shows at the other end: it does not get what it waits for.
            try? send(bytes)
            if thenFinish { finishSending() }
        }
    }

    /// What has come, at most `max` bytes; empty at the end.
    func receiveSome(max: Int) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: max)
        let count = try systemCall("recv") { unsafe recv(descriptor, &buffer, max, 0) }
        return Array(buffer.prefix(count))
    }

    /// Exactly so many bytes; fewer if the end comes before.
    func receive(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let piece = try receiveSome(max: min(count - bytes.count, 256 << 10))
            if piece.isEmpty { break }
            bytes += piece
        }
        return bytes
    }

    func receiveText(_ count: Int) throws -> String { String(decoding: try receive(count), as: UTF8.self) }

    /// Everything until the peer ends.
    func receiveToEnd() throws -> [UInt8] { try receive(Int(Int32.max)) }

    /// What ends the reception: nil for an end in good order.
    func endError() -> Errno? {
        do throws(SystemError) {
            while try systemCall("recv", { drop() }) > 0 {}
            return nil
        } catch {
            return error.errno
        }
    }

    private func drop() -> Int {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        return unsafe recv(descriptor, &buffer, buffer.count, 0)
    }

    /// Whether something, or the end, is there within so many milliseconds.
    func hasInput(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, milliseconds) > 0
    }

    /// Ends this direction.
    func finishSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// Breaks the connection: a reset instead of an end.
    func reset() {
        setOption(SO_LINGER, linger(l_onoff: 1, l_linger: 0))
        close()
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        _ = Glibc.close(descriptor)
    }
}

/// Runs what blocks on a thread of its own: the cooperative pool is as small as the machine.
///
/// The task goes on there, so what fails is told of the right test.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    let executor = ThreadExecutor()
    return try await withTaskExecutorPreference(executor) {
        precondition(executor.isCurrent, "blocks a thread that others need")
        return try body()
    }
}

/// Runs each piece of a task on a new thread.
private final class ThreadExecutor: TaskExecutor {
    private let thread = Atomic<UInt>(0)

    var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        DetachedThread.run { [self] in
            thread.store(UInt(pthread_self()), ordering: .relaxed)
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}

/// Many bytes at once: a block of a length that no buffer has, over and over.
func bulk(_ count: Int, salt: Int) -> [UInt8] {
    let block = pattern(min(count, 4093), salt: salt)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + block.count)
    while bytes.count < count { bytes += block }
    return Array(bytes.prefix(count))
}
