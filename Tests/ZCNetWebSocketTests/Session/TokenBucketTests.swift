import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

@Suite struct TokenBucketTests {
    static func at(_ nanoseconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: nanoseconds) }

    @Test func itBeginsFullAndFillsToItsBurst() {
        var bucket = TokenBucket(perSecond: 10, burst: 3, at: .zero)
        for _ in 0..<3 {
            #expect(bucket.hasToken)
            bucket.take(1)
        }
        #expect(!bucket.hasToken && !bucket.isInDebt)
        #expect(bucket.wait(forToken: true) == .milliseconds(100))
        #expect(bucket.wait(forToken: false) == .zero)
        bucket.fill(at: Self.at(3_600_000_000_000))
        for _ in 0..<3 { bucket.take(1) }
        #expect(!bucket.hasToken)
    }

    /// A rate that divides no power of ten, asked in uneven steps for simulated years: not a token more or
    /// less than the exact quotient.
    @Test(arguments: [3, 7, 999, 1_000_003])
    func nothingIsLostOverYears(rate: Int) {
        // Twice what the longest step brings, so that the bucket never runs over.
        var bucket = TokenBucket(perSecond: rate, burst: 2 * rate, at: .zero)
        bucket.take(2 * rate)
        var random = SimulatedRandom(seed: UInt64(rate))
        var now: Int64 = 0
        var taken = 0
        var whole = 0
        for _ in 0..<20_000 {
            now += Int64(random.next() % 900_000_000)
            bucket.fill(at: Self.at(now))
            // As many as there are, one by one only where they are few.
            let step = rate < 1000 ? 1 : rate / 50
            while bucket.wait(forToken: true) == .zero {
                guard step == 1 || Self.has(bucket, step) else { break }
                bucket.take(step)
                taken += step
            }
            whole = Int((Double(now) / 1e9).rounded(.down))
        }
        let exact = Int(now / 1_000_000_000) * rate + Int(now % 1_000_000_000) * rate / 1_000_000_000
        #expect(exact - taken >= 0)
        #expect(exact - taken < max(1, rate / 50), "after \(whole) s")
        #expect(whole > 5000)
    }

    /// Whether so many tokens are there.
    static func has(_ bucket: TokenBucket, _ count: Int) -> Bool {
        var copy = bucket
        copy.take(count)
        return !copy.isInDebt
    }

    /// The wait is the exact one: at its end the token is there, a nanosecond earlier it is not.
    @Test(arguments: [1, 3, 7, 30, 1 << 32])
    func theWaitIsExact(rate: Int) {
        for debt in [0, 1, 2, 1000] {
            var bucket = TokenBucket(perSecond: rate, burst: 1, at: .zero)
            bucket.take(1 + debt)
            let wait = bucket.wait(forToken: true).nanoseconds
            var early = bucket
            early.fill(at: Self.at(wait - 1))
            bucket.fill(at: Self.at(wait))
            #expect(bucket.hasToken && !early.hasToken)
        }
    }

    @Test func theLargestValuesDoNotOverflow() {
        var bucket = TokenBucket(perSecond: TokenBucket.most, burst: TokenBucket.most, at: .zero)
        for _ in 0..<10 { bucket.take(Int.max) }
        #expect(bucket.isInDebt)
        #expect(bucket.wait(forToken: false) > .zero)
        bucket.fill(at: Self.at(.max))
        #expect(bucket.hasToken)
        bucket.take(TokenBucket.most)
        #expect(!bucket.isInDebt && !bucket.hasToken)
        // A clock that stood still brings nothing, and one that goes back takes nothing.
        bucket.fill(at: Self.at(0))
        #expect(!bucket.isInDebt && !bucket.hasToken)
    }
}
