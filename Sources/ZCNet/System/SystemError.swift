import ZCLibC

/// A system call that failed: what was tried, on what, and the kernel's answer.
///
/// Its description reads like `bind 127.0.0.1:80: EACCES (Permission denied)`.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system call or the step that failed, such as `bind`.
    public let operation: String
    /// What it was applied to: an address, a path, or empty.
    public let subject: String
    /// The error that the kernel answered with.
    public let errno: Errno

    /// Describes a failed call.
    public init(_ operation: String, on subject: String = "", errno: Errno) {
        self.operation = operation
        self.subject = subject
        self.errno = errno
    }

    /// The operation, its subject and the kernel's answer.
    public var description: String {
        subject.isEmpty ? "\(operation): \(errno)" : "\(operation) \(subject): \(errno)"
    }
}

/// Runs a system call again for as long as signals interrupt it; a negative result is its `errno`.
@inline(__always)
package func retryingInterrupts<Count: FixedWidthInteger & SignedInteger>(
    _ call: () -> Count
) -> Result<Count, Errno.Failure> {
    while true {
        let result = call()
        if result >= 0 { return .success(result) }
        let code = Errno.current
        if code != .interrupted { return .failure(Errno.Failure(errno: code)) }
    }
}

extension Errno {
    /// A bare error number on its way up to the place that knows what was tried.
    package struct Failure: Error {
        let errno: Errno
    }
}

/// Runs a system call, again after interrupts, and throws its `errno` with what was tried.
func systemCall<Count: FixedWidthInteger & SignedInteger>(
    _ operation: String, on subject: @autoclosure () -> String = "", _ call: () -> Count
) throws(SystemError) -> Count {
    switch retryingInterrupts(call) {
    case .success(let result): return result
    case .failure(let failure): throw SystemError(operation, on: subject(), errno: failure.errno)
    }
}

/// An error number of the kernel.
///
/// ```swift
/// if error.errno == .addressInUse { … }
/// ```
@frozen
public struct Errno: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number as `errno` holds it.
    public let rawValue: Int32

    /// Wraps a number as it came from the kernel.
    @inlinable
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// The calling thread's current error number.
    static var current: Errno { Errno(rawValue: errno) }

    /// The kernel's name and text, such as `EADDRINUSE (Address already in use)`.
    public var description: String {
        let text = SystemCalls.text(of: rawValue)
        return Errno.names[rawValue].map { "\($0) (\(text))" } ?? "errno \(rawValue) (\(text))"
    }
}

extension Errno {
    /// EPERM: whoever runs the process may not do this.
    public static let notPermitted = Errno(rawValue: EPERM)
    /// No such file, directory or socket path.
    public static let noSuchFile = Errno(rawValue: ENOENT)
    /// A signal came before anything was done; the library tries again by itself.
    public static let interrupted = Errno(rawValue: EINTR)
    /// The call would have to wait.
    public static let wouldBlock = Errno(rawValue: EAGAIN)
    /// ENOMEM: the kernel has no memory for it.
    public static let noMemory = Errno(rawValue: ENOMEM)
    /// Permission denied, for example for a port below 1024.
    public static let permissionDenied = Errno(rawValue: EACCES)
    /// An argument that the kernel does not take.
    public static let invalidArgument = Errno(rawValue: EINVAL)
    /// The system's table of open files is full.
    public static let fileTableFull = Errno(rawValue: ENFILE)
    /// This process has no file descriptor left.
    public static let noDescriptors = Errno(rawValue: EMFILE)
    /// Written to a connection whose peer is gone.
    public static let brokenPipe = Errno(rawValue: EPIPE)
    /// EADDRINUSE: somebody listens there already.
    public static let addressInUse = Errno(rawValue: EADDRINUSE)
    /// No interface of this machine has the address.
    public static let addressNotAvailable = Errno(rawValue: EADDRNOTAVAIL)
    /// The connection was aborted before it was accepted.
    public static let connectionAborted = Errno(rawValue: ECONNABORTED)
    /// The peer reset the connection.
    public static let connectionReset = Errno(rawValue: ECONNRESET)
    /// The kernel has no buffer space.
    public static let noBufferSpace = Errno(rawValue: ENOBUFS)
    /// The socket is not connected.
    public static let notConnected = Errno(rawValue: ENOTCONN)
    /// Nothing came in time.
    public static let timedOut = Errno(rawValue: ETIMEDOUT)
    /// Nobody listens at the address.
    public static let connectionRefused = Errno(rawValue: ECONNREFUSED)
    /// The connection is under way.
    public static let inProgress = Errno(rawValue: EINPROGRESS)
    /// The operation was cancelled.
    public static let cancelled = Errno(rawValue: ECANCELED)
    /// The kernel or the driver does not offer the operation.
    public static let notSupported = Errno(rawValue: EOPNOTSUPP)
    /// The kernel does not know the system call.
    public static let notImplemented = Errno(rawValue: ENOSYS)
    /// No route to the host.
    public static let hostUnreachable = Errno(rawValue: EHOSTUNREACH)
    /// No route to the network.
    public static let networkUnreachable = Errno(rawValue: ENETUNREACH)

    private static let names: [Int32: String] = [
        EPERM: "EPERM", ENOENT: "ENOENT", EINTR: "EINTR", EAGAIN: "EAGAIN", ENOMEM: "ENOMEM",
        EACCES: "EACCES",
        EINVAL: "EINVAL", ENFILE: "ENFILE", EMFILE: "EMFILE", EPIPE: "EPIPE", EADDRINUSE: "EADDRINUSE",
        EADDRNOTAVAIL: "EADDRNOTAVAIL", ECONNABORTED: "ECONNABORTED", ECONNRESET: "ECONNRESET",
        ENOBUFS: "ENOBUFS", ENOTCONN: "ENOTCONN", ETIMEDOUT: "ETIMEDOUT", ECONNREFUSED: "ECONNREFUSED",
        EINPROGRESS: "EINPROGRESS", ECANCELED: "ECANCELED", EOPNOTSUPP: "EOPNOTSUPP", ENOSYS: "ENOSYS",
        ENOKEY: "ENOKEY", EHOSTUNREACH: "EHOSTUNREACH", ENETUNREACH: "ENETUNREACH", EISDIR: "EISDIR",
        EIO: "EIO",
        EBADF: "EBADF",
        EDESTADDRREQ: "EDESTADDRREQ", EEXIST: "EEXIST", ENOTDIR: "ENOTDIR", ENAMETOOLONG: "ENAMETOOLONG",
    ]

    /// Whether the kernel is out of something that others may give back: descriptors, memory, buffers.
    var isExhaustion: Bool {
        switch self {
        case .noDescriptors, .fileTableFull, .noMemory, .noBufferSpace: true
        default: false
        }
    }
}

/// A setting outside its limits: which one, what was given and what is allowed.
///
/// Its description reads like `limits.outboundBytesMax: expected 1024...1073741824, got 12`.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting, as a path of property names.
    public let field: String
    /// What would have been right.
    public let expected: String
    /// What was set in its place.
    public let got: String

    /// Describes a setting that is out of bounds.
    public init(field: String, expected: String, got: String) {
        self.field = field
        self.expected = expected
        self.got = got
    }

    /// The setting, what is allowed and what was given.
    public var description: String { "\(field): expected \(expected), got \(got)" }

    /// Checks settings that stand within others: an error names the whole path to its field.
    package static func within(
        _ name: String, _ validate: () throws(ConfigurationError) -> Void
    ) throws(ConfigurationError) {
        do throws(ConfigurationError) { try validate() } catch {
            throw ConfigurationError(
                field: "\(name).\(error.field)", expected: error.expected, got: error.got)
        }
    }

    /// Throws unless `value` is nil or within `range`.
    package static func check<Value: Comparable>(
        _ field: String, _ value: Value?, in range: ClosedRange<Value>
    ) throws(ConfigurationError) {
        guard let value, !range.contains(value) else { return }
        throw ConfigurationError(
            field: field, expected: "\(range.lowerBound)...\(range.upperBound)", got: "\(value)")
    }
}
