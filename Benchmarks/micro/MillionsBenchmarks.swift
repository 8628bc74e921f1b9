import BenchmarkSupport
import ZCNet

/// What keeps a server's connections when there are ten million of them, beside the same code with 100,000:
/// finding a connection, replacing a timeout that is armed, and ending an entry to begin another, each at
/// random.
///
/// Nothing is searched, so that what differs is how far away the memory is: all of it lies outside every
/// cache, and most of a page table too.
func millionsBenchmarks(_ options: ReportOptions) -> [Comparison] {
    let (few, many) = (100_000, options.isQuick ? 1_000_000 : 10_000_000)
    let rounds = options.repetitions(9)
    return [
        // A loop's table ends at 4,194,304.
        compare("find in the table", min(many, 4_000_000), few, rounds) { ManyConnections($0).run },
        compare("timeout replaced in the wheel", many, few, rounds) { ManyTimers($0).run },
        compare("remove + insert in a slab", many, few, rounds) { ManyEntries($0).run },
    ]
}

private let lookups = 200_000

/// Ours is the one with few: the ratio says how many times dearer the many are.
private func compare(
    _ what: String, _ many: Int, _ few: Int, _ rounds: Int, _ make: (Int) -> () -> Double
) -> Comparison {
    let (small, large) = (make(few), make(many))
    let measured = Measurement.interleaved(rounds: rounds, ["few": small, "many": large])
    return Comparison(
        "\(what), \(few)", ours: measured["few"], beside: "\(many)", its: measured["many"],
        ratio: measured.ratio("many", to: "few"))
}

/// Places in an order that nobody can guess.
private func places(below count: Int) -> [Int] { (0..<lookups).map { _ in Int.random(in: 0..<count) } }

private final class ManyConnections {
    private var table = ConnectionTable(loop: 0)
    private var ids: [ConnectionID] = []

    init(_ count: Int) {
        ids.reserveCapacity(count)
        for number in 0..<count {
            guard let slot = table.insert() else { preconditionFailure("the table is full") }
            slot[].descriptor = Descriptor(rawValue: Int32(number))
            ids.append(slot[].id)
        }
    }

    func run() -> Double {
        let wanted = places(below: ids.count).map { ids[$0] }
        var sum = 0
        let time = nanoseconds(per: lookups) {
            for id in wanted { sum &+= Int(table.find(id)?[].descriptor.rawValue ?? 0) }
        }
        blackHole(sum)
        return time
    }
}

private final class ManyTimers {
    private var wheel: TimingWheel
    private var ids: [TimerID] = []
    private var now: Int64 = 0

    init(_ count: Int) {
        guard let wheel = try? TimingWheel(origin: .zero) else { preconditionFailure("no wheel") }
        self.wheel = wheel
        ids.reserveCapacity(count)
        for number in 0..<count {
            ids.append(self.wheel.schedule(TimerPayload(rawValue: UInt64(number)), at: Self.ahead(of: 0)))
        }
    }

    /// A minute ahead, as idle timeouts are.
    private static func ahead(of now: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: now + 60_000_000_000)
    }

    func run() -> Double {
        let chosen = places(below: ids.count)
        return nanoseconds(per: lookups) {
            for place in chosen {
                now += 1000
                precondition(wheel.rearm(ids[place], at: Self.ahead(of: now)))
            }
        }
    }
}

private final class ManyEntries {
    private var slab = Slab<InlineArray<4, UInt64>>()
    private var indices: [SlotIndex] = []

    init(_ count: Int) {
        indices.reserveCapacity(count)
        for number in 0..<count { indices.append(slab.insert(InlineArray(repeating: UInt64(number)))) }
    }

    func run() -> Double {
        let chosen = places(below: indices.count)
        return nanoseconds(per: lookups) {
            for place in chosen {
                let entry = slab.remove(indices[place])
                indices[place] = slab.insert(entry)
            }
        }
    }
}
