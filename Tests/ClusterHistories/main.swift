import ClusterSimulation
import Glibc

// Plays lives of a cluster on a simulated engine; Scripts/cluster-histories calls it.
// Usage: cluster-histories --seed FIRST --count N
//        cluster-histories --replay SEED
//        cluster-histories --broken N     clusters with a part taken out must be found within N histories

func option(_ name: String) -> UInt64? {
    let arguments = CommandLine.arguments
    guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return nil }
    return UInt64(arguments[index + 1])
}

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
guard let count = option("--count") else {
    print("expected --count N with --seed FIRST, or --replay SEED, or --broken N")
    exit(2)
}
let first = option("--seed") ?? 1
var failures = 0
for seed in first..<first + count {
    let violations = try ClusterRun(seed: seed).run()
    if violations.isEmpty { continue }
    for violation in violations { print("seed \(seed): \(violation)") }
    print("replay with: Scripts/cluster-histories --replay \(seed)")
    failures += 1
    if failures == 3 { break }
}
print("histories \(count) from seed \(first), broken \(failures)")
exit(failures == 0 ? 0 : 1)
