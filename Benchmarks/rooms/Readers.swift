import CRoomReaders
import Glibc

/// Many clients that asked for the upgrade and then only read and throw away, on a thread of their own.
final class Readers {
    struct Failure: Error {
        let what: String
        let number = errno
    }

    private static let request = """
        GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: c2ltdWxhdGVkIG5vbmNlIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n
        """

    init(count: Int, port: UInt16) throws {
        guard readers_prepare() >= 0 else { throw Failure(what: "epoll") }
        for _ in 0..<count { try connect(port) }
    }

    private func connect(_ port: UInt16) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(what: "socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(what: "connect") }
        let request = Array(Self.request.utf8)
        guard unsafe send(descriptor, request, request.count, 0) == request.count else {
            throw Failure(what: "send")
        }
        guard readers_add(descriptor) == 0 else { throw Failure(what: "epoll_ctl") }
    }

    /// Begins to read, on a thread of its own on the last processor.
    func start() {
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, nil,
            { _ in
                readers_run()
                return nil
            }, nil)
        precondition(status == 0, "no thread")
    }

    /// Waits until so many bytes have come in all.
    func wait(for total: Int) {
        while readers_taken() < total { usleep(100) }
    }

    /// Waits until nothing has come for a tenth of a second; answers how much has come in all.
    func settle() -> Int {
        var last = -1
        while true {
            let now = readers_taken()
            if now == last { return now }
            last = now
            usleep(100_000)
        }
    }
}
