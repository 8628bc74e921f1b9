import Testing

@testable import ZCNet

/// A loop that cannot go on: somebody has to be able to know.
@Suite struct LoopFailureTests {
    @Test(.enabled(if: DriverBench.refusal == nil, "needs io_uring"))
    func aFailedLoopIsTold() async throws {
        try await onThread {
            let told = Monitor<[String]>([])
            struct Watch: Observer {
                let told: Monitor<[String]>
                func loopFailed(_ loop: Int, error: SystemError) {
                    told.update { $0.append("\(loop): \(error)") }
                }
            }
            var configuration = EventLoopGroup.Configuration()
            configuration.loops = 1
            configuration.observer = Watch(told: told)
            let driver = try URingDriver()
            let group = try EventLoopGroup(configuration) { _ in driver }
            #expect(group.failure == nil)
            // What `io_uring_enter` answers where the kernel has no memory, as the loop finds it.
            driver.state[].failure = SystemError("io_uring_enter", errno: .noMemory)
            try group.start()
            #expect(told.wait { $0.count == 1 })
            group.wait()
            #expect(group.failure?.errno == .noMemory)
            #expect(told.value.first?.contains("io_uring_enter") == true)
        }
    }
}
