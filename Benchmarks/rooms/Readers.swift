import CZCNet
import Glibc
import Synchronization
import ZCNet

/// Many clients that asked for the upgrade and then only read and throw away, on a thread of their own.
///
/// SAFETY: `Sendable` is unchecked because after `init` the thread alone uses the descriptors.
final class Readers: @unchecked Sendable {
    struct Failure: Error {
        let what: String
        let number = errno
    }

    private let epoll: Int32
    private var descriptors: [Int32] = []
    private let taken = Atomic<Int>(0)

    private static let request = """
        GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: c2ltdWxhdGVkIG5vbmNlIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n
        """

    init(count: Int, port: UInt16) throws {
        epoll = zc_epoll_create()
        guard epoll >= 0 else { throw Failure(what: "epoll") }
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
        guard zc_epoll_add(epoll, descriptor, UInt32(ZC_EPOLLIN), UInt64(descriptor)) == 0 else {
            throw Failure(what: "epoll_ctl")
        }
        descriptors.append(descriptor)
    }

    /// Begins to read, on a thread of its own on the last processor.
    func start() {
        // SAFETY: the thread takes the reference over that is retained here.
        let argument = unsafe Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Readers>.fromOpaque(argument).takeRetainedValue().read()
            }, argument)
        precondition(status == 0, "no thread")
    }

    private func read() -> Never {
        zc_thread_pin(zc_processor_at(zc_processor_count() - 1))
        var events = [zc_epoll_event](repeating: zc_epoll_event(), count: 512)
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe zc_epoll_wait(epoll, &events, Int32(events.count), -1)
            for index in 0..<max(0, Int(count)) {
                let got = unsafe recv(Int32(events[index].data), &buffer, buffer.count, 0)
                if got > 0 { taken.add(got, ordering: .releasing) }
            }
        }
    }

    /// Waits until so many bytes have come in all.
    func wait(for total: Int) {
        while taken.load(ordering: .acquiring) < total { usleep(100) }
    }

    /// Waits until nothing has come for a tenth of a second; answers how much has come in all.
    func settle() -> Int {
        var last = -1
        while true {
            let now = taken.load(ordering: .acquiring)
            if now == last { return now }
            last = now
            usleep(100_000)
        }
    }
}
