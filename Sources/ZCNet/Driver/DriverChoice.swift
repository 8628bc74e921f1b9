/// Which driver moves a loop's bytes.
public enum DriverKind: String, Hashable, Sendable, CaseIterable {
    /// Readiness through epoll, the calls made by the library: works everywhere.
    case epoll
    /// io_uring: the kernel completes what it was asked for.
    case uring
}

/// Which driver a loop is to be built with. The raw values are for configuration files and command lines.
public enum DriverChoice: String, Hashable, Sendable, CaseIterable {
    /// The fastest that this kernel allows.
    case automatic
    /// epoll: the kernel says which sockets are ready.
    case epoll
    /// io_uring; building the loop fails where the kernel does not allow it.
    case uring
}

/// A driver that cannot be had, and why.
public struct DriverError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The driver that was asked for.
    public let kind: DriverKind
    /// What the kernel would have to offer or allow.
    public let expected: String
    /// What there is instead.
    public let got: String

    /// The driver, what it needs and what there is instead.
    public var description: String { "driver \(kind.rawValue): expected \(expected), got \(got)" }
}

/// Makes the driver that was asked for, or says why it cannot be had.
enum DriverFactory {
    static func make(_ choice: DriverChoice) throws -> any Driver {
        switch choice {
        case .epoll: return try EpollDriver()
        case .uring: return try URingDriver()
        case .automatic:
            do {
                return try URingDriver()
            } catch is DriverError {
                // The kernel, or whoever runs the process, does not allow it.
                return try EpollDriver()
            }
        }
    }
}
