import BenchmarkSupport
import Glibc

// What a message costs the loop of a client with many links: those of one group, beside connections of a
// handler. Call: Scripts/bench/link-groups
//
// Arguments: LINKS (100), BYTES (32), PIPELINED (1), MESSAGES per round (50000), ROUNDS (21);
// or `hold PORT LINKS handlers|group`, whose memory Scripts/bench/links looks at.
let options = ReportOptions()
let numbers = options.rest.compactMap { Int($0) }
func argument(_ index: Int, _ usual: Int, quick: Int) -> Int {
    index < numbers.count ? numbers[index] : options.isQuick ? quick : usual
}

do {
    if options.rest.count == 4, options.rest[0] == "hold", let links = Int(options.rest[2]) {
        try HeldLinks.hold(port: options.rest[1], links: links, areGroup: options.rest[3] == "group")
    }
    let echo = try GroupEcho(
        links: argument(0, 100, quick: 20), bytes: argument(1, 32, quick: 32),
        pipelined: argument(2, 1, quick: 1), messages: argument(3, 50_000, quick: 2000))
    echo.run(rounds: argument(4, 21, quick: 3)).publish(options)
} catch {
    print("link-group-benchmark: \(error)")
    exit(1)
}
