import Glibc
import Synchronization
import ZCNet

/// What one loop has measured. Its loop writes, anybody reads.
final class Meter: Sendable {
    /// From when a message was sent, or due, until it had come back; in nanoseconds.
    let latency = Histogram()
    /// How much later than due messages were sent, which is this program's own part; in nanoseconds.
    let lateness = Histogram()
    /// Connections that ended though nobody had asked them to.
    let losses = Atomic<Int>(0)
    /// Messages that came back otherwise than they were sent.
    let differences = Atomic<Int>(0)
}

/// What all loops share: the plan, and the meters.
final class Plan: Sendable {
    let options: LoadOptions
    /// What each message carries.
    let payload: SharedBytes
    private let meters: [Meter]
    private let nextMeter = Atomic<Int>(0)
    private let nextConnection = Atomic<Int>(0)
    /// Nothing counts before all connections are up and warm, nor after the end.
    let isMeasuring = Atomic<Bool>(false)

    init(_ options: LoadOptions) {
        self.options = options
        meters = (0..<options.loops).map { _ in Meter() }
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        payload = SharedBytes(copying: (0..<options.payloadBytes).map { letters[$0 * 7 % letters.count] })
    }

    /// The meter of one more loop.
    func takeMeter() -> Meter { meters[nextMeter.add(1, ordering: .relaxed).oldValue % meters.count] }

    /// The pace of one more connection, out of step with the others.
    func takePace() -> Pace {
        let number = nextConnection.add(1, ordering: .relaxed).oldValue
        guard let rate = options.rate else { return Pace(pipeline: options.pipeline) }
        let interval = Double(options.connections) / rate * 1e9
        let offset = interval * Double(number % options.connections) / Double(options.connections)
        return Pace(interval: Int64(interval), firstDue: Pace.now + Int64(offset))
    }

    var latency: HistogramSnapshot { merged(\.latency) }
    var lateness: HistogramSnapshot { merged(\.lateness) }
    var losses: Int { meters.reduce(0) { $0 + $1.losses.load(ordering: .relaxed) } }
    var differences: Int { meters.reduce(0) { $0 + $1.differences.load(ordering: .relaxed) } }

    private func merged(_ histogram: KeyPath<Meter, Histogram>) -> HistogramSnapshot {
        meters.dropFirst().reduce(meters[0][keyPath: histogram].snapshot()) {
            $0.merged(with: $1[keyPath: histogram].snapshot())
        }
    }
}
