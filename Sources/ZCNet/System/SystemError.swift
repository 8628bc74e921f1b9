import ZCLibC

/// A system call that failed: what was tried, on what, and the kernel's answer.
///
/// Its description reads like `bind 127.0.0.1:80: EACCES (Permission denied)`.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system call or the step that failed, such as `bind`.
    public let operation: String
    /// What it was applied to: an address, a path, or empty.
    public let subject: String
    /// The kernel's answer.
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
