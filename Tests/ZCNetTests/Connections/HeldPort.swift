import Glibc
import Testing

@testable import ZCNet

/// A port on which nobody listens in the families that are bound, and nobody else can.
///
/// A port that was only free a moment ago may be another test's by now.
final class HeldPort: Sendable {
    let number: UInt16
    private let sockets: [Int32]

    /// Holds 127.0.0.1, and ::1 as well where asked.
    init(both: Bool) throws {
        while true {
            let first = try Self.bound(to: .loopbackV4, port: 0).get()
            let address = KernelSocket.localAddress(of: Descriptor(rawValue: first))
            let port = try #require(address?.port)
            guard both else {
                (number, sockets) = (port, [first])
                return
            }
            if case .success(let second) = Self.bound(to: .loopbackV6, port: port) {
                (number, sockets) = (port, [first, second])
                return
            }
            close(first)
        }
    }

    deinit { for socket in sockets { close(socket) } }

    private static func bound(to ip: IPAddress, port: UInt16) -> Result<Int32, SystemError> {
        Result { () throws(SystemError) in
            let address = SocketAddress.ip(ip, port: port)
            let family = ip == .loopbackV4 ? AF_INET : AF_INET6
            let raw = try systemCall("socket") { socket(family, Int32(SOCK_STREAM.rawValue), 0) }
            do throws(SystemError) {
                _ = try systemCall("bind") {
                    unsafe address.withKernelAddress { unsafe bind(raw, $0, $1) }
                }
            } catch {
                close(raw)
                throw error
            }
            return raw
        }
    }
}
