import CProbe
import Glibc
import Synchronization
import ZCNet

/// What a loop's thread did while it was counted.
struct Tally: Equatable, Sendable {
    var allocations = 0
    var frees = 0
    var objects = 0
    var retains = 0
    var releases = 0
    var locks = 0
    var futexes = 0

    init() {}

    init(_ counts: cprobe_counts) {
        allocations = Int(counts.allocations)
        frees = Int(counts.frees)
        objects = Int(counts.objects)
        retains = Int(counts.retains)
        releases = Int(counts.releases)
        locks = Int(counts.locks)
        futexes = Int(counts.futexes)
    }

    private static let fields: [WritableKeyPath<Tally, Int> & Sendable] = [
        \.allocations, \.frees, \.objects, \.retains, \.releases, \.locks, \.futexes,
    ]

    var all: [Int] { Self.fields.map { self[keyPath: $0] } }

    /// The larger of each.
    func most(_ other: Tally) -> Tally { merged(other, max) }

    /// The smaller of each.
    func least(_ other: Tally) -> Tally { merged(other, min) }

    /// What is more than in `other`, never less than nothing.
    func beyond(_ other: Tally) -> Tally { merged(other) { max(0, $0 - $1) } }

    private func merged(_ other: Tally, _ body: (Int, Int) -> Int) -> Tally {
        var result = self
        for field in Self.fields {
            result[keyPath: field] = body(self[keyPath: field], other[keyPath: field])
        }
        return result
    }
}

/// Switches counting on and off on a loop's own thread, by work that is posted to it.
struct Window {
    private let loop: EventLoop
    private let answer = Answer()
    /// What the two posts themselves cost, which is measured and taken off.
    private(set) var overhead = Tally()

    private final class Answer: Sendable {
        let tally = Mutex(Tally())
        let steps = Atomic<Int>(0)
    }

    init(on loop: EventLoop) {
        self.loop = loop
        // The first posts of their kind fill caches of the runtime.
        for _ in 0..<3 { _ = measure {} }
        // Why the most of many: whether the poster or the loop drops a message's last reference is a
        // matter of luck, and of what else the machine does.
        for _ in 0..<10 { overhead = overhead.most(measure {}) }
    }

    /// What the loop did during `body`, the switching not included.
    func count(_ body: () -> Void) -> Tally { measure(body).beyond(overhead) }

    private func measure(_ body: () -> Void) -> Tally {
        let answer = answer
        let before = answer.steps.load(ordering: .acquiring)
        loop.post { _ in
            answer.steps.add(1, ordering: .releasing)
            cprobe_start()
        }
        wait(for: before + 1)
        // The post is over once the loop has looked at the clock again, which the work above cannot tell.
        usleep(20_000)
        body()
        loop.post { _ in
            let tally = Tally(cprobe_stop())
            answer.tally.withLock { $0 = tally }
            answer.steps.add(1, ordering: .releasing)
        }
        wait(for: before + 2)
        return answer.tally.withLock { $0 }
    }

    private func wait(for step: Int) {
        while answer.steps.load(ordering: .acquiring) < step { usleep(200) }
    }
}

/// Why the tool cannot say anything, or what it says no to.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
