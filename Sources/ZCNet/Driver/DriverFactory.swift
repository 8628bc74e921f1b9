/// Makes the driver that was asked for, or says why it cannot be had.
enum DriverFactory {
    static func make(_ choice: DriverChoice) throws -> any Driver {
        switch choice {
        case .automatic, .epoll: try EpollDriver()
        case .uring:
            throw DriverError(kind: .uring, reason: "not part of this release; use epoll or automatic")
        }
    }
}
