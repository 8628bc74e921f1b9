internal import CZCNet
import ZCLibC

/// Where a socket is bound or connected: an IP address with a port, or the path of a Unix domain socket.
///
/// ```swift
/// let address = try SocketAddress(parsing: "[::1]:9000")      // also "127.0.0.1:9000", "unix:/run/app.sock"
/// ```
public enum SocketAddress: Hashable, Sendable {
    /// TCP over IPv4 or IPv6; port 0 asks the kernel for a free one.
    case ip(IPAddress, port: UInt16)
    /// A Unix domain socket; an empty path is a peer that has no name.
    case unix(path: String)

    /// Parses `IPV4:PORT`, `[IPV6]:PORT`, `localhost:PORT`, `*:PORT` (every interface) or `unix:PATH`.
    ///
    /// Names other than `localhost` need a resolver; see `Endpoint`.
    public init(parsing text: String) throws(AddressError) {
        switch try Endpoint(parsing: text) {
        case .address(let address): self = address
        case .host("localhost", let port): self = .ip(.loopbackV4, port: port)
        case .host(let name, _):
            throw AddressError(text: text, expected: "a numeric address", got: "the name \"\(name)\"")
        }
    }

    /// The port, or nil for a Unix domain socket.
    public var port: UInt16? {
        if case .ip(_, let port) = self { port } else { nil }
    }

    /// The IP address, or nil for a Unix domain socket.
    public var ipAddress: IPAddress? {
        if case .ip(let address, _) = self { address } else { nil }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// The text that `init(parsing:)` takes.
    public var description: String {
        switch self {
        case .ip(let address, let port): address.isV4 ? "\(address):\(port)" : "[\(address)]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

/// Text that is no address: what it was, and what was expected in its place.
public struct AddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text as it was given.
    public let text: String
    /// What would have been right.
    public let expected: String
    /// What stands in its place.
    public let got: String

    /// The text, what was expected and what stands in its place.
    public var description: String { "address \"\(text)\": expected \(expected), got \(got)" }
}

/// What a client may connect to: an address, or a name that has to be resolved first.
public enum Endpoint: Hashable, Sendable {
    /// An address that needs no resolver.
    case address(SocketAddress)
    /// A host name and a port.
    case host(String, port: UInt16)

    /// Parses what `SocketAddress` parses, and `NAME:PORT`.
    public init(parsing text: String) throws(AddressError) {
        if text.hasPrefix("unix:") {
            self = .address(.unix(path: try Endpoint.checkedPath(text)))
            return
        }
        guard let colon = text.lastIndex(of: ":") else {
            throw AddressError(text: text, expected: "HOST:PORT, [IPV6]:PORT or unix:PATH", got: "no colon")
        }
        let host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        guard let port = IPAddress.decimal(digits, max: 65535) else {
            throw AddressError(
                text: text, expected: "a port of 0 to 65535 after the last colon", got: "\"\(digits)\"")
        }
        self = try Endpoint.resolveLiteral(host, port: UInt16(port), text: text)
    }

    private static func checkedPath(_ text: String) throws(AddressError) -> String {
        let path = String(text.dropFirst(5))
        let count = path.utf8.count
        guard (1...SocketAddress.unixPathBytesMax).contains(count) else {
            throw AddressError(
                text: text, expected: "a path of 1 to \(SocketAddress.unixPathBytesMax) bytes",
                got: "\(count)")
        }
        guard !path.utf8.contains(0) else {
            throw AddressError(text: text, expected: "a path without zero bytes", got: "one")
        }
        return path
    }

    private static func resolveLiteral(
        _ host: Substring, port: UInt16, text: String
    ) throws(AddressError) -> Endpoint {
        if host == "*" { return .address(.ip(.anyV6, port: port)) }
        if host.first == "[" || host.last == "]" {
            guard host.first == "[", host.last == "]", host.count >= 4,
                let address = IPAddress(String(host.dropFirst().dropLast())), host.contains(":")
            else {
                throw AddressError(
                    text: text, expected: "an IPv6 address between brackets", got: "\"\(host)\"")
            }
            return .address(.ip(address, port: port))
        }
        if host.contains(":") {
            throw AddressError(text: text, expected: "brackets around an IPv6 address", got: "none")
        }
        if let address = IPAddress(String(host)) { return .address(.ip(address, port: port)) }
        let isName = host.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x2D
                || byte == 0x2E || byte == 0x5F
        }
        let looksNumeric = host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
        guard !host.isEmpty, host.utf8.count <= 253, isName, !looksNumeric else {
            throw AddressError(
                text: text, expected: "a numeric address or a host name", got: "\"\(host)\"")
        }
        return .host(String(host), port: port)
    }
}

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

/// Turns host names into addresses, away from the loops: the C library's resolver blocks.
///
/// Each lookup takes a thread for its length, begun because a caller asked to connect to a name; numeric
/// addresses and `localhost` need none.
enum Resolver {
    /// A name that could not be resolved.
    struct Failure: Error {
        let reason: String
    }

    /// What an endpoint stands for without asking anybody: itself, or for `localhost` both loopback
    /// addresses.
    static func immediate(_ endpoint: Endpoint) -> [SocketAddress]? {
        switch endpoint {
        case .address(let address): [address]
        case .host("localhost", let port): [.ip(.loopbackV4, port: port), .ip(.loopbackV6, port: port)]
        case .host: nil
        }
    }

    /// Looks a name up on a thread of its own; `completion` runs there.
    static func resolve(
        _ name: String, port: UInt16,
        _ completion: @escaping @Sendable (Result<[SocketAddress], Failure>) -> Void
    ) {
        do throws(SystemError) {
            try PosixThread(name: "zcnet-resolve") { completion(lookUp(name, port: port)) }.detach()
        } catch {
            completion(.failure(Failure(reason: error.description)))
        }
    }

    private static func lookUp(_ name: String, port: UInt16) -> Result<[SocketAddress], Failure> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(name, nil, &hints, &list)
        defer { if let list = unsafe list { unsafe freeaddrinfo(list) } }
        guard status == 0 else {
            return .failure(Failure(reason: unsafe String(cString: gai_strerror(status))))
        }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe address(of: entry.pointee, port: port), !addresses.contains(address) {
                addresses.append(address)
            }
            unsafe next = entry.pointee.ai_next
        }
        return addresses.isEmpty ? .failure(Failure(reason: "the name has no address")) : .success(addresses)
    }

    private static func address(of entry: addrinfo, port: UInt16) -> SocketAddress? {
        guard let kernel = unsafe entry.ai_addr else { return nil }
        var storage = sockaddr_storage()
        let length = unsafe min(Int(entry.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
        // SAFETY: the resolver vouches for `ai_addrlen` bytes; no more than the storage holds are copied.
        unsafe withUnsafeMutableBytes(of: &storage) { target in
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(start: kernel, count: length))
        }
        return IPEndpoint(kernel: &storage).map { .ip($0.address, port: port) }
    }
}
