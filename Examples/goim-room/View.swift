import ExampleSupport
import Glibc
import ZCProto

/// What the terminal shows.
struct View {
    let server: GoimServer
    let latencies: Latencies
    private var delivered = 0
    private var shownAt = nanoseconds()

    init(_ server: GoimServer, _ latencies: Latencies) {
        self.server = server
        self.latencies = latencies
    }

    /// A line that replaces the last where somebody watches; nothing where nobody does.
    mutating func progress() {
        let now = nanoseconds()
        let figures = server.hub.snapshot()
        let rate = Double(figures[.delivered] - delivered) / (Double(now - shownAt) / 1e9)
        delivered = figures[.delivered]
        shownAt = now
        guard isatty(STDERR_FILENO) == 1 else { return }
        let line = "\r\(figures[.members]) members, \(Int(rate)) pushes/s, \(percentiles)          "
        let bytes = Array(line.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    private var percentiles: String {
        guard let snapshot = latencies.snapshot, snapshot.count > 0 else { return "nothing heard yet" }
        func micros(_ fraction: Double) -> Int { snapshot.quantile(fraction) / 1000 }
        return "latency p50 \(micros(0.5)) us, p99 \(micros(0.99)) us, p99.9 \(micros(0.999)) us"
    }

    /// The figures at the end.
    func final(pushes: Int, seconds: Double, serverNanoseconds: Int) {
        if isatty(STDERR_FILENO) == 1 { say("", to: STDERR_FILENO) }
        let figures = server.hub.snapshot()
        let count = figures[.delivered]
        say("\(pushes) pushes to \(figures[.members]) members: \(count) delivered in \(Int(seconds)) s")
        say("\(Int(Double(count) / seconds)) deliveries/s, \(percentiles)")
        let lost = figures[.overflowed] + figures[.missed] + figures.unreached
        say("\(lost) not delivered, \(figures[.batches]) batches")
        let each = count == 0 ? 0 : serverNanoseconds / count
        say("the server's loops took \(each) ns of CPU time for each delivery")
    }
}
