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

    /// Documents that would grow, reach elsewhere or keep a parser busy, and words of the reason.
    static let hostile: [(String, String)] = [
        (
            "<!DOCTYPE a [<!ENTITY a \"ha\">"
                + (0..<30).map { "<!ENTITY a\($0) \"&a\($0 - 1);&a\($0 - 1);\">" }.joined()
                + "]><messageSchema>&a29;</messageSchema>", "no document type"
        ),
        (#"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"#, "no document type"),
        (#"<!DOCTYPE a SYSTEM "/dev/zero"><a/>"#, "no document type"),
        ("<!-- <!-- x --><!DOCTYPE a><a/>", "no document type"),
        ("<a " + (0..<20_000).map { "a\($0)=''" }.joined(separator: " ") + "/>", "65536 bytes"),
        ("<a b='" + String(repeating: "x", count: 1 << 20) + "'/>", "65536 bytes"),
        (String(repeating: "<a>", count: 500_000), "nested elements"),
        (
            "<messageSchema>" + String(repeating: "<a/>", count: 200_000) + "</messageSchema>",
            "131072 elements"
        ),
        ("<?xml version='1.0' encoding='UTF-7'?><a/>", "got UTF-7"),
        ("<?xml version='1.0' encoding='IBM037'?><a/>", "got IBM037"),
    ]

    @Test(arguments: hostile)
    func refusesHostileDocuments(_ text: String, _ words: String) {
        let result = Repository.compile(text)
        #expect(result.layout == nil)
        let isExplained = result.problems.contains {
            $0.message.contains(words) && $0.message.contains("expected")
        }
        #expect(isExplained, "\(String(describing: result.problems.first))")
    }

    /// The same in UTF-16, which a scan for ASCII would not see.
    @Test func refusesHostileDocumentsInUTF16() {
        let text = #"<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>"#
        let bytes: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let source = SchemaSource { _ in bytes }
        let result = SchemaCompiler(source: source).compile("s.xml")
        #expect(
            result.problems.map(\.message).contains { $0.contains("no document type") }, "\(result.problems)")
    }

    /// Names that are no text at all: the parser would hand them on, and end the process.
    @Test func refusesTextThatIsNotOfItsEncoding() {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let broken = Array("<a>\n<b".utf8) + [0xFE] + Array("/></a>".utf8)
        let latin = Array("<?xml version='1.0' encoding='ISO-8859-1'?>".utf8)
        let wide = "<a>\n<b".utf16 + [0xD800] + "/></a>".utf16
        let documents: [[UInt8]] = [
            broken, mark + broken, Array("<?xml version='1.0' encoding='UTF-8'?>".utf8) + broken,
            mark + latin + broken, [0xFF, 0xFE] + wide.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
            [0xFE, 0xFF] + wide.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] },
        ]
        for document in documents {
            let result = SchemaCompiler(source: SchemaSource { _ in document }).compile("s.xml")
            let problem = result.problems.first
            #expect(problem?.message.contains("expected well-formed UTF-") == true, "\(document)")
            #expect(problem?.location.line == 2, "\(document)")
        }
        // In this encoding the same byte is a letter, and what follows is wrong for other reasons.
        for name in ["ISO-8859-1", "ISO-8859-99", "windows-1252", "windows-9999"] {
            let head = Array("<?xml version='1.0' encoding='\(name)'?>".utf8)
            let result = SchemaCompiler(source: SchemaSource { _ in head + broken }).compile("s.xml")
            #expect(result.layout == nil && !result.problems.isEmpty)
        }
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

    /// Files in each other nest no deeper than one file may.
    @Test func includedFilesDoNotNest() {
        let space = #"xmlns:xi="http://www.w3.org/2001/XInclude""#
        let (open, close) = (
            String(repeating: "<types>", count: 50), String(repeating: "</types>", count: 50)
        )
        let files = [
            "dir/a.xml": "<types \(space)>\(open)<xi:include href=\"b.xml\"/>\(close)</types>",
            "dir/b.xml": "<types>\(open)\(close)</types>",
        ]
        let result = including(#"<xi:include href="a.xml"/>"#, files: files)
        #expect(result.problems.contains { $0.message.contains("included files counted") })
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
