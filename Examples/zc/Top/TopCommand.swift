import ExampleSupport
import Glibc
import ToolSupport
import ZCNetWebSocket

/// Watches a server's `/varz`: see `usage` for the command line.
struct TopCommand {
    private var endpoint = ""
    private var path = "/varz"
    private var interval = Duration.seconds(1)
    private var isOnce = false
    private var tls = ClientTLSOptions()

    private static let usage = """
        usage: zc top [--interval SECONDS] [--path PATH] [--once] [\(ClientTLSOptions.usage)]
                      HOST:PORT
        Shows a server's connections, rates, latencies and queues, from its page /varz, until it is
        interrupted. --once prints one view, whose rates are those of one interval, and ends.
        """

    init(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst() {
            if name == "--once" {
                isOnce = true
                continue
            }
            if tls.takeSwitch(name) { continue }
            if !name.hasPrefix("-") && endpoint.isEmpty {
                endpoint = name
                continue
            }
            guard let value = rest.popFirst(), take(name, value) else {
                refuse(name, of: "top", Self.usage)
            }
        }
        if endpoint.isEmpty { fail("top: expected HOST:PORT\n\(Self.usage)") }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--path" where value.hasPrefix("/"): path = value
        case "--interval":
            guard let seconds = Double(value), (0.05...3600).contains(seconds) else { return false }
            interval = .seconds(seconds)
        default: return tls.take(name, value)
        }
        return true
    }

    func run() async {
        do {
            var configuration = TCPClient.Configuration()
            configuration.group.loops = 1
            if tls.isWanted { configuration.security = tls.security }
            let pages = try PageClient(configuration, endpoint, path)
            let clock = ContinuousClock()
            var (last, at) = (try await pages.varz(), clock.now)
            if !isOnce { show(VarzView(now: last, before: nil, seconds: 0, place: endpoint)) }
            while true {
                try await clock.sleep(until: at + interval)
                let (page, now) = (try await pages.varz(), clock.now)
                let seconds = at.duration(to: now) / .seconds(1)
                show(VarzView(now: page, before: last, seconds: seconds, place: endpoint))
                if isOnce { return }
                (last, at) = (page, now)
            }
        } catch {
            fail("top: \(error)")
        }
    }

    /// A view in the place of the last one, where somebody watches.
    private func show(_ view: VarzView) {
        let isLive = !isOnce && isatty(STDOUT_FILENO) == 1
        say((isLive ? "\u{1B}[H\u{1B}[2J" : "") + view.lines.joined(separator: "\n"))
    }
}
