import Glibc
import Testing

/// A small source file that a user of the library might write, and what the compiler is to say about it.
struct CompilerFixture: Sendable, CustomTestStringConvertible {
    /// What is to happen to the file.
    enum Expectation: Sendable, Equatable {
        case compiles
        /// An error with this text.
        case rejected(String)
        /// It compiles, with a warning of this text.
        case warned(String)
    }

    let name: String
    let path: String
    let expectation: Expectation

    var testDescription: String { name }

    /// The fixtures of a folder below `Fixtures`, by name. The first line of each says what is expected of
    /// it.
    static func all(in folder: String) -> [CompilerFixture] {
        let root = String(#filePath.dropLast("/Rejections/CompilerFixture.swift".count))
        let directory = root + "/Fixtures/" + folder
        return names(in: directory).filter { $0.hasSuffix(".swift") }.sorted().map { file in
            let path = directory + "/" + file
            return CompilerFixture(
                name: String(file.dropLast(6)), path: path, expectation: expectation(firstLine(of: path)))
        }
    }

    /// Compiles the file, and compares what the compiler says with what is expected.
    func check() async throws {
        let outcome = try await Compiler().compile(path)
        switch expectation {
        case .compiles:
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(!outcome.output.contains("warning:"), "\(outcome.output)")
        case .rejected(let text):
            #expect(outcome.status == 1, "\(name) ended with \(outcome.status): \(outcome.output)")
            let errors = outcome.output.split(separator: "\n").filter { $0.contains("error: ") }
            #expect(errors.contains { $0.contains(text) }, "\(outcome.output)")
        case .warned(let text):
            #expect(outcome.status == 0, "\(outcome.output)")
            let warnings = outcome.output.split(separator: "\n").filter { $0.contains("warning: ") }
            #expect(warnings.contains { $0.contains(text) }, "\(outcome.output)")
        }
    }

    private static func expectation(_ line: String) -> Expectation {
        let (expected, warned) = ("// expect: ", "// warns: ")
        if line.hasPrefix(expected) { return .rejected(String(line.dropFirst(expected.count))) }
        if line.hasPrefix(warned) { return .warned(String(line.dropFirst(warned.count))) }
        precondition(line == "// compiles", "a fixture begins with its expectation, not with: \(line)")
        return .compiles
    }

    private static func names(in directory: String) -> [String] {
        guard let listing = unsafe opendir(directory) else { return [] }
        defer { unsafe _ = closedir(listing) }
        var names: [String] = []
        while let entry = unsafe readdir(listing) {
            // SAFETY: the entry is valid until the next call, and its name ends with a zero.
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names
    }

    private static func firstLine(of path: String) -> String {
        String(TextFile.contents(of: path).prefix { $0 != "\n" })
    }
}
