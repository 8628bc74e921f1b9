internal import Foundation
internal import ZCNet

/// Three servers of NATS that know each other, on free ports of this machine.
package final class LiveCluster {
    package let servers: [LiveServer]

    package init() throws {
        let ports = try Self.freePorts(6)
        let routes = ports.suffix(3).map { "nats://127.0.0.1:\($0)" }.joined(separator: ", ")
        servers = try (0..<3).map { index in
            try LiveServer(
                """
                server_name: server-\(index)
                cluster { name: test, listen: "127.0.0.1:\(ports[3 + index])", routes: [\(routes)] }

                """, jetStream: true, port: ports[index])
        }
    }

    /// Where clients may connect.
    package var urls: [String] { servers.map(\.url) }

    /// Ports that nobody had a moment ago: each server has to know where the others are before it starts.
    package static func freePorts(_ count: Int) throws -> [Int] {
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        return try (0..<count).map { _ in
            let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            sockets.append(socket)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            // SAFETY: the address is a sockaddr_in, used during the calls only.
            let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    unsafe bind(socket, address, length) == 0 && getsockname(socket, address, &length) == 0
                }
            }
            guard status else { throw LiveServer.Failure() }
            return Int(UInt16(bigEndian: address.sin_port))
        }
    }
}
