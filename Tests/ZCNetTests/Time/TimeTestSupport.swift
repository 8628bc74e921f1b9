import Testing

@testable import ZCNet
@testable import ZCNetTesting

extension SimulatedRandom {
    /// A number below 2^`bitsMax` whose magnitude, not value, is evenly spread: every level gets its share.
    mutating func magnitude(bitsMax: Int) -> Int64 {
        Int64(truncatingIfNeeded: next() >> UInt64(64 - Int.random(in: 1...bitsMax, using: &self)))
    }
}

/// How wheel and expectation differ, with the seed that shows it again.
struct WheelMismatch: Error, CustomStringConvertible {
    let description: String

    init(_ text: String, seed: UInt64, step: Int) { description = "\(text) (seed \(seed), step \(step))" }
}

extension TimingWheel {
    /// Advances and answers the payloads of all timers that came due.
    mutating func expire(at instant: MonotonicInstant) -> [UInt64] {
        advance(to: instant)
        var payloads: [UInt64] = []
        while let expired = popExpired() { payloads.append(expired.payload.rawValue) }
        return payloads
    }

    mutating func schedule(_ number: UInt64, at deadline: MonotonicInstant) -> TimerID {
        schedule(TimerPayload(rawValue: number), at: deadline)
    }
}

// Why these two: `#expect` takes a call apart and copies its receiver, which a wheel does not allow.

/// Expects what was computed before the call.
func expect(_ condition: Bool, _ comment: Comment? = nil, location: SourceLocation = #_sourceLocation) {
    #expect(condition, comment, sourceLocation: location)
}

/// Expects these payloads to have come due, in this order.
func expect(_ due: [UInt64], is expected: [UInt64], location: SourceLocation = #_sourceLocation) {
    #expect(due == expected, sourceLocation: location)
}
