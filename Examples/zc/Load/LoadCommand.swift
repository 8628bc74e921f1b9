import ExampleSupport
import ZCNet

/// Load for echo servers: throughput, and how long messages take. See `LoadOptions` for the command line.
struct LoadCommand {
    private let options: LoadOptions
    private let plan: Plan

    init(_ arguments: ArraySlice<String>) {
        options = LoadOptions(arguments)
        plan = Plan(options)
    }

    func run() async {
        do {
            let client = try LoadTarget(url: options.url).start(plan)
            try await connectAll(client)
            // What is new is slow: half a second is for caches and windows to grow.
            try await Task.sleep(for: .milliseconds(500))
            let seconds = try await measure()
            await client.stop()
            Report.final(plan, seconds: seconds)
            if plan.losses + plan.differences > 0 || plan.latency.count == 0 {
                fail("load: not all went well")
            }
        } catch {
            fail("load: \(error)")
        }
    }

    /// Connects everything, a few at a time so that no listener's backlog overflows.
    private func connectAll(_ client: any LoadClient) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<options.connections {
                if number >= 64 { try await group.next() }
                group.addTask { try await client.connect() }
            }
            try await group.waitForAll()
        }
    }

    /// Measures for the time asked for, with a line of progress each second.
    private func measure() async throws -> Double {
        let clock = ContinuousClock()
        plan.isMeasuring.store(true, ordering: .relaxed)
        let begin = clock.now
        let end = begin + .seconds(options.seconds)
        var (second, before) = (0, 0)
        while clock.now < end {
            second += 1
            try await clock.sleep(until: min(end, begin + .seconds(second)))
            let count = plan.latency.count
            Report.progress(second, count - before)
            before = count
        }
        plan.isMeasuring.store(false, ordering: .relaxed)
        return begin.duration(to: clock.now) / .seconds(1)
    }
}
