import Glibc
import HistoryProgram
import LinkSimulation

// Plays histories of links in a simulated network; Scripts/link-histories calls it.
// Usage: link-histories --seed FIRST --count N
//        link-histories --broken N     links with a fault must be found within N histories

if let count = option("--broken") {
    var missed = 0
    for fault in LinkFault.allCases {
        if let found = try await fault.found(within: 1...count) {
            print("\(fault.rawValue): found by history \(found.seed): \(found.complaint)")
        } else {
            print("\(fault.rawValue): not found in \(count)")
            missed += 1
        }
    }
    exit(missed == 0 ? 0 : 1)
}
try await play(usage: "--count N with --seed FIRST, or --broken N", brokenMax: 10) { seed in
    let outcome = try await LinkHistory(seed: seed).run()
    if outcome.complaints.isEmpty { return true }
    print("seed \(seed): \(outcome.complaints)\n  \(outcome.lines)")
    return false
}
