import ZCLibC

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
