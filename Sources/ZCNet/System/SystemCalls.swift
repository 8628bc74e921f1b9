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

/// A file or folder that was opened for reading below a folder of the application's choice. Closed with the
/// last reference; any thread.
package final class OpenFile: Sendable {
    /// Whose number it is for as long as the object exists.
    package let descriptor: Int32
    /// How many bytes it had when it was opened.
    package let byteCount: Int64
    /// When it was last changed.
    package let modified: (seconds: Int64, nanoseconds: Int64)
    /// What tells it from other files that are or were in its place.
    package let serial: UInt64
    /// Whether it is a folder.
    package let isFolder: Bool

    /// Opens what lies below `root`, one name after the other, none of which is followed where it is a
    /// symbolic link: what is opened lies below the root whatever the names are, also while somebody moves
    /// things. The root itself may be a link.
    ///
    /// - Precondition: no name has a slash.
    /// - Throws: where there is nothing of the name, or something else than a file or a folder.
    package init(below root: String, _ names: [String]) throws(SystemError) {
        precondition(names.allSatisfy { !$0.utf8.contains(UInt8(ascii: "/")) }, "a name with a slash")
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK
        var current = try systemCall("open", on: root) { unsafe open(root, flags | O_DIRECTORY) }
        for (index, name) in names.enumerated() {
            let isInner = index < names.count - 1
            let parent = current
            let opened = retryingInterrupts {
                unsafe openat(parent, name, flags | O_NOFOLLOW | (isInner ? O_DIRECTORY : 0))
            }
            // Nothing was written, and Linux has closed the descriptor whatever it says.
            _ = close(parent)
            switch opened {
            case .success(let descriptor): current = descriptor
            case .failure(let failure): throw SystemError("open", on: name, errno: failure.errno)
            }
        }
        let status: stat
        do throws(SystemError) {
            status = try SystemCalls.status(of: Descriptor(rawValue: current))
            let kind = status.st_mode & S_IFMT
            if kind != S_IFDIR && kind != S_IFREG {
                throw SystemError("open", on: names.last ?? root, errno: .invalidArgument)
            }
        } catch {
            _ = close(current)
            throw error
        }
        descriptor = current
        byteCount = Int64(status.st_size)
        modified = (Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec))
        serial = UInt64(status.st_ino)
        isFolder = status.st_mode & S_IFMT == S_IFDIR
    }

    deinit { _ = close(descriptor) }
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
