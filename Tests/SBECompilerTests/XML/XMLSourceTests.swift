import Testing

@testable import SBECompiler

struct XMLSourceTests {
    private static let message = #"<message name="m" id="1"><field name="f" id="1" type="t"/></message>"#
    private static let types = #"<types><type name="t" primitiveType="int32"/></types>"#

    @Test func startTagsKnowTheirLines() {
        let text =
            "<?xml version='1.0'?>\n<a\n x='1'>\n<!-- <no> \n -->\n<b/><![CDATA[<no>\n]]><c\n></c>\n<d/></a>"
        #expect(StartTagLines(Array(text.utf8)).lines == [2, 6, 7, 9])
    }

    @Test func textIsTakenFromCharactersAndCDATA() throws {
        var problems = ProblemList()
        let text = "<a>\n x &lt; <!-- no --><![CDATA[y]]> \r\n</a>"
        let root = try #require(XMLSource.parse(Array(text.utf8), file: "f", problems: &problems))
        #expect(root.token == "x < y")
        #expect(XMLSource.parse(Array("<a> </a>".utf8), file: "f", problems: &problems)?.token == " ")
        #expect(XMLSource.parse(Array("<a>  \n</a>".utf8), file: "f", problems: &problems)?.token == nil)
        #expect(problems.problems.isEmpty)
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a x=1/>", "<a/><b/>", "<a>&nope;</a>", "<a x='1' x='2'/>",
    ])
    func refusesWhatIsNotWellFormed(_ text: String) {
        let result = Repository.compile(text)
        #expect(result.layout == nil)
        #expect(result.problems.map(\.element) == ["document"])
        #expect(result.problems.allSatisfy { $0.location.line == 1 })
    }

    @Test func refusesOtherRoots() {
        let result = Repository.compile("<schema/>")
        #expect(result.problems.map(\.message) == ["expected the root element messageSchema, got schema"])
    }

    @Test func refusesEndlessDepth() {
        let deep = String(repeating: "<a>", count: 300) + String(repeating: "</a>", count: 300)
        let result = Repository.compile(deep)
        #expect(result.layout == nil)
        #expect(result.problems.count == 1 && result.problems[0].message.contains("96"))
    }

    /// A schema cut anywhere is refused, with a problem that says so.
    @Test func refusesEverySchemaCutShort() {
        let schema = Array(Repository.schema(Self.types.dropTypes, Self.message).utf8)
        #expect(Repository.compile(String(decoding: schema, as: UTF8.self)).layout != nil)
        for count in 0..<schema.count {
            let source = SchemaSource { _ in Array(schema.prefix(count)) }
            let result = SchemaCompiler(source: source).compile("schema.xml")
            #expect(result.layout == nil && !result.problems.isEmpty)
        }
    }

    @Test func survivesBentSchemas() {
        let schema = Repository.bytes("Fixtures/everything.sbe.xml")
        var random = SeededRandom(seed: 7)
        for _ in 0..<60 {
            var bytes = schema
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 32..<127, using: &random)
            }
            let bent = bytes
            let result = SchemaCompiler(source: SchemaSource { _ in bent }).compile("schema.xml")
            #expect((result.layout == nil) == result.problems.contains { $0.severity == .error })
        }
    }

    // MARK: XInclude

    private func including(_ element: String, files: [String: String]) -> SchemaCompiler.Result {
        let schema = Repository.schema(
            "", Self.message, attributes: #"xmlns:xi="http://www.w3.org/2001/XInclude""#)
        return Repository.compile(
            schema.replacing("</messageSchema>", with: element + "</messageSchema>"), files: files)
    }

    @Test func includesRelativeToTheIncludingFile() throws {
        let result = including(
            #"<xi:include href="sub/a.xml"/>"#,
            files: [
                "dir/sub/a.xml":
                    #"<types xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="b.xml"/></types>"#,
                "dir/sub/b.xml": Self.types,
            ])
        #expect(result.problems.isEmpty)
        #expect(result.layout?.messages.first?.block.blockLength == 4)
    }

    @Test func problemsOfIncludedFilesNameThem() {
        let result = including(
            #"<xi:include href="a.xml"/>"#,
            files: ["dir/a.xml": "<types>\n" + #"<type name="t" primitiveType="nope"/></types>"#])
        #expect(result.problems.contains { $0.location == SourceLocation(file: "dir/a.xml", line: 2) })
    }

    @Test func fallsBackWhereAFileIsMissing() {
        let element = #"<xi:include href="a.xml"><xi:fallback>\#(Self.types)</xi:fallback></xi:include>"#
        #expect(including(element, files: [:]).layout != nil)
    }

    @Test(arguments: [
        (#"<xi:include href="a.xml"/>"#, "expected a readable file dir/a.xml"),
        ("<xi:include/>", "attribute href"), (#"<xi:include href="a.xml" parse="text"/>"#, "parse"),
        (#"<xi:include href="a.xml" xpointer="x"/>"#, "xpointer"),
        (#"<xi:include href="schema.xml"/>"#, "circle"),
    ])
    func refusesIncludes(_ element: String, _ words: String) {
        let result = including(element, files: [:])
        #expect(result.layout == nil)
        #expect(result.problems.contains { $0.message.contains(words) }, "\(result.problems)")
    }

    @Test func includedFilesDoNotMultiply() {
        // Each file includes the next twice: 2^40 without a limit.
        let space = #"xmlns:xi="http://www.w3.org/2001/XInclude""#
        var files: [String: String] = [:]
        for index in 0..<15 {
            let next = #"<xi:include href="\#(index + 1).xml"/>"#
            files["dir/\(index).xml"] = "<types \(space)>\(next)\(next)</types>"
        }
        files["dir/15.xml"] = "<types/>"
        let result = including(#"<xi:include href="0.xml"/>"#, files: files)
        #expect(result.problems.contains { $0.message.contains("at most 256 files") })
    }
}

extension String {
    fileprivate var dropTypes: String { replacing("<types>", with: "").replacing("</types>", with: "") }
}
