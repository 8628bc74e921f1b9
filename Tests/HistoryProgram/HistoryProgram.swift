import Glibc

// What the programs that play histories from seeds have in common: their options, and playing many.

/// The number behind an option of the command line; nil where it is not given.
public func option(_ name: String) -> UInt64? {
    let arguments = CommandLine.arguments
    guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return nil }
    return UInt64(arguments[index + 1])
}

/// Plays the `--count` histories from seed `--seed`, says how many broke a promise, and ends the program:
/// with success if none did.
///
/// - Parameters:
///   - usage: the options of the program, for who gave no `--count`.
///   - brokenMax: so many broken histories are enough to know.
///   - isWhole: plays one history, and tells what it broke; whether it broke nothing.
public func play(
    usage: String, brokenMax: Int, _ isWhole: (_ seed: UInt64) async throws -> Bool
) async rethrows -> Never {
    guard let count = option("--count") else {
        print("expected \(usage)")
        exit(2)
    }
    let first = option("--seed") ?? 1
    var played = 0
    var broken = 0
    for seed in first..<first + count where broken < brokenMax {
        played += 1
        if try await !isWhole(seed) { broken += 1 }
    }
    print("histories \(played) from seed \(first), broken \(broken)")
    exit(broken == 0 ? 0 : 1)
}
