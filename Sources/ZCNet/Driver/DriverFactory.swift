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
