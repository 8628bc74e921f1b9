import Glibc

@testable import ZCNet

/// The other end of a served socket, driven by the same thread: nothing that it does waits.
final class BenchPeer {
    let descriptor: Int32
    private(set) var received: [UInt8] = []
    private(set) var isEnded = false
    private(set) var failure: Errno?
    private var isOpen = true

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close() }

    /// Sends what the socket takes; how much that was.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe Glibc.send(
                    descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count <= 0 { break }
            sent += count
        }
        return sent
    }

    @discardableResult
    func send(_ text: String) -> Int { send(Array(text.utf8)) }

    /// Takes what is there, at most so much.
    func read(max: Int = .max) {
        var left = max
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while left > 0, !isEnded, failure == nil {
            let count = unsafe recv(
                descriptor, &buffer, min(left, buffer.count), Int32(MSG_DONTWAIT))
            if count < 0 {
                if Errno.current != .wouldBlock { failure = Errno.current }
                return
            }
            isEnded = count == 0
            received += buffer.prefix(count)
            left -= count
        }
    }

    /// Takes everything, and waits for the end or a failure: a child that some other test is just starting
    /// has copies of sockets, and keeps them open for a moment.
    func readToEnd() {
        repeat {
            read()
        } while !isEnded && failure == nil
            && DriverBench.hasInput(Descriptor(rawValue: descriptor), withinMilliseconds: 20_000)
    }

    func finishSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// Breaks the connection.
    func reset() {
        isOpen = false
        KernelSocket.close(Descriptor(rawValue: descriptor), reset: true)
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        _ = Glibc.close(descriptor)
    }
}
