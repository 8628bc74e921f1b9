import Glibc

// The project's own fuzzer, one target in a run; Scripts/fuzz runs them all.
// Usage: fuzz --list
//        fuzz --target NAME --seconds N --seed S --corpus FOLDER --current FILE
//        fuzz --target NAME --replay FILE
// With libFuzzer's `main` there is no other: see Guided.swift.

#if !GUIDED
@main
struct FuzzProgram {
    static func main() {
        if CommandLine.arguments.contains("--list") {
            for target in AllTargets.list { print(target.name) }
            return
        }
        let target = found(option("--target"))
        do {
            if let path = option("--replay") {
                print(try target.check(try FuzzFiles.read(path)))
            } else {
                try fuzz(target)
            }
        } catch {
            fail("\(target.name): \(error)", status: 1)
        }
    }

    static func option(_ name: String) -> String? {
        let arguments = CommandLine.arguments
        guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return nil }
        return arguments[index + 1]
    }

    static func found(_ name: String?) -> any FuzzTarget {
        if let target = AllTargets.list.first(where: { $0.name == name }) { return target }
        fail(
            "expected --list, or --target with one of \(AllTargets.list.map(\.name).joined(separator: ", "))")
    }

    /// Runs a target, and prints what it did.
    static func fuzz(_ target: any FuzzTarget) throws {
        guard let seconds = option("--seconds").flatMap(Double.init),
            let seed = option("--seed").flatMap({ UInt64($0) })
        else { fail("expected --seconds and --seed") }
        let files = try FuzzFiles(
            corpus: option("--corpus") ?? "Fuzzing/corpus", current: option("--current") ?? "fuzz-current")
        var engine = Engine(target, files: files, seed: seed)
        do {
            try engine.run(for: .milliseconds(Int64(seconds * 1000)))
        } catch {
            fail("\(target.name): after \(engine.iterations) inputs of seed \(seed): \(error)", status: 1)
        }
        let rate = Int(Double(engine.iterations) / max(seconds, 0.001))
        print(
            "\(target.name): \(engine.iterations) inputs, \(rate)/s, \(engine.outcomeCount) outcomes,"
                + " slowest \(engine.slowest)")
    }
}
#endif
