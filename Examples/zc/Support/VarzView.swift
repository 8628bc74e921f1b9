/// A view of a server in 80 columns, made of two of its pages: a function of them, and of nothing else.
///
/// ```swift
/// for line in VarzView(now: page, before: earlier, seconds: 1, place: "127.0.0.1:9100").lines { say(line) }
/// ```
public struct VarzView {
    /// What is drawn at most.
    public static let columns = 80
    private static let loopsMax = 16
    private static let causesMax = 6

    private let now: Varz
    private let before: Varz?
    private let seconds: Double
    private let place: String

    /// A view of a page, with rates since an earlier one.
    ///
    /// - Parameters:
    ///   - before: nil, or a page of a server that was begun anew since, shows rates as unknown.
    ///   - seconds: the time between the two.
    public init(now: Varz, before: Varz?, seconds: Double, place: String) {
        self.now = now
        let isSame = before.map { $0["turns"] <= now["turns"] && $0["opened"] <= now["opened"] } ?? false
        self.before = isSame && seconds > 0 ? before : nil
        self.seconds = seconds
        self.place = place
    }

    /// The view, line by line.
    public var lines: [String] {
        let parts = [[head, ""], traffic, [""], queues, [""], loops, [""], endings]
        return parts.flatMap { $0 }.map { Self.cut($0) }
    }

    // MARK: Its parts

    private var head: String {
        let span = before == nil ? "rates with the next view" : "rates of \(Self.tenths(seconds)) s"
        let loops = now.loops.count == 1 ? "1 loop" : "\(now.loops.count) loops"
        return Self.pad("\(place): \(loops)", Self.columns - span.count) + span
    }

    private var traffic: [String] {
        var rows = [
            row(gauge("connections"), rate("opened"), ("refused/s", refused)),
            row(
                ("messages in/s", perSecond { $0["messagesIn"] }),
                ("out/s", perSecond { $0["messagesOut"] })),
            row(
                ("bytes in/s", perSecond { $0["bytesIn"] }), ("out/s", perSecond { $0["bytesOut"] }),
                ("errors/s", perSecond { $0["protocolErrors"] })),
        ]
        if now.hasWebSocket {
            rows.insert(
                row(
                    ("conversations", Self.amount(now.webSocket("conversations"))),
                    ("upgrades/s", perSecond { $0.webSocket("upgrades") }),
                    ("requests/s", perSecond { $0.webSocket("requests") })), at: 1)
        }
        return rows
    }

    private var queues: [String] {
        [
            row(
                ("waiting bytes", Self.amount(now["queuedBytes"])),
                ("memory", Self.amount(now["memoryBytes"])),
                gauge("timersArmed", as: "timers")),
            row(
                rate("overflows", as: "full"), rate("droppedMessages", as: "dropped"),
                rate("memoryEvictions", as: "evicted")),
        ]
    }

    private var loops: [String] {
        var lines = ["loop  turns/s  per turn p50   p99   callbacks/s    p50      p99    p99.9  slow/s"]
        for (index, loop) in now.loops.prefix(Self.loopsMax).enumerated() {
            let callbacks = loop.callbackNanoseconds
            let cells = [
                (4, "\(index)"), (9, perSecond(of: index) { $0["turns"] }),
                (14, "\(loop.completionsPerTurn.p50)"), (6, "\(loop.completionsPerTurn.p99)"),
                (14, callbacks.count == 0 ? "-" : perSecond(of: index) { $0.callbackNanoseconds.count }),
                (7, Self.time(callbacks, callbacks.p50)), (9, Self.time(callbacks, callbacks.p99)),
                (9, Self.time(callbacks, callbacks.p999)), (8, perSecond(of: index) { $0["slowCallbacks"] }),
            ]
            lines.append(cells.map { Self.right($1, $0) }.joined())
        }
        if now.loops.count > Self.loopsMax {
            lines.append("and \(now.loops.count - Self.loopsMax) more loops")
        }
        if now.loops.allSatisfy({ $0.callbackNanoseconds.count == 0 }) {
            lines.append("callbacks are timed where the server has a tracer")
        }
        return lines
    }

    /// Connections by cause, and conversations by close code, the most frequent first.
    private var endings: [String] {
        let causes = Self.largest(now.closesByCause.map { ($0.cause, $0.count) }).map { cause, count in
            let earlier = before.map { $0.closesByCause.first { $0.cause == cause }?.count ?? 0 }
            return (cause, count, rate(from: earlier, to: count))
        }
        let codes = Self.largest(now.closesByCode.map { ($0.code, $0.count) }).map { code, count in
            let earlier = before.map { $0.closesByCode.first { $0.code == code }?.count ?? 0 }
            return (code, count, rate(from: earlier, to: count))
        }
        func cell(_ ending: (String, Int, String)) -> String {
            Self.pad("  " + ending.0, 16) + Self.right(Self.amount(ending.1), 8) + Self.right(ending.2, 10)
        }
        let title = Self.pad("connections ended, by cause", 24) + "   /s"
        var lines = [Self.pad(title, 42) + (now.hasWebSocket ? "conversations, by close code  /s" : "")]
        if causes.isEmpty && codes.isEmpty { lines.append("  none") }
        for index in 0..<max(causes.count, codes.count) {
            let left = index < causes.count ? cell(causes[index]) : ""
            let right = index < codes.count ? cell(codes[index]) : ""
            lines.append(Self.pad(left, 40) + right)
        }
        return lines
    }

    // MARK: Figures

    private var refused: String {
        perSecond { page in
            ["rejectedConnectionsMax", "rejectedPerAddress"].reduce(0) { $0 + page[$1] }
                + [
                    "refusedConversationsMax", "refusedPerClient", "refusedQueuedBytes",
                    "refusedHandshakesMax",
                ]
                .reduce(0) { $0 + page.webSocket($1) }
        }
    }

    private func gauge(_ name: String, as title: String? = nil) -> (String, String) {
        (title ?? name, Self.amount(now[name]))
    }

    private func rate(_ name: String, as title: String? = nil) -> (String, String) {
        ("\(title ?? name)/s", perSecond { $0[name] })
    }

    private func perSecond(_ figure: (Varz) -> Int) -> String {
        rate(from: before.map(figure), to: figure(now))
    }

    private func perSecond(of loop: Int, _ figure: (Varz.Loop) -> Int) -> String {
        let earlier = before.flatMap { $0.loops.indices.contains(loop) ? figure($0.loops[loop]) : nil }
        return rate(from: earlier, to: figure(now.loops[loop]))
    }

    private func rate(from earlier: Int?, to value: Int) -> String {
        guard let earlier else { return "?" }
        return Self.amount(Double(value - earlier) / seconds)
    }

    private static func largest(_ counts: [(String, Int)]) -> [(String, Int)] {
        Array(counts.filter { $0.1 > 0 }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(causesMax))
    }

    // MARK: Text

    private func row(_ cells: (String, String)...) -> String {
        cells.map { Self.pad($0, 14) + Self.right($1, 9) }.joined(separator: "    ")
    }

    /// At most four figures, and a letter: `12.3k`.
    static func amount(_ value: Double) -> String {
        if value < 0 { return "-" + amount(-value) }
        if value < 99.95 { return tenths(value) }
        if value < 9_999.5 { return "\(Int(value.rounded()))" }
        var (scaled, letters) = (value / 1000, "kMGTPE"[...])
        while scaled >= 999.95 && letters.count > 1 {
            scaled /= 1000
            letters.removeFirst()
        }
        return tenths(scaled) + String(letters.first ?? "E")
    }

    static func amount(_ value: Int) -> String { value < 10_000 ? "\(value)" : amount(Double(value)) }

    private static func time(_ histogram: Varz.Quantiles, _ nanoseconds: Int) -> String {
        if histogram.count == 0 { return "-" }
        let microseconds = Double(nanoseconds) / 1000
        if microseconds < 1000 { return tenths(microseconds) + "us" }
        return tenths(microseconds / 1000) + "ms"
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// No wider than the view, and without blanks at its end.
    private static func cut(_ line: String) -> String {
        var line = line.prefix(columns)
        while line.last == " " { line.removeLast() }
        return String(line)
    }
}
