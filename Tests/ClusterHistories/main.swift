import ClusterSimulation
import Glibc
import HistoryProgram

// Plays lives of a cluster on a simulated engine; Scripts/cluster-histories calls it.
// Usage: cluster-histories --seed FIRST --count N
//        cluster-histories --replay SEED
//        cluster-histories --broken N     clusters with a part taken out must be found within N histories

if let seed = option("--replay") {
    let run = try ClusterRun(seed: seed)
    let violations = try run.run()
    for line in run.trace { print(line) }
    for violation in violations { print("seed \(seed): \(violation)") }
    if violations.isEmpty { print("seed \(seed) breaks nothing") }
    exit(violations.isEmpty ? 0 : 1)
}
if let count = option("--broken") {
    var missed = 0
    for variant in ClusterVariant.broken {
        if let found = try variant.found(within: 1...count) {
            print("\(variant.rawValue): found by history \(found.seed): \(found.violations[0])")
        } else {
            print("\(variant.rawValue): not found in \(count)")
            missed += 1
        }
    }
    exit(missed == 0 ? 0 : 1)
}
try await play(usage: "--count N with --seed FIRST, or --replay SEED, or --broken N", brokenMax: 3) { seed in
    let violations = try ClusterRun(seed: seed).run()
    for violation in violations { print("seed \(seed): \(violation)") }
    if !violations.isEmpty { print("replay with: Scripts/cluster-histories --replay \(seed)") }
    return violations.isEmpty
}
