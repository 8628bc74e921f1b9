import Foundation
import Testing

/// Every Swift block of the README and of Docs compiles, in a module with no special flag.
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
        return (root + SourceTree.files(below: "Docs", "md")).flatMap { file in
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
