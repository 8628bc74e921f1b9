import Testing

@testable import ZCNet
@testable import ZCNetTesting

@Suite struct MonotonicInstantTests {
    static let first = MonotonicInstant(nanoseconds: .min)
    static let last = MonotonicInstant(nanoseconds: .max)

    @Test func movesByDurations() {
        let start = MonotonicInstant(nanoseconds: 5)
        #expect(start + .microseconds(2) == MonotonicInstant(nanoseconds: 2005))
        #expect(start - .microseconds(2) == MonotonicInstant(nanoseconds: -1995))
        #expect((start + .seconds(3)) - start == .seconds(3))
        #expect(start - (start + .seconds(3)) == .seconds(-3))
        #expect(start < start + .nanoseconds(1))
    }

    @Test func saturatesAtBothEnds() {
        #expect(Self.last + .nanoseconds(1) == Self.last)
        #expect(Self.last - .nanoseconds(-1) == Self.last)
        #expect(Self.first - .nanoseconds(1) == Self.first)
        #expect(Self.first + .nanoseconds(-1) == Self.first)
        #expect(.zero + .seconds(Int64.max) == Self.last)
        #expect(.zero - .seconds(Int64.max) == Self.first + .nanoseconds(1))
        #expect(MonotonicInstant(nanoseconds: -2) - .seconds(Int64.max) == Self.first)
    }

    @Test func differencesAreExactBeyondInt64() {
        #expect(Self.last - Self.first == .nanoseconds(Int64.max) + .nanoseconds(Int64.max) + .nanoseconds(1))
        #expect(Self.first - Self.last == .zero - (Self.last - Self.first))
    }

    @Test(
        arguments: [
            (Duration.zero, 0), (.nanoseconds(1), 1), (.nanoseconds(-1), -1),
            (.seconds(9), 9_000_000_000), (.seconds(10), 10_000_000_000), (.seconds(-10), -10_000_000_000),
            (.seconds(9_223_372_036), 9_223_372_036_000_000_000), (.seconds(9_223_372_037), .max),
            (.seconds(-9_223_372_037), .min), (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
            (Duration(secondsComponent: 0, attosecondsComponent: 1_999_999_999), 1),
            (Duration(secondsComponent: 0, attosecondsComponent: -1_999_999_999), -1),
        ] as [(Duration, Int64)])
    func durationsInNanosecondsSaturate(duration: Duration, nanoseconds: Int64) {
        #expect(duration.nanoseconds == nanoseconds)
    }
}

@Suite struct MonotonicClockTests {
    @Test func systemClockNeverStepsBack() {
        let clock = MonotonicClock.system
        var last = clock.now()
        #expect(last > .zero)
        for _ in 0..<1000 {
            let now = clock.now()
            #expect(now >= last)
            last = now
        }
    }

    @Test func virtualClockMovesWhenTold() {
        let time = VirtualClock(now: MonotonicInstant(nanoseconds: 10))
        let clock = MonotonicClock(virtual: time)
        #expect(clock.now() == MonotonicInstant(nanoseconds: 10))
        time.advance(by: .nanoseconds(5))
        #expect(clock.now() == MonotonicInstant(nanoseconds: 15))
        time.advance(by: .nanoseconds(-5))
        time.advance(to: MonotonicInstant(nanoseconds: 3))
        #expect(time.now == MonotonicInstant(nanoseconds: 15))
        time.advance(to: MonotonicInstant(nanoseconds: 30))
        #expect(clock.now() == MonotonicInstant(nanoseconds: 30))
        time.advance(by: .seconds(Int64.max))
        #expect(clock.now() == MonotonicInstant(nanoseconds: .max))
    }

    @Test func concurrentAdvancesAddUp() async {
        let time = VirtualClock()
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<1000 { time.advance(by: .nanoseconds(1)) } }
            }
        }
        #expect(time.now == MonotonicInstant(nanoseconds: 4000))
    }
}
