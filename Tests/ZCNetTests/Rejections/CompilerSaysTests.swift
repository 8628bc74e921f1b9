import Testing

/// `Docs/CompilerSays.md` quotes what the compiler says: each heading is what the fixtures that it names are
/// refused with. Whether the compiler still says so, those fixtures' own tests see.
@Suite struct CompilerSaysTests {
    struct Section {
        let text: String
        var fixtures: [String] = []
    }

    private static let sections: [Section] = {
        guard let page = SourceTree.files(below: "Docs", "md").first(where: { $0.name == "CompilerSays.md" })
        else { return [] }
        var sections: [Section] = []
        for line in page.lines {
            if line.hasPrefix("## ") { sections.append(Section(text: line.filter { $0 != "`" })) }
            guard line.hasPrefix("Fixtures: "), !sections.isEmpty else { continue }
            let names = line.split(separator: "`").filter { $0.contains("/") }
            sections[sections.count - 1].fixtures += names.map(String.init)
        }
        return sections
    }()

    @Test func eachTextIsAFixturesExpectation() {
        let known = Dictionary(
            uniqueKeysWithValues: ["Escapes", "Aliases", "Encoders", "Callbacks"].flatMap { folder in
                CompilerFixture.all(in: folder).map { ("\(folder)/\($0.name)", $0.expectation) }
            })
        let quoting = Self.sections.filter { $0.text.contains("'") || !$0.fixtures.isEmpty }
        #expect(quoting.count >= 12)
        for section in quoting {
            var isQuoted = false
            for name in section.fixtures {
                let expected: String
                switch known[name] {
                case .rejected(let text), .warned(let text): expected = text
                default:
                    Issue.record("\(section.text): no fixture \(name) that the compiler says something of")
                    continue
                }
                // Either says the same at greater length; the names that stand in it are the fixture's own.
                let words = expected.filter { $0 != "`" }
                let same = section.text.contains(words) || words.contains(section.text.dropFirst(3))
                isQuoted = isQuoted || same
            }
            #expect(isQuoted, "\(section.text): none of \(section.fixtures) is refused with these words")
        }
    }
}
