import Foundation
import Testing

/// `SECURITY.md` and `Docs/Testing.md` say what tries to break each promise: what they name is there, and no
/// promise of what somebody cannot do is without.
@Suite struct PromiseTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOf: SourceTree.root.appendingPathComponent(path), encoding: .utf8)
    }

    /// What stands in code font, without its arguments.
    private static func named(_ text: String) -> [String] {
        text.components(separatedBy: "`").enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }
            .compactMap { $0.element.split(whereSeparator: \.isWhitespace).first.map(String.init) }
    }

    private static func isProof(_ name: String) -> Bool {
        name.hasSuffix("Tests") || name.hasPrefix("Scripts/")
    }

    private static let suites: Set<String> = {
        var names = Set(FileManager.default.subpaths(atPath: SourceTree.root.path + "/Tests") ?? [])
        names = Set(names.map { $0.split(separator: "/")[0].description })
        for file in SourceTree.files(below: "Tests") {
            for line in file.code where line.contains("Tests") {
                let words = line.split { !$0.isLetter && !$0.isNumber }
                for (kind, name) in zip(words, words.dropFirst()) where ["struct", "class"].contains(kind) {
                    names.insert(String(name))
                }
            }
        }
        return names
    }()

    @Test(arguments: ["SECURITY.md", "Docs/Testing.md"]) func whatIsNamedIsThere(_ page: String) throws {
        // A block of commands has no pairs of quotes.
        let prose = try Self.text(page).components(separatedBy: "```").enumerated()
            .filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined()
        let names = Set(Self.named(prose).filter(Self.isProof))
        #expect(names.count > 20)
        for name in names {
            if name.hasSuffix("Tests") {
                #expect(Self.suites.contains(name), "\(page) names \(name), which is no suite")
            } else {
                let path = SourceTree.root.appendingPathComponent(name.replacing("…", with: "")).path
                #expect(FileManager.default.fileExists(atPath: path), "\(page) names \(name)")
            }
        }
    }

    /// Each paragraph and each item of a list below a "cannot" says who tries.
    @Test func everyPromiseNamesWhoTriesToBreakIt() throws {
        let text = try Self.text("SECURITY.md")
        let begin = try #require(text.range(of: "## Who may want what")).upperBound
        let end = try #require(text.range(of: "## What does not hold")).lowerBound
        var count = 0
        for paragraph in text[begin..<end].components(separatedBy: "\n\n") {
            let parts = paragraph.components(separatedBy: "\n- ")
            guard parts[0].contains("**cannot**") else { continue }
            for promise in parts.count > 1 ? Array(parts.dropFirst()) : parts {
                count += 1
                #expect(Self.named(promise).contains(where: Self.isProof), "nobody tries: \(promise)")
            }
        }
        #expect(count > 30)
    }
}
