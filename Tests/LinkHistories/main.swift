import Glibc
import LinkSimulation

// Plays histories of links in a simulated network; Scripts/link-histories calls it.
// Usage: link-histories --seed FIRST --count N

func option(_ name: String) -> UInt64? {
    let arguments = CommandLine.arguments
    guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return nil }
    return UInt64(arguments[index + 1])
}

guard let count = option("--count") else {
    print("expected --count N, with --seed FIRST")
    exit(2)
}
let first = option("--seed") ?? 1
var failures = 0
for seed in first..<first + count {
    let outcome = try await LinkHistory(seed: seed).run()
    if outcome.complaints.isEmpty { continue }
    failures += 1
    print("seed \(seed): \(outcome.complaints)\n  \(outcome.lines)")
    if failures == 10 { break }
}
print("\(failures) of \(count) histories from seed \(first) broke a promise")
exit(failures == 0 ? 0 : 1)
