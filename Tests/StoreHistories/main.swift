import Glibc
import HistoryProgram
import StoreSimulation

// Plays histories of a store on a simulated disk; Scripts/store-histories calls it.
// Usage: store-histories --seed FIRST --count N
//        store-histories --replay SEED
//        store-histories --broken N     stores with a part taken out must be found within N histories

/// What a history breaks; nil for nothing.
func violation(_ history: StoreHistory, _ variant: StoreVariant = .whole) -> StoreViolation? {
    do throws(StoreViolation) {
        try history.run(on: variant)
        return nil
    } catch {
        return error
    }
}

/// Prints the shortest form of a history that breaks something.
func tell(_ history: StoreHistory, _ found: StoreViolation) {
    let shortest = history.minimised { violation($0) != nil }
    print("seed \(history.seed): \(found)\nits shortest form, which breaks: \(violation(shortest) ?? found)")
    print(shortest)
    print("replay with: Scripts/store-histories --replay \(history.seed)")
}

if let seed = option("--replay") {
    let history = StoreHistory(seed: seed)
    print(history)
    guard let found = violation(history) else {
        print("seed \(seed) breaks nothing")
        exit(0)
    }
    tell(history, found)
    exit(1)
}
if let count = option("--broken") {
    var missed = 0
    for variant in StoreVariant.broken {
        let seed = (1...count).first { violation(StoreHistory(seed: $0), variant) != nil }
        print("\(variant.name): " + (seed.map { "found by history \($0)" } ?? "not found in \(count)"))
        if seed == nil { missed += 1 }
    }
    exit(missed == 0 ? 0 : 1)
}
await play(usage: "--count N with --seed FIRST, or --replay SEED, or --broken N", brokenMax: 3) { seed in
    let history = StoreHistory(seed: seed)
    guard let found = violation(history) else { return true }
    tell(history, found)
    return false
}
