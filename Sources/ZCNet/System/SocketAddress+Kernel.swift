internal import CZCNet
import ZCLibC

extension SocketAddress {
    /// The longest path that fits the kernel's structure with its terminator.
    static let unixPathBytesMax = 107

    /// The kernel's address family.
    var family: Int32 {
        switch self {
        case .ip(let address, _): address.isV4 ? AF_INET : AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// Lends the address in the kernel's form.
    func withKernelAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        let length = fill(&storage)
        // SAFETY: `storage` is large and aligned enough for every family and outlives the call.
        return unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    private func fill(_ storage: inout sockaddr_storage) -> socklen_t {
        // SAFETY: each structure is smaller than `sockaddr_storage`, whose bytes start as zeros.
        unsafe withUnsafeMutableBytes(of: &storage) { bytes in
            switch self {
            case .ip(let address, let port) where address.isV4:
                var kernel = sockaddr_in()
                kernel.sin_family = sa_family_t(AF_INET)
                kernel.sin_port = port.bigEndian
                kernel.sin_addr.s_addr = address.v4Bits.bigEndian
                unsafe bytes.storeBytes(of: kernel, as: sockaddr_in.self)
                return socklen_t(MemoryLayout<sockaddr_in>.size)
            case .ip(let address, let port):
                var kernel = sockaddr_in6()
                kernel.sin6_family = sa_family_t(AF_INET6)
                kernel.sin6_port = port.bigEndian
                unsafe withUnsafeMutableBytes(of: &kernel.sin6_addr) { target in
                    unsafe target.storeBytes(of: address.high.bigEndian, as: UInt64.self)
                    unsafe target.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
                }
                unsafe bytes.storeBytes(of: kernel, as: sockaddr_in6.self)
                return socklen_t(MemoryLayout<sockaddr_in6>.size)
            case .unix(let path):
                unsafe bytes.storeBytes(of: sa_family_t(AF_UNIX), as: sa_family_t.self)
                let kept = path.utf8.prefix(SocketAddress.unixPathBytesMax)
                for (index, byte) in kept.enumerated() { unsafe bytes[2 + index] = byte }
                return socklen_t(2 + kept.count + 1)
            }
        }
    }

    /// Reads an address that the kernel filled in.
    init?(kernel storage: inout sockaddr_storage, length: socklen_t) {
        guard length >= 2 else {
            self = .unix(path: "")
            return
        }
        switch Int32(storage.ss_family) {
        case AF_INET, AF_INET6:
            guard let endpoint = IPEndpoint(kernel: &storage) else { return nil }
            self = .ip(endpoint.address, port: endpoint.port)
        case AF_UNIX:
            // SAFETY: `length` bytes were filled by the kernel, at most the size of `sockaddr_un`.
            let path = unsafe withUnsafeBytes(of: &storage) { bytes in
                let end = min(Int(length), bytes.count)
                return unsafe String(decoding: bytes[2..<end].prefix { $0 != 0 }, as: UTF8.self)
            }
            self = .unix(path: path)
        default: return nil
        }
    }
}

/// A peer's address in the form that a connection's slot holds: plain memory; port and address 0 for Unix
/// sockets.
@frozen
@usableFromInline
package struct IPEndpoint: Hashable, Sendable {
    @usableFromInline var address: IPAddress
    @usableFromInline var port: UInt16
    /// False for a Unix domain socket's peer.
    @usableFromInline var isIP: Bool

    static let none = IPEndpoint(address: .anyV6, port: 0, isIP: false)

    init(address: IPAddress, port: UInt16, isIP: Bool = true) {
        self.address = address
        self.port = port
        self.isIP = isIP
    }

    package init(_ address: SocketAddress) {
        switch address {
        case .ip(let ip, let port): self.init(address: ip, port: port)
        case .unix: self = .none
        }
    }

    /// Reads what `accept` filled in; nil for another family.
    init?(kernel storage: inout sockaddr_storage) {
        let family = Int32(storage.ss_family)
        // SAFETY: the family says which structure the kernel wrote; both are smaller than the storage.
        let endpoint: IPEndpoint? = unsafe withUnsafeBytes(of: &storage) { bytes in
            if family == AF_INET {
                let kernel = unsafe bytes.load(as: sockaddr_in.self)
                let address = IPAddress(v4: UInt32(bigEndian: kernel.sin_addr.s_addr))
                return IPEndpoint(address: address, port: UInt16(bigEndian: kernel.sin_port))
            }
            guard family == AF_INET6 else { return nil }
            let port = unsafe UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
            let high = unsafe UInt64(bigEndian: bytes.load(fromByteOffset: 8, as: UInt64.self))
            let low = unsafe UInt64(bigEndian: bytes.load(fromByteOffset: 16, as: UInt64.self))
            return IPEndpoint(address: IPAddress(high: high, low: low), port: port)
        }
        guard let endpoint else { return nil }
        self = endpoint
    }

    package var socketAddress: SocketAddress { isIP ? .ip(address, port: port) : .unix(path: "") }
}
