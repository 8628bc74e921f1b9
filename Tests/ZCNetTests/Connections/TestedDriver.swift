import Glibc

@testable import ZCNet

/// The driver that the tests on real sockets run on: what the library would choose, unless whoever starts
/// the tests names one (`ZCNET_TEST_DRIVER=epoll swift test`).
enum TestedDriver {
    static let choice: DriverChoice = {
        guard let name = unsafe getenv("ZCNET_TEST_DRIVER") else { return .automatic }
        switch unsafe String(cString: name) {
        case "epoll": return .epoll
        case "uring": return .uring
        case let other: preconditionFailure("ZCNET_TEST_DRIVER: epoll or uring, got \(other)")
        }
    }()

    /// Both, where the machine has both: for what must be the same on each.
    static let all: [DriverChoice] = DriverBench.refusal == nil ? [.epoll, .uring] : [.epoll]
}
