import CProbe

/// Shows that the counters count, so that nought means nought. Throws where they do not.
enum SelfCheck {
    private final class Planted {}

    static func run() throws {
        try checkKinds()
        try checkLoop()
    }

    /// Each kind, exactly, on this thread.
    private static func checkKinds() throws(Failure) {
        cprobe_start()
        cprobe_plant()
        let planted = Tally(cprobe_stop())
        try expect(planted.all, [5, 4, 0, 0, 0, 6, 1], "planted in C")

        cprobe_start()
        let object = makeObject()
        let made = Tally(cprobe_stop())
        try expect([made.objects, made.allocations], [1, 1], "an object made")

        cprobe_start()
        plantRetain(object)
        plantRetain(object)
        plantRelease(object)
        plantRelease(object)
        let counted = Tally(cprobe_stop())
        try expect([counted.retains, counted.releases], [2, 2], "two retains and two releases")

        cprobe_start()
        try expect(Tally(cprobe_stop()).all, [0, 0, 0, 0, 0, 0, 0], "nothing")
    }

    /// A whole window with a handler that wastes: one of each per reception.
    private static func checkLoop() throws {
        let outcome = try Scenario.wasteful.run(on: .epoll)
        let tally = outcome.tally
        let least = [tally.allocations, tally.retains, tally.releases, tally.locks].min() ?? 0
        // Why not all: what empty windows cost at most has been taken off, and this one may have cost less.
        if least < outcome.receptions * 99 / 100 || outcome.receptions < outcome.messages / 2 {
            throw Failure("self-check: waste went unseen: \(tally) for \(outcome.receptions) receptions")
        }
        print("self-check: every kind is seen, also on the loop's thread")
    }

    @inline(never)
    private static func makeObject() -> AnyObject { Planted() }

    private static func expect(_ got: [Int], _ wanted: [Int], _ what: String) throws(Failure) {
        if got != wanted { throw Failure("self-check: \(what): expected \(wanted), got \(got)") }
    }
}
