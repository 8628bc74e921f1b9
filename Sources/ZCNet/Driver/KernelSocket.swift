internal import CZCNet
import ZCLibC

/// The socket calls that every driver on a real kernel shares. Stateless; each result of the kernel is looked
/// at.
enum KernelSocket {
    /// Binds and listens; the address answered is the one really bound.
    static func listen(
        on address: SocketAddress, options: ListenerOptions
    ) throws(SystemError) -> (Descriptor, SocketAddress) {
        let raw = try systemCall("socket", on: address.description) { zc_stream_socket(address.family) }
        let descriptor = Descriptor(rawValue: raw)
        do throws(SystemError) {
            try bindAndListen(descriptor, address, options)
            // A server whose port nobody knows is none, and loops that share a port would take another one
            // each.
            guard let bound = localAddress(of: descriptor) else {
                throw SystemError("getsockname", on: address.description, errno: .current)
            }
            return (descriptor, bound)
        } catch {
            closeNow(descriptor)
            throw error
        }
    }

    private static func bindAndListen(
        _ descriptor: Descriptor, _ address: SocketAddress, _ options: ListenerOptions
    ) throws(SystemError) {
        if case .unix(let path) = address {
            if options.replacesStaleUnixPath { removeStalePath(path, address) }
        } else {
            try set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR")
            if options.sharesPort { try set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1, "SO_REUSEPORT") }
            if address.family == AF_INET6 {
                let only: Int32 = options.acceptsIPv4OnIPv6 ? 0 : 1
                try set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, only, "IPV6_V6ONLY")
            }
        }
        _ = try systemCall("bind", on: address.description) {
            unsafe address.withKernelAddress { unsafe bind(descriptor.rawValue, $0, $1) }
        }
        _ = try systemCall("listen", on: address.description) {
            ZCLibC.listen(descriptor.rawValue, Int32(options.backlog))
        }
    }

    /// Takes over a listening socket that the process was given.
    ///
    /// A descriptor comes through `exec` without its flag close-on-exec, and with it once somebody here has
    /// taken it: two servers on one are found out, as is one of this process's own.
    static func adoptListener(_ descriptor: Descriptor) throws -> SocketAddress {
        let raw = descriptor.rawValue
        func refuse(expected: String, got: String) -> AddressError {
            AddressError(text: "fd:\(raw)", expected: expected, got: got)
        }
        let flags = fcntl(raw, F_GETFD)
        guard flags >= 0 else { throw refuse(expected: "an open descriptor", got: "\(Errno.current)") }
        guard flags & FD_CLOEXEC == 0 else {
            throw refuse(
                expected: "a descriptor that the process was given",
                got: "one that was opened, or taken already, in this process")
        }
        guard let kind = option(SO_TYPE, of: descriptor) else {
            throw refuse(expected: "a listening socket", got: "no socket: \(Errno.current)")
        }
        guard kind == Int32(SOCK_STREAM.rawValue) else {
            throw refuse(expected: "a socket of streams", got: "one of type \(kind)")
        }
        guard option(SO_ACCEPTCONN, of: descriptor) == 1 else {
            throw refuse(expected: "a socket that listens", got: "one that does not")
        }
        guard let address = localAddress(of: descriptor) else {
            throw refuse(expected: "a socket of TCP or of a Unix path", got: "one of another family")
        }
        let status = try systemCall("F_GETFL", on: "fd:\(raw)") { fcntl(raw, F_GETFL) }
        _ = try systemCall("F_SETFL", on: "fd:\(raw)") { fcntl(raw, F_SETFL, status | O_NONBLOCK) }
        _ = try systemCall("F_SETFD", on: "fd:\(raw)") { fcntl(raw, F_SETFD, flags | FD_CLOEXEC) }
        return address
    }

    /// What a socket says of itself; nil for what is no socket.
    private static func option(_ name: Int32, of descriptor: Descriptor) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let status = unsafe getsockopt(descriptor.rawValue, SOL_SOCKET, name, &value, &length)
        return status == 0 ? value : nil
    }

    /// Removes a socket file that nobody listens on: connecting to it is refused.
    private static func removeStalePath(_ path: String, _ address: SocketAddress) {
        // Connecting to a file of any other kind is refused as well, and such a file is somebody's.
        var file = stat()
        guard unsafe lstat(path, &file) == 0, file.st_mode & S_IFMT == S_IFSOCK else { return }
        let probe = zc_stream_socket(AF_UNIX)
        guard probe >= 0 else { return }
        defer { closeNow(Descriptor(rawValue: probe)) }
        let status = unsafe address.withKernelAddress { unsafe ZCLibC.connect(probe, $0, $1) }
        if status != 0 && Errno.current == .connectionRefused { _ = unsafe unlink(path) }
    }

    /// Starts a connection; true when it is up at once, as with Unix domain sockets.
    static func connect(
        to address: SocketAddress, options: SocketOptions
    ) throws(SystemError) -> (Descriptor, isUp: Bool) {
        let raw = try systemCall("socket", on: address.description) { zc_stream_socket(address.family) }
        let descriptor = Descriptor(rawValue: raw)
        configure(descriptor, options: options)
        let status = unsafe address.withKernelAddress { unsafe ZCLibC.connect(raw, $0, $1) }
        if status == 0 { return (descriptor, true) }
        let code = Errno.current
        if code == .inProgress || code == .interrupted { return (descriptor, false) }
        closeNow(descriptor)
        throw SystemError("connect", on: address.description, errno: code)
    }

    /// Applies options. Failures are passed over: a Unix domain socket has no `TCP_NODELAY`, and a peer that
    /// is already gone is reported by the next reception.
    static func configure(_ descriptor: Descriptor, options: SocketOptions) {
        let tcp = Int32(IPPROTO_TCP)
        if options.noDelay { setQuietly(descriptor, tcp, TCP_NODELAY, 1) }
        if let keepAlive = options.keepAlive {
            setQuietly(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
            setQuietly(descriptor, tcp, TCP_KEEPIDLE, Int32(keepAlive.idleSeconds))
            setQuietly(descriptor, tcp, TCP_KEEPINTVL, Int32(keepAlive.intervalSeconds))
            setQuietly(descriptor, tcp, TCP_KEEPCNT, Int32(keepAlive.probesMax))
        }
        if let bytes = options.receiveBufferBytes {
            setQuietly(descriptor, SOL_SOCKET, SO_RCVBUF, Int32(bytes))
        }
        if let bytes = options.sendBufferBytes { setQuietly(descriptor, SOL_SOCKET, SO_SNDBUF, Int32(bytes)) }
    }

    /// What an asynchronous connect or a broken connection left behind; the kernel clears it.
    static func pendingError(of descriptor: Descriptor) -> Errno? {
        guard let value = option(SO_ERROR, of: descriptor) else { return Errno.current }
        return value == 0 ? nil : Errno(rawValue: value)
    }

    static func localAddress(of descriptor: Descriptor) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // SAFETY: the kernel writes at most `length` bytes.
        let status = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor.rawValue, $0, &length)
            }
        }
        return status == 0 ? SocketAddress(kernel: &storage, length: length) : nil
    }

    /// Who is at the other end; `.none` where the kernel does not say, as for Unix domain sockets.
    static func peer(of descriptor: Descriptor) -> IPEndpoint {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // SAFETY: the kernel writes at most `length` bytes.
        let status = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getpeername(descriptor.rawValue, $0, &length)
            }
        }
        return status == 0 ? IPEndpoint(kernel: &storage) ?? .none : .none
    }

    /// Accepts one connection; nil when none waits.
    static func accept(_ listener: Descriptor) -> Result<(Descriptor, IPEndpoint)?, Errno.Failure> {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = retryingInterrupts {
            length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            // SAFETY: the kernel writes at most `length` bytes.
            return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe zc_accept(listener.rawValue, $0, &length)
                }
            }
        }
        switch result {
        case .success(let raw):
            return .success((Descriptor(rawValue: raw), IPEndpoint(kernel: &storage) ?? .none))
        case .failure(let failure): return failure.errno == .wouldBlock ? .success(nil) : .failure(failure)
        }
    }

    /// Offers gathered bytes; `MSG_NOSIGNAL` keeps SIGPIPE away from the application.
    static func send(_ descriptor: Descriptor, vectors: IOVectors) -> SendOutcome {
        let flags = Int32(MSG_NOSIGNAL)
        let result = retryingInterrupts {
            if vectors.count == 1 {
                return unsafe zc_send(
                    descriptor.rawValue, vectors.base.pointee.iov_base, vectors.base.pointee.iov_len, flags)
            }
            var message = unsafe msghdr()
            unsafe message.msg_iov = vectors.base
            unsafe message.msg_iovlen = vectors.count
            return unsafe zc_send_message(descriptor.rawValue, &message, flags)
        }
        return outcome(result)
    }

    /// Sends from a file, or from a pipe where the kernel offers splice instead.
    static func sendFile(_ descriptor: Descriptor, from file: borrowing FileSource) -> SendOutcome {
        let source = file.descriptor.rawValue
        let count = file.count
        errno = 0
        guard let start = file.offset else {
            return outcome(retryingInterrupts { zc_splice(source, descriptor.rawValue, count) })
        }
        var offset = off_t(start)
        let sent = outcome(
            retryingInterrupts { unsafe sendfile(descriptor.rawValue, source, &offset, count) })
        // Nothing sent without a reason from the socket means nothing to send: errno tells the two apart.
        return sent == .sent(0) && Errno.current != .wouldBlock ? .sourceEnded : sent
    }

    /// Reads from a file, or from a pipe, of which nothing is asked that is not in it.
    static func read(
        _ file: borrowing FileSource, into room: UnsafeMutableRawBufferPointer
    ) -> Result<Int, Errno.Failure> {
        let source = file.descriptor.rawValue
        let count = min(file.count, room.count)
        let offset = file.offset
        return retryingInterrupts {
            if let offset { return unsafe pread(source, room.baseAddress, count, off_t(offset)) }
            return unsafe ZCLibC.read(source, room.baseAddress, count)
        }
    }

    private static func outcome(_ result: Result<Int, Errno.Failure>) -> SendOutcome {
        switch result {
        case .success(let count): .sent(count)
        case .failure(let failure): failure.errno == .wouldBlock ? .sent(0) : .failed(failure.errno)
        }
    }

    /// What was sent and not acknowledged (`SIOCOUTQ`), the end of this side counted as one byte.
    ///
    /// What a Unix domain socket has taken lies with its peer already, and what the kernel says of such a
    /// socket counts memory instead of bytes: 0.
    static func unacknowledgedBytes(of descriptor: Descriptor) -> Int {
        var domain: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let status = unsafe getsockopt(descriptor.rawValue, SOL_SOCKET, SO_DOMAIN, &domain, &length)
        guard status == 0, domain != AF_UNIX else { return 0 }
        var count: Int32 = 0
        return unsafe ioctl(descriptor.rawValue, UInt(TIOCOUTQ), &count) == 0 ? Int(count) : 0
    }

    /// Whether the peer has ended its direction, or the connection is broken.
    static func hasPeerEnded(_ descriptor: Descriptor) -> Bool {
        let ended = Int16(truncatingIfNeeded: ZC_EPOLLRDHUP)
        var look = pollfd(fd: descriptor.rawValue, events: ended, revents: 0)
        return unsafe poll(&look, 1, 0) > 0 && look.revents != 0
    }

    static func finishSending(_ descriptor: Descriptor) {
        // A peer that is already gone makes this fail; the reset itself is reported by the next reception.
        _ = shutdown(descriptor.rawValue, Int32(SHUT_WR))
    }

    static func close(_ descriptor: Descriptor, reset: Bool) {
        if reset {
            var value = linger(l_onoff: 1, l_linger: 0)
            _ = unsafe setsockopt(
                descriptor.rawValue, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
        }
        closeNow(descriptor)
    }

    /// Linux frees the descriptor even when `close` is interrupted, so it is never called twice.
    static func closeNow(_ descriptor: Descriptor) { _ = ZCLibC.close(descriptor.rawValue) }

    private static func setQuietly(_ descriptor: Descriptor, _ level: Int32, _ name: Int32, _ value: Int32) {
        var value = value
        _ = unsafe setsockopt(descriptor.rawValue, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func set(
        _ descriptor: Descriptor, _ level: Int32, _ name: Int32, _ value: Int32, _ title: String
    ) throws(SystemError) {
        var value = value
        _ = try systemCall("setsockopt", on: title) {
            unsafe setsockopt(descriptor.rawValue, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }
}

/// What a look at a ready socket came to.
struct Reception {
    /// How many completions were reported.
    var completions = 0
    /// How many bytes came.
    var bytes = 0
    /// Whether more may be there though no event will say so.
    var isMore = false
    /// Whether the end, or a failure, was reported.
    var isOver = false
}

extension KernelSocket {
    /// Receptions of one connection in a row before the others have their turn.
    private static var receptionsMax: Int { 4 }

    /// Receives into the sink's memory until the socket is empty, or the others have their turn.
    @inline(__always)
    static func receive(_ token: Token, _ events: UInt32, into sink: any CompletionSink) -> Reception {
        let hangUp = ZC_EPOLLRDHUP | ZC_EPOLLHUP | ZC_EPOLLERR
        var reception = Reception()
        for _ in 0..<receptionsMax {
            guard let target = sink.receiveTarget(token) else {
                if reportBroken(token, events, into: sink) {
                    reception.completions += 1
                    reception.isOver = true
                }
                return reception
            }
            let result = retryingInterrupts {
                unsafe zc_receive(
                    target.descriptor.rawValue, target.memory.baseAddress, target.memory.count)
            }
            switch result {
            case .success(0):
                sink.ended(token)
                reception.completions += 1
                reception.isOver = true
                return reception
            case .success(let count):
                sink.received(token, count: count)
                reception.completions += 1
                reception.bytes += count
                // A short reception drained the socket, unless the end is known to stand behind the bytes.
                if unsafe count < target.memory.count && events & hangUp == 0 { return reception }
            case .failure(let failure):
                if failure.errno != .wouldBlock {
                    sink.failed(token, errno: failure.errno)
                    reception.completions += 1
                    reception.isOver = true
                }
                return reception
            }
        }
        reception.isMore = true
        return reception
    }

    /// A connection that is not being read from still has to learn that it is broken.
    static func reportBroken(
        _ token: Token, _ events: UInt32, into sink: any CompletionSink
    ) -> Bool {
        guard events & ZC_EPOLLERR != 0, let descriptor = sink.descriptor(of: token),
            let code = pendingError(of: descriptor)
        else { return false }
        sink.failed(token, errno: code)
        return true
    }
}
