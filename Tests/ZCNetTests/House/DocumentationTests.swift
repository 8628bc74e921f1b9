import Foundation
import Testing

/// Every Swift block of the README, of Docs and of the modules' landing pages compiles, in a module with no
/// special flag.
struct DocumentationTests {
    /// A block of code and where it stands. Blocks written `swift ignore` are excerpts that cannot stand
    /// alone.
    struct Block: Sendable, CustomTestStringConvertible {
        let source: String
        let line: Int
        let code: String

        var testDescription: String { "\(source):\(line)" }
    }

    static let blocks: [Block] = {
        let root = SourceTree.files(below: ".", "md").filter { !$0.path.dropFirst(2).contains("/") }
        // TLS is a trait, which is off where these tests are built.
        let landing = SourceTree.files(below: "Sources", "md").filter { $0.name != "ZCNetTLS.md" }
        return (root + SourceTree.files(below: "Docs", "md") + landing).flatMap { file in
            var blocks: [Block] = []
            var start: Int?
            for (number, line) in file.lines.enumerated() {
                if line == "```swift" {
                    start = number + 1
                } else if line == "```", let first = start {
                    let code = file.lines[first..<number].joined(separator: "\n")
                    blocks.append(Block(source: file.path, line: first, code: code))
                    start = nil
                }
            }
            return blocks
        }
    }()

    @Test func thereAreBlocks() { #expect(Self.blocks.count >= 4) }

    /// One folder, one page, one screen.
    @Test func eachExampleHasAPage() {
        let pages = Dictionary(
            uniqueKeysWithValues: SourceTree.files(below: "Examples", "md").map { ($0.path, $0.lines.count) })
        let programs = SourceTree.files(below: "Examples").filter { $0.name == "main.swift" }
            .map { $0.path.dropLast("/main.swift".count) }.filter { !$0.contains("/packages/") }
        #expect(programs.count >= 12)
        for folder in programs {
            let lines = pages["\(folder)/README.md"]
            #expect((5...40).contains(lines ?? 0), "\(folder)/README.md has \(lines ?? 0) lines")
        }
    }

    @Test(arguments: blocks)
    func theBlockCompiles(_ block: Block) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "zcnet-doc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        // A file of this name may have statements at its top level, as most blocks do.
        let file = directory.appendingPathComponent("main.swift")
        try block.code.write(to: file, atomically: true, encoding: .utf8)
        let outcome = try await Compiler().compile(file.path)
        #expect(outcome.status == 0, "\(block.source):\(block.line)\n\(outcome.output)")
    }
}
