import Glibc
import Synchronization
import ZCProto

/// Nanoseconds on a clock that all threads share.
func nanoseconds(_ clock: clockid_t = CLOCK_MONOTONIC) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// What the simulated users heard: one histogram for each of their loops, which alone writes it.
final class Latencies: Sendable {
    private let histograms = Mutex<[Histogram]>([])

    func make() -> Histogram {
        let histogram = Histogram()
        histograms.withLock { $0.append(histogram) }
        return histogram
    }

    /// All of them together; nil before there is one.
    var snapshot: HistogramSnapshot? {
        let snapshots = histograms.withLock { $0.map { $0.snapshot() } }
        return snapshots.first.map { snapshots.dropFirst().reduce($0) { $0.merged(with: $1) } }
    }
}

/// A simulated user: looks at the time that a push was made, which it carries.
struct User: GoimClientHandler {
    let latency: Histogram

    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
        guard let made = proto.body.load(as: Int.self, at: 0, .littleEndian) else { return }
        latency.record(nanoseconds() - made)
    }
}

/// Users of one room, all on one loop.
struct Crowd {
    let latencies = Latencies()
    let client: GoimClient

    init(_ options: RoomOptions) throws {
        var configuration = GoimClient.Configuration()
        configuration.tcp.group.loops = 1
        configuration.tcp.group.driver = options.driver
        let latencies = latencies
        client = try GoimClient(configuration) { User(latency: latencies.make()) }
        try client.start()
    }

    /// Brings everybody in, a few at a time.
    func gather(_ count: Int, at address: String, room: String) async throws {
        let token = GoimToken(room: room, platform: "simulated")
        var left = count
        while left > 0 {
            let group = min(left, 64)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<group { tasks.addTask { _ = try await client.connect(to: address, token) } }
                try await tasks.waitForAll()
            }
            left -= group
        }
    }
}
