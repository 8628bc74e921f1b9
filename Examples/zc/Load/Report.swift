import ExampleSupport
import Glibc
import ZCNet

/// What the program prints.
enum Report {
    /// A line each second, which replaces the last where somebody watches; nothing where nobody does.
    static func progress(_ seconds: Int, _ perSecond: Int) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        let line = Array("\r\(seconds) s: \(perSecond) messages/s          ".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }

    /// The figures at the end.
    static func final(_ plan: Plan, seconds: Double) {
        if isatty(STDERR_FILENO) == 1 { say("", to: STDERR_FILENO) }
        let (options, latency) = (plan.options, plan.latency)
        let rate = Double(latency.count) / seconds
        let megabytes = rate * Double(options.payloadBytes) / 1e6
        say("\(latency.count) messages in \(tenths(seconds)) s over \(options.connections) connections")
        say("\(Int(rate)) messages/s, \(tenths(megabytes)) MB/s each way")
        say("latency  " + latency.line)
        if let asked = options.rate {
            say("asked for \(tenths(asked)) messages/s; latency runs from when a message was due")
            say("of that, sent late by this program  " + plan.lateness.line)
        }
        say("values are at most 1/16 too large")
        if plan.losses > 0 { say("\(plan.losses) connections were lost") }
        if plan.differences > 0 { say("\(plan.differences) times something else came back than was sent") }
    }
}
