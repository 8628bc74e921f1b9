import HistoryProgram
import LinkSimulation

// Plays histories of links in a simulated network; Scripts/link-histories calls it.
// Usage: link-histories --seed FIRST --count N

try await play(usage: "--count N, with --seed FIRST", brokenMax: 10) { seed in
    let outcome = try await LinkHistory(seed: seed).run()
    if outcome.complaints.isEmpty { return true }
    print("seed \(seed): \(outcome.complaints)\n  \(outcome.lines)")
    return false
}
