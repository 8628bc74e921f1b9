import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// The alarm by itself and in the drivers, on the system's clock.
struct AlarmTests {
    private static let drivers: [DriverChoice] = DriverBench.refusal == nil ? [.epoll, .uring] : [.epoll]

    @Test func whatIsNearLimitsTheWaitItself() throws {
        var alarm = try Alarm(clock: .system)
        for wait in [-1, 0, 1, Alarm.nearest - 1] { #expect(alarm.waitLimit(wait) == wait) }
        #expect(alarm.due == .zero, "nothing was set")
    }

    @Test func itRingsAndCanBeSetAgain() throws {
        var alarm = try Alarm(clock: .system)
        for _ in 0..<3 {
            #expect(alarm.waitLimit(Alarm.nearest) == -1)
            let due = alarm.due
            let descriptor = Descriptor(rawValue: alarm.descriptor)
            try #require(DriverBench.hasInput(descriptor, withinMilliseconds: 20_000))
            #expect(MonotonicClock.system.now() >= due)
        }
    }

    @Test func itStaysWhereItIsEarlyEnough() throws {
        let time = VirtualClock()
        time.advance(by: .seconds(1))
        var alarm = try Alarm(clock: MonotonicClock(virtual: time))
        let hour: Int64 = 3_600_000_000_000
        #expect(alarm.waitLimit(hour) == -1)
        let first = alarm.due
        #expect(first == time.now.later(byNanoseconds: hour))
        #expect(alarm.waitLimit(2 * hour) == -1)
        #expect(alarm.waitLimit(hour - Alarm.tolerance) == -1)
        #expect(alarm.due == first)
        #expect(alarm.waitLimit(hour - Alarm.tolerance - 1) == -1)
        #expect(alarm.due == time.now.later(byNanoseconds: hour - Alarm.tolerance - 1), "brought forward")
        time.advance(by: .seconds(3600))
        #expect(alarm.waitLimit(2 * hour) == -1)
        #expect(alarm.due == time.now.later(byNanoseconds: 2 * hour), "set again after it rang")
    }

    @Test func timeWithoutEndIsNoTrap() throws {
        var alarm = try Alarm(clock: .system)
        #expect(alarm.waitLimit(.max) == -1)
        #expect(alarm.waitLimit(.max) == -1)
        #expect(alarm.due.nanoseconds == .max)
        #expect(alarm.waitLimit(Alarm.nearest) == -1)
        #expect(DriverBench.hasInput(Descriptor(rawValue: alarm.descriptor), withinMilliseconds: 20_000))
    }

    /// Runs a test on a thread of its own, with a driver that serves it.
    private static func serving(
        _ choice: DriverChoice, _ body: @escaping @Sendable (any Driver, BenchSink) throws -> Void
    ) async throws {
        try await onThread {
            let driver = try DriverFactory.make(choice)
            driver.begin()
            defer { driver.end() }
            try body(driver, BenchSink())
        }
    }

    /// A wait ends when its own time is over, whatever the alarm was set for before.
    @Test(arguments: drivers)
    func aWaitEndsInItsOwnTime(choice: DriverChoice) async throws {
        try await Self.serving(choice) { (driver, sink) throws in
            // Far ahead first, and out of it by a wake-up.
            driver.wake()
            #expect(try driver.poll(timeoutNanoseconds: 3_600_000_000_000, into: sink) == 0)
            for wait in [5_000_000, 300_000, 2_000_000] as [Int64] {
                let start = driver.clock.now()
                // An alarm that was set for something else may end a wait early, so all of it is waited for.
                while true {
                    let left = wait - (driver.clock.now() - start).nanoseconds
                    if left <= 0 { break }
                    #expect(try driver.poll(timeoutNanoseconds: left, into: sink) == 0)
                }
                #expect(driver.clock.now() - start < .seconds(60), "far less than the hour")
            }
        }
    }

    /// What was set for a timer that is gone ends a wait without a limit once.
    @Test(arguments: drivers)
    func anAlarmForNobodyIsATurnWithoutWork(choice: DriverChoice) async throws {
        try await Self.serving(choice) { (driver, sink) throws in
            driver.wake()
            let due = driver.clock.now() + .milliseconds(20)
            #expect(try driver.poll(timeoutNanoseconds: 20_000_000, into: sink) == 0)
            // On a machine that was away for so long it has rung already.
            if driver.clock.now() >= due { return }
            #expect(try driver.poll(timeoutNanoseconds: -1, into: sink) == 0)
            #expect(sink.reports.isEmpty)
        }
    }
}
