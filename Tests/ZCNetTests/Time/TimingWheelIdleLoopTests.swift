import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// Loops that sleep exactly as long as the wheel says.
@Suite struct TimingWheelIdleLoopTests {
    #if DEBUG
    static let timerCount = 3_000
    #else
    static let timerCount = 100_000
    #endif

    @Test(arguments: 1...53)
    func oneTimerWakesAtMostOncePerLevel(bits: Int) throws {
        let tick = Duration.milliseconds(1)
        let start = MonotonicInstant(nanoseconds: 987_654_321_987)
        var wheel = try TimingWheel(tick: tick, origin: .zero)
        wheel.advance(to: start)
        let deadline = start + .nanoseconds((Int64(1) << Int64(bits)) + 12_345)
        _ = wheel.schedule(1, at: deadline)
        var wakeUps = 0
        while let next = wheel.nextExpiry() {
            wakeUps += 1
            let due = wheel.expire(at: next)
            #expect(due == [] || next >= deadline && next - deadline < tick)
        }
        #expect(wakeUps <= TimingWheel.levelCount + 1)
    }

    @Test(arguments: [UInt64(11), 12, 13])
    func manyTimersAreNeverEarlyAndNeverATickLate(seed: UInt64) throws {
        let tick = Duration.milliseconds(Int64(seed - 10) * 5)
        let clock = VirtualClock(now: MonotonicInstant(nanoseconds: 1_000_000_007))
        var random = SimulatedRandom(seed: seed)
        var wheel = try TimingWheel(tick: tick, origin: .zero)
        wheel.advance(to: clock.now)
        var deadlines: [MonotonicInstant] = []
        var delivered = 0
        var wakeUps = 0
        func nextDeadline() -> MonotonicInstant { clock.now + .nanoseconds(random.magnitude(bitsMax: 50)) }
        for number in 0..<100 {
            deadlines.append(nextDeadline())
            _ = wheel.schedule(UInt64(number), at: deadlines[number])
        }
        while let next = wheel.nextExpiry() {
            wakeUps += 1
            clock.advance(to: next)
            wheel.advance(to: clock.now)
            while let expired = wheel.popExpired() {
                let deadline = deadlines[Int(expired.payload.rawValue)]
                guard clock.now >= deadline, clock.now - deadline <= tick else {
                    throw WheelMismatch(
                        "due at \(deadline), came at \(clock.now)", seed: seed, step: delivered)
                }
                delivered += 1
                guard deadlines.count < Self.timerCount else { continue }
                deadlines.append(nextDeadline())
                _ = wheel.schedule(UInt64(deadlines.count - 1), at: deadlines[deadlines.count - 1])
            }
        }
        #expect(delivered == deadlines.count, "seed \(seed)")
        #expect(wakeUps <= deadlines.count * (TimingWheel.levelCount + 1), "seed \(seed)")
    }
}
