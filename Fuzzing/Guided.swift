import Glibc

// libFuzzer's side of the program: built with `-D GUIDED`, as a library that libFuzzer's own `main` calls.
// Scripts/fuzz --guided does all of it. What libFuzzer does not know by two dashes is the program's own:
//        fuzz --target=NAME CORPUS ... -max_total_time=60
//        fuzz --target=NAME REPRODUCER
//        fuzz --list
//        fuzz --prepare=NAME --into=FOLDER
// prepares a dictionary, and inputs that are nearly in order, to begin with.
#if GUIDED
/// What the command line says behind `--NAME=`.
private func setting(_ name: String) -> String? {
    let prefix = "--\(name)="
    return CommandLine.arguments.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
}

private func target(named name: String?) -> any FuzzTarget {
    if let target = AllTargets.list.first(where: { $0.name == name }) { return target }
    fail("expected --list, or --target= with one of \(AllTargets.list.map(\.name).joined(separator: ", "))")
}

private let chosen = target(named: setting("target"))

/// What a target knows of its language, for libFuzzer to begin with.
private func prepare(_ target: any FuzzTarget, into folder: String) throws {
    var lines = "max_len \(target.bytesMax)\n"
    for word in target.words {
        let digits = word.map { byte in
            let text = String(byte, radix: 16)
            return "\\x" + (text.count < 2 ? "0" : "") + text
        }
        lines += "\"\(digits.joined())\"\n"
    }
    try FuzzFiles.write(Array(lines.utf8), to: "\(folder)/words")
    var random = FuzzRandom(seed: 1)
    for number in 0..<64 {
        try FuzzFiles.write(target.make(&random), to: "\(folder)/seeds/made-\(number)")
    }
}

/// Called once, before anything else.
@_cdecl("LLVMFuzzerInitialize")
public func guidedStart(_ count: UnsafeMutableRawPointer?, _ arguments: UnsafeMutableRawPointer?) -> Int32 {
    if CommandLine.arguments.contains("--list") {
        for target in AllTargets.list { print(target.name) }
        exit(0)
    }
    guard let name = setting("prepare"), let folder = setting("into") else { return 0 }
    do { try prepare(target(named: name), into: folder) } catch { fail("\(error)") }
    exit(0)
}

/// Called for each input. What does not hold ends the program, for libFuzzer to keep the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func guidedInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    // SAFETY: libFuzzer lends that many bytes for the call.
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do {
        _ = try chosen.check(input)
    } catch {
        let line = Array("fuzz: \(chosen.name): \(error)\n".utf8)
        _ = unsafe write(STDERR_FILENO, line, line.count)
        abort()
    }
    return 0
}
#endif
