import CProbe
import Glibc
import ZCNet

// Counts what a loop's thread does per message in a steady echo, over TCP and over WebSocket, and fails
// unless that is nothing.
// Usage: count-hot-path [--blame] [--messages N] [--only PART-OF-A-NAME]

let arguments = CommandLine.arguments
let blames = arguments.contains("--blame")
let asked = arguments.firstIndex(of: "--messages").flatMap { Int(arguments[$0 + 1]) }
let messages = asked ?? (blames ? 2000 : 50_000)

let only = arguments.firstIndex(of: "--only").map { arguments[$0 + 1] } ?? ""

func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

func rate(_ total: Int, per messages: Int) -> String {
    let hundredths = (total * 100 + messages / 2) / messages
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
}

/// A row: each kind in total and per message.
func row(_ name: String, _ outcome: Scenario.Outcome) -> String {
    let tally = outcome.tally
    let kinds = [
        tally.allocations, tally.frees, tally.retains, tally.releases, tally.locks + tally.futexes,
    ]
    let cells = kinds.map { padded("\($0) (\(rate($0, per: outcome.messages)))", 17) }
    let figures = [outcome.messages, outcome.receptions, outcome.partialSends].map { padded("\($0)", 9) }
    return name + String(repeating: " ", count: max(1, 30 - name.count)) + figures.joined() + cells.joined()
}

/// epoll, and io_uring where the kernel allows it.
func drivers() -> [(DriverChoice, String)] {
    do {
        _ = try EventLoopGroup(loops: 1, driver: .uring)
        return [(.epoll, "epoll"), (.uring, "io_uring")]
    } catch {
        print("without io_uring: \(error)")
        return [(.epoll, "epoll")]
    }
}

do {
    guard cprobe_is_available() else { throw Failure("counting is compiled out under sanitizers") }
    try SelfCheck.run()
    if blames { cprobe_blame() }
    let titles = ["allocations", "frees", "retains", "releases", "locks"].map { padded($0, 17) }.joined()
    let figures = ["messages", "receives", "partial"].map { padded($0, 9) }.joined()
    print("scenario                      \(figures)\(titles)   in total (per message)")
    var failed = 0
    for (driver, name) in drivers() {
        print("on \(name):")
        for scenario in Scenario.all(messages: messages) where only.isEmpty || scenario.name.contains(only) {
            let outcome = try scenario.run(on: driver)
            print(row(scenario.name, outcome))
            if scenario.isBroken(by: outcome.tally, messages: outcome.messages) { failed += 1 }
            if blames { cprobe_print_blame() }
        }
    }
    if failed > 0 { throw Failure("\(failed) scenarios did what should not be done per message") }
    print("nothing was allocated, counted by reference or locked by the loop's thread, in any scenario,")
    print("but for what the language's runtime does to wake a task, and one allocation for a message to keep")
} catch {
    print("count-hot-path: \(error)")
    exit(1)
}
