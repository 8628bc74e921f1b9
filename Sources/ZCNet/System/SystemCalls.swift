internal import CZCNet
import ZCLibC

/// Calls of the C library that fill in something of the caller's, with their answers as values.
///
/// SAFETY: what is passed by address outlives the call, which writes nothing else.
enum SystemCalls {
    /// What a clock shows. Every Linux kernel has the clocks that the library asks.
    @inline(__always)
    static func time(of clock: clockid_t) -> (seconds: Int64, nanoseconds: Int64) {
        var time = timespec()
        let status = unsafe clock_gettime(clock, &time)
        precondition(status == 0, "expected a clock \(clock) of the kernel, got none")
        return (Int64(time.tv_sec), Int64(time.tv_nsec))
    }

    /// How many descriptors the process may have open now (RLIMIT_NOFILE); nil where the kernel does not say.
    static var descriptorsMax: Int? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return Int(clamping: limit.rlim_cur)
    }

    /// What an open file is.
    static func status(of descriptor: Descriptor) throws(SystemError) -> stat {
        var status = stat()
        _ = try systemCall("fstat") { unsafe fstat(descriptor.rawValue, &status) }
        return status
    }

    /// How many bytes are in a pipe now.
    static func bytesInPipe(_ descriptor: Descriptor) throws(SystemError) -> Int64 {
        var count: Int32 = 0
        _ = try systemCall("FIONREAD", on: "pipe") {
            unsafe ioctl(descriptor.rawValue, UInt(FIONREAD), &count)
        }
        return Int64(count)
    }

    /// Removes a name from the file system; where there is none, nothing happens.
    static func unlinkFile(_ path: String) { _ = unsafe unlink(path) }

    /// The kernel's text for an error number.
    static func text(of number: Int32) -> String {
        var buffer: [CChar] = Array(repeating: 0, count: 128)
        // The C library writes at most `count` bytes, the terminator included.
        let status = unsafe strerror_r(number, &buffer, buffer.count)
        return status == 0 ? String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self) : "?"
    }
}

/// A file descriptor, or its stand-in in a simulation. Plain number: whoever holds it does not own it.
@frozen
@usableFromInline
package struct Descriptor: RawRepresentable, Hashable, Sendable {
    /// The kernel's number of the descriptor.
    @usableFromInline package let rawValue: Int32

    /// Names a descriptor by the kernel's number.
    @inlinable
    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// Stands for no descriptor at all.
    static let none = Descriptor(rawValue: -1)

    /// How many the process may have open now (RLIMIT_NOFILE); nil where the kernel does not say.
    static var countMax: Int? { SystemCalls.descriptorsMax }
}

/// A thread of the operating system, with a name and, if wanted, a processor of its own.
///
/// SAFETY: `@safe` because the handle is only joined, and `join` is called once by its owner.
@safe
package final class PosixThread: @unchecked Sendable {
    private let handle: pthread_t

    private final class Body {
        let name: String
        let processor: Int32?
        let run: @Sendable () -> Void

        init(name: String, processor: Int32?, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.processor = processor
            self.run = run
        }
    }

    /// Starts a thread. A processor that cannot be had is passed over: placement is advice, not a promise.
    package init(name: String, processor: Int32? = nil, run: @escaping @Sendable () -> Void)
        throws(SystemError)
    {
        let body = unsafe Unmanaged.passRetained(Body(name: name, processor: processor, run: run))
        var handle = pthread_t()
        let status = unsafe pthread_create(
            &handle, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                _ = unsafe body.name.withCString { unsafe zc_thread_set_name($0) }
                if let processor = body.processor { _ = zc_thread_pin(processor) }
                body.run()
                return nil
            }, body.toOpaque())
        guard status == 0 else {
            unsafe body.release()
            throw SystemError("pthread_create", on: name, errno: Errno(rawValue: status))
        }
        self.handle = handle
    }

    /// Keeps SIGPIPE from the calling thread: `sendfile` and `splice` know no `MSG_NOSIGNAL`, and a file sent
    /// to a peer that is gone must not end the process. What the calls answer says enough.
    static func blockPipeSignal() {
        var signals = sigset_t()
        _ = unsafe sigemptyset(&signals)
        _ = unsafe sigaddset(&signals, SIGPIPE)
        _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Waits until the thread has ended. Once.
    package func join() { _ = pthread_join(handle, nil) }

    /// Lets the thread end by itself. Instead of `join`.
    package func detach() { _ = pthread_detach(handle) }
}
