import Testing

@testable import ZCNet

@Suite struct TimingWheelTests {
    static let tick = Duration.milliseconds(1)

    static func instant(tick: Int64, plus nanoseconds: Int64 = 0) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: tick * 1_000_000 + nanoseconds)
    }

    @Test(arguments: [
        Duration.zero, .nanoseconds(-1), .microseconds(99), .seconds(3601), .seconds(Int64.max),
    ])
    func refusesTicksOutsideLimits(tick: Duration) {
        // Why: the wheel cannot be copied, and `#expect(throws:)` wants to return what its closure returns.
        var caught: ConfigurationError?
        do throws(ConfigurationError) { _ = try TimingWheel(tick: tick, origin: .zero) } catch {
            caught = error
        }
        #expect(caught?.field == "tick")
        #expect(caught?.got == "\(tick)")
    }

    @Test(arguments: [Duration.microseconds(100), .seconds(3600)])
    func takesTicksAtLimits(tick: Duration) throws {
        var wheel = try TimingWheel(tick: tick, origin: .zero)
        _ = wheel.schedule(1, at: .zero + tick)
        let early = wheel.expire(at: .zero + tick - .nanoseconds(1))
        let due = wheel.expire(at: .zero + tick)
        #expect(early == [])
        #expect(due == [1])
    }

    @Test func emptyWheelHasNothingToWaitFor() throws {
        var wheel = try TimingWheel(origin: .zero)
        expect(wheel.nextExpiry() == nil)
        expect(wheel.expire(at: MonotonicInstant(nanoseconds: .max)), is: [])
        expect(wheel.nextExpiry() == nil)
        expect(wheel.count == 0)
    }

    @Test func roundsDeadlinesUpToTicks() throws {
        var wheel = try TimingWheel(tick: Self.tick, origin: .zero)
        _ = wheel.schedule(1, at: Self.instant(tick: 4, plus: 1))
        expect(wheel.nextExpiry() == Self.instant(tick: 5))
        expect(wheel.expire(at: Self.instant(tick: 5, plus: -1)), is: [])
        expect(wheel.expire(at: Self.instant(tick: 5)), is: [1])
        _ = wheel.schedule(2, at: Self.instant(tick: 9))
        expect(wheel.nextExpiry() == Self.instant(tick: 9))
        expect(wheel.expire(at: Self.instant(tick: 9)), is: [2])
    }

    @Test func firesAtEveryLevelBoundary() throws {
        for start in [Int64(0), 1, 62, 63, 64, 4095, 4096, 262_143, 1 << 40] {
            for level in 1...6 {
                for offset in Int64(-2)...2 {
                    let distance = (Int64(1) << Int64(6 * level)) + offset
                    var wheel = try TimingWheel(tick: Self.tick, origin: .zero)
                    wheel.advance(to: Self.instant(tick: start))
                    let deadline = Self.instant(tick: start + distance)
                    _ = wheel.schedule(7, at: deadline)
                    let early = wheel.expire(at: deadline - .nanoseconds(1))
                    let next = wheel.nextExpiry()
                    let due = wheel.expire(at: deadline)
                    #expect(early == [] && next == deadline && due == [7], "\(start) + \(distance)")
                }
            }
        }
    }

    @Test func expiresInOrderOfTicks() throws {
        var wheel = try TimingWheel(tick: Self.tick, origin: .zero)
        let ticks: [UInt64] = [5000, 3, 64, 4096, 1, 63, 300_000, 65, 2, 4095]
        for tick in ticks { _ = wheel.schedule(tick, at: Self.instant(tick: Int64(tick))) }
        expect(wheel.expire(at: Self.instant(tick: 1_000_000)), is: ticks.sorted())
    }

    @Test func firstAdvanceMayJumpToTheMachinesUptime() throws {
        var wheel = try TimingWheel(origin: .zero)
        let now = MonotonicInstant(nanoseconds: 9_876_543_210_123_456)
        _ = wheel.schedule(1, at: now + .seconds(1))
        wheel.advance(to: now)
        _ = wheel.schedule(2, at: now + .seconds(2))
        expect(wheel.expire(at: now + .milliseconds(1010)), is: [1])
        expect(wheel.expire(at: now + .milliseconds(2010)), is: [2])
    }

    @Test func holdsDeadlinesInTheFarthestFuture() throws {
        for origin in [MonotonicInstant(nanoseconds: .min), .zero, MonotonicInstant(nanoseconds: .max - 1)] {
            for tick in [Duration.microseconds(100), .milliseconds(10), .seconds(3600)] {
                var wheel = try TimingWheel(tick: tick, origin: origin)
                let last = MonotonicInstant(nanoseconds: .max)
                let id = wheel.schedule(1, at: last)
                _ = wheel.schedule(2, at: .zero + .seconds(100 * 365 * 86400))
                let due = wheel.expire(at: last - .nanoseconds(1))
                #expect(due == (origin > .zero ? [] : [2]) || due == [2])
                let cancelled = wheel.cancel(id)
                #expect(cancelled, "never early, so still armed")
            }
        }
    }

    @Test func deadlinesBeforeTheOriginAreDueAtTheNextAdvance() throws {
        let origin = Self.instant(tick: 1000)
        var wheel = try TimingWheel(tick: Self.tick, origin: origin)
        _ = wheel.schedule(1, at: MonotonicInstant(nanoseconds: .min))
        expect(wheel.nextExpiry() == origin)
        expect(wheel.popExpired() == nil)
        expect(wheel.expire(at: .zero), is: [1])
    }

    @Test func timersForNowWaitForTheNextAdvance() throws {
        var wheel = try TimingWheel(tick: Self.tick, origin: .zero)
        let now = Self.instant(tick: 10, plus: 500)
        _ = wheel.schedule(1, at: Self.instant(tick: 10))
        wheel.advance(to: now)
        var rounds = 0
        while let expired = wheel.popExpired() {
            rounds += 1
            _ = wheel.schedule(expired.payload, at: now)
            _ = wheel.schedule(TimerPayload(rawValue: 2), at: .zero)
        }
        #expect(rounds == 1)
        expect(wheel.nextExpiry() == now)
        expect(wheel.expire(at: now), is: [1, 2])
        expect(wheel.nextExpiry() == nil)
    }

    @Test func expiredTimersCanBeCancelledAndRearmed() throws {
        var wheel = try TimingWheel(tick: Self.tick, origin: .zero)
        let ids = (1...4).map { wheel.schedule($0, at: Self.instant(tick: Int64($0))) }
        wheel.advance(to: Self.instant(tick: 10))
        expect(wheel.count == 4)
        expect(wheel.nextExpiry() == Self.instant(tick: 10))
        expect(wheel.cancel(ids[1]))
        expect(wheel.rearm(ids[2], at: Self.instant(tick: 20)))
        expect(wheel.rearm(ids[3], at: Self.instant(tick: 4)), "overdue: due at the next advance")
        let first = wheel.popExpired()
        #expect(first?.id == ids[0])
        expect(wheel.popExpired() == nil)
        expect(wheel.expire(at: Self.instant(tick: 10)), is: [4])
        expect(wheel.expire(at: Self.instant(tick: 20)), is: [3])
    }

    @Test func staleIdsDoNothing() throws {
        var wheel = try TimingWheel(tick: Self.tick, origin: .zero)
        let cancelled = wheel.schedule(1, at: Self.instant(tick: 5))
        expect(wheel.cancel(cancelled))
        expect(!wheel.cancel(cancelled))
        expect(!wheel.rearm(cancelled, at: .zero))
        let successor = wheel.schedule(2, at: Self.instant(tick: 5))
        #expect(successor != cancelled)
        expect(!wheel.cancel(cancelled))
        expect(wheel.expire(at: Self.instant(tick: 5)), is: [2])
        expect(!wheel.cancel(successor))
        expect(!wheel.rearm(successor, at: .zero))
        expect(!wheel.cancel(.none))
        expect(wheel.count == 0)
    }

    @Test func forgedIdsDoNothing() throws {
        var wheel = try TimingWheel(tick: Self.tick, origin: .zero)
        let id = wheel.schedule(1, at: Self.instant(tick: 5))
        let cancelled = wheel.cancel(id)
        #expect(cancelled)
        for place in [UInt32(0), 1, 63, 64, .max] {
            for generation in [UInt32(0), 1, 2, 3, .max] {
                let forged = TimerID(place: place, generation: generation)
                let answers = (wheel.cancel(forged), wheel.rearm(forged, at: .zero))
                #expect(answers == (false, false))
            }
        }
        #expect(TimerID(rawValue: id.rawValue) == id)
        #expect(TimerID.none.rawValue == 0)
    }

    @Test func rearmChainsKeepTheIdAndFireOnce() throws {
        var wheel = try TimingWheel(tick: Self.tick, origin: .zero)
        let id = wheel.schedule(1, at: Self.instant(tick: 300))
        for step in Int64(1)...2000 {
            let due = wheel.expire(at: Self.instant(tick: step * 10))
            let moved = wheel.rearm(id, at: Self.instant(tick: step * 10 + 300))
            #expect(due == [] && moved)
        }
        expect(wheel.expire(at: Self.instant(tick: 20_299)), is: [])
        expect(wheel.expire(at: Self.instant(tick: 20_300)), is: [1])
    }

    @Test func rearmingEarlierMovesForward() throws {
        var wheel = try TimingWheel(tick: Self.tick, origin: .zero)
        let id = wheel.schedule(1, at: Self.instant(tick: 1_000_000))
        for tick in [Int64(70_000), 5000, 70, 3] {
            expect(wheel.rearm(id, at: Self.instant(tick: tick)))
        }
        expect(wheel.nextExpiry() == Self.instant(tick: 3))
        expect(wheel.expire(at: Self.instant(tick: 3)), is: [1])
    }

    /// Half of an id will do where the payload says the rest.
    @Test func aPlaceNamesATimerTogetherWithItsPayload() throws {
        var wheel = try TimingWheel(tick: Self.tick, origin: .zero)
        let first = wheel.schedule(7, at: Self.instant(tick: 5)).timerPlace
        expect(!wheel.cancel(.none, TimerPayload(rawValue: 7)))
        expect(!wheel.cancel(first, TimerPayload(rawValue: 8)))
        expect(wheel.count == 1)
        expect(wheel.cancel(first, TimerPayload(rawValue: 7)))
        expect(wheel.count == 0)
        expect(!wheel.cancel(first, TimerPayload(rawValue: 7)))
        // The place is another's now.
        let second = wheel.schedule(9, at: Self.instant(tick: 5)).timerPlace
        expect(second == first)
        expect(!wheel.cancel(first, TimerPayload(rawValue: 7)))
        expect(wheel.count == 1)
        expect(wheel.expire(at: Self.instant(tick: 5)), is: [9])
        expect(!wheel.cancel(second, TimerPayload(rawValue: 9)))
    }

    @Test func memoryIsKeptAndUsedAgain() throws {
        var wheel = try TimingWheel(tick: Self.tick, origin: .zero)
        var ids = (0..<1000).map { wheel.schedule(UInt64($0), at: Self.instant(tick: Int64($0) + 1)) }
        let capacity = wheel.store.capacity
        for round in Int64(1)...20 {
            for index in ids.indices {
                _ = wheel.cancel(ids[index])
                ids[index] = wheel.schedule(0, at: Self.instant(tick: round * Int64(index + 1)))
            }
        }
        expect(wheel.count == 1000)
        expect(wheel.store.capacity == capacity)
        #expect(MemoryLayout<TimerNode>.stride == 32)
        let due = wheel.expire(at: Self.instant(tick: 30_000))
        #expect(due.count == 1000)
    }
}
