import Testing

@testable import SBECompiler

/// The schemas that the reference refuses, and others that the standard does.
struct InvalidSchemaTests {
    /// File, and for each error its line and words of the message.
    static let files: [(String, [(Int, String)])] = [
        ("cyclic-refs-schema", [(15, "expected no circular references")]),
        ("error-handler-dup-message-schema", [(2, "headerType"), (14, "got id 1")]),
        (
            "error-handler-enum-violates-min-max-value-range",
            [(16, "1...5, got 0"), (19, "1...5, got 6"), (20, "nullValue -2147483648"), (23, "nullValue 3")]
        ),
        ("error-handler-group-dimensions-schema", [(21, "\"fakeSizeEncoding\", which is none")]),
        ("error-handler-invalid-composite-offsets-schema", [(11, "at least 5"), (16, "at least 2")]),
        ("error-handler-invalid-composite", [(19, "got group"), (24, "got data")]),
        (
            "error-handler-invalid-name",
            [
                (24, "invalid field name"), (26, "invalid group name!"), (29, "inside group"),
                (35, "invalid data field name!"),
            ]
        ),
        (
            "error-handler-message-schema",
            [
                (2, "blockLength"), (2, "templateId"), (2, "schemaId"), (2, "version"), (23, "got 2"),
                (25, "\"char\", got \"int\""), (34, "XXXX"), (37, "at least 3"), (40, "groupSizeEncoding"),
                (40, "at least 8"), (45, "blockLength"), (45, "numInGroup"), (50, "id 100"), (50, "length"),
                (50, "varData"), (53, "id 101"), (53, "RawData"), (56, "fields before groups"),
            ]
        ),
        (
            "error-handler-since-version",
            [(22, "got 1"), (24, "got 1"), (25, "got 2"), (29, "got 2"), (31, "got 2")]
        ),
        ("error-handler-types-dup-schema", [(2, "headerType"), (10, "TypeToTest")]),
        ("error-handler-types-schema", [(2, "headerType"), (11, "255"), (13, "constant"), (16, "word!")]),
        ("issue567-invalid", [(30, "2147483647")]),
    ]

    @Test(arguments: files)
    func refusesWithTheReasons(_ file: String, _ reasons: [(Int, String)]) {
        let result = SchemaCompiler().compile(Repository.path("Invalid/\(file).xml"))
        #expect(result.layout == nil)
        let errors = result.problems.filter { $0.severity == .error }
        #expect(errors.count == reasons.count, "\(errors)")
        for (error, (line, words)) in zip(errors, reasons) {
            #expect(error.location.line == line && error.message.contains(words), "\(error)")
            #expect(error.message.contains("expected ") && error.message.contains("got "), "\(error)")
        }
    }

    @Test func everyFileIsTested() {
        let files = Repository.files(below: "Invalid", ending: ".xml")
        #expect(files == Self.files.map { "Invalid/\($0.0).xml" }.sorted())
    }

    /// Types and messages that are refused, and words of the only error.
    static let snippets: [(String, String, String)] = [
        (#"<type name="a" primitiveType="uint8" presence="optional" nullValue="256"/>"#, "", "0...255"),
        (#"<type name="a" primitiveType="int8" minValue="-129"/>"#, "", "-128...127"),
        (#"<type name="a" primitiveType="uint16" maxValue="many"/>"#, "", "got \"many\""),
        (#"<type name="a" primitiveType="float" maxValue="1e99"/>"#, "", "float"),
        (#"<type name="a" primitiveType="int128"/>"#, "", "got \"int128\""),
        (#"<type name="a"/>"#, "", "primitiveType"),
        (#"<type primitiveType="int8"/>"#, "", "attribute name"),
        (#"<type name="a b" primitiveType="int8"/>"#, "", "got \"a b\""),
        (#"<type name="é" primitiveType="int8"/>"#, "", "letters, digits"),
        (#"<type name="a" primitiveType="int8" length="-1"/>"#, "", "length"),
        (#"<type name="a" primitiveType="int8" presence="sometimes"/>"#, "", "required, optional, constant"),
        (#"<type name="a" primitiveType="int8" presence="constant"/>"#, "", "constant"),
        (#"<type name="a" primitiveType="int8" presence="constant">200</type>"#, "", "-128...127"),
        (#"<type name="a" primitiveType="char" length="2" presence="constant">abc</type>"#, "", "at most 2"),
        (#"<type name="a" primitiveType="int8" length="2" presence="constant">1</type>"#, "", "array of 2"),
        (#"<type name="a" primitiveType="int8" valueRef="E.x"/>"#, "", "presence=\"constant\""),
        (#"<type name="a" primitiveType="int8" presence="constant" valueRef="E"/>"#, "", "enum.value"),
        (#"<type name="a" primitiveType="int8" presence="constant" valueRef="E.x"/>"#, "", "name of an enum"),
        (#"<type name="a" primitiveType="int8" sinceVersion="1"/>"#, "", "version 0, got 1"),
        (#"<enum name="e" encodingType="nope"><validValue name="a">1</validValue></enum>"#, "", "\"nope\""),
        (#"<enum name="e" encodingType="float"><validValue name="a">1</validValue></enum>"#, "", "got float"),
        (#"<enum name="e" encodingType="uint8"><validValue name="a"/></enum>"#, "", "got nothing"),
        (#"<enum name="e" encodingType="uint8"><validValue name="a">A</validValue></enum>"#, "", "0...255"),
        (
            #"<enum name="e" encodingType="uint8"><validValue name="a">1</validValue>"#
                + #"<validValue name="b">1</validValue></enum>"#, "", "which is a already"
        ),
        (
            #"<enum name="e" encodingType="uint8"><validValue name="a">1</validValue>"#
                + #"<validValue name="a">2</validValue></enum>"#, "", "name of its own"
        ),
        (
            #"<type name="two" primitiveType="char" length="2"/>"#
                + #"<enum name="e" encodingType="two"><validValue name="a">1</validValue></enum>"#, "",
            "length 1"
        ),
        (#"<set name="s" encodingType="uint8"><choice name="a">8</choice></set>"#, "", "0...7"),
        (#"<set name="s" encodingType="int8"><choice name="a">1</choice></set>"#, "", "uint8, uint16"),
        (#"<composite name="c"><ref name="r" type="nope"/></composite>"#, "", "\"nope\""),
        (
            #"<composite name="c"><type name="a" primitiveType="int8"/><type name="a" primitiveType="int8"/>"#
                + "</composite>", "", "name of its own"
        ),
        ("<choice/>", "", "got choice"),
        ("", #"<message name="m" id="1"><field name="f" id="1" type="nope"/></message>"#, "\"nope\""),
        ("", #"<message name="m" id="1"><field name="f" id="x" type="int8"/></message>"#, "as id"),
        ("", #"<message name="m" id="1"><field name="f" type="int8"/></message>"#, "attribute id"),
        ("", #"<message name="m" id="65536"/>"#, "at most 65535"),
        ("", #"<message name="m" id="1" blockLength="65536"/>"#, "at most 65535"),
        ("", #"<message name="m" id="1"/><message name="m" id="2"/>"#, "name of its own"),
        (
            "",
            #"<message name="m" id="1"><field name="f" id="1" type="int8" presence="constant"/></message>"#,
            "constant"
        ),
        (
            #"<enum name="E" encodingType="uint8"><validValue name="a">1</validValue></enum>"#,
            #"<message name="m" id="1">"#
                + #"<field name="f" id="1" type="int8" presence="constant" valueRef="E.a"/>"#
                + "</message>", "uint8, got int8"
        ),
        (
            #"<enum name="E" encodingType="uint8"><validValue name="a">1</validValue></enum>"#,
            #"<message name="m" id="1"><field name="f" id="1" type="E" presence="constant" valueRef="E.b"/>"#
                + "</message>", "got \"b\""
        ),
        (
            "",
            #"<message name="m" id="1"><data name="d" id="1" type="blob"/><group name="g" id="2"/>"#
                + #"</message>"#,
            "groups before data"
        ),
        ("", #"<message name="m" id="1"><data name="d" id="1" type="uint8"/></message>"#, "which is none"),
        (
            #"<composite name="late"><type name="varData" primitiveType="uint8" length="0"/>"#
                + #"<type name="length" primitiveType="uint8"/></composite>"#,
            #"<message name="m" id="1"><data name="d" id="1" type="late"/></message>"#, "immediately behind"
        ),
        (
            #"<composite name="gap"><type name="length" primitiveType="uint8"/>"#
                + #"<type name="varData" primitiveType="uint8" length="0" offset="2"/></composite>"#,
            #"<message name="m" id="1"><data name="d" id="1" type="gap"/></message>"#, "immediately behind"
        ),
        (
            #"<composite name="tail"><type name="length" primitiveType="uint8"/>"#
                + #"<type name="varData" primitiveType="uint8" length="0"/>"#
                + #"<type name="crc" primitiveType="uint8"/></composite>"#,
            #"<message name="m" id="1"><data name="d" id="1" type="tail"/></message>"#, "nothing behind"
        ),
        (
            "",
            #"<message name="m" id="1"><field name="f" id="1" type="int8"/>"#
                + #"<field name="f" id="2" type="int8"/>"#
                + "</message>", "name of its own"
        ),
        (
            "",
            #"<message name="m" id="1" blockLength="4"><field name="f" id="1" type="int8" offset="4"/>"#
                + #"</message>"#,
            "at least 5"
        ),
        ("", "<massage/>", "got massage"),
    ]

    @Test(arguments: snippets)
    func refusesTheSnippet(_ types: String, _ messages: String, _ words: String) {
        let result = Repository.compile(Repository.schema(types, messages))
        let errors = result.problems.filter { $0.severity == .error }
        #expect(result.layout == nil)
        #expect(errors.count == 1, "\(errors)")
        #expect(errors.contains { $0.description.contains(words) }, "\(errors)")
    }

    /// What the standard would have otherwise and the reference lets pass, with a warning or without a word,
    /// where it makes no doubt of what is on the wire; and words of the only warning.
    static let doubtful: [(String, String, String)] = [
        (#"<type name="a" primitiveType="uint8" nullValue="1"/>"#, "", "presence=\"optional\""),
        (#"<type name="a" primitiveType="uint8" presence="required" nullValue="1"/>"#, "", "\"required\""),
        (#"<type name="a" primitiveType="int8" minValue="3" maxValue="2"/>"#, "", "at least 3"),
        (#"<enum name="e" encodingType="uint8"/>"#, "", "at least one validValue"),
        (
            #"<enum name="e" encodingType="char" nullValue="N"><validValue name="a">N</validValue></enum>"#,
            "", "nullValue 78"
        ),
        (
            #"<type name="c" primitiveType="uint8" presence="constant">1</type>"#
                + #"<enum name="e" encodingType="c"><validValue name="a">1</validValue></enum>"#, "",
            "no constant as encodingType"
        ),
        (
            #"<set name="s" encodingType="uint8"><choice name="a">1</choice><choice name="b">1</choice>"#
                + #"</set>"#,
            "", "which is a already"
        ),
        (
            #"<type name="b" primitiveType="int16"/><set name="s" encodingType="b">"#
                + #"<choice name="a">15</choice></set>"#,
            "", "got int16"
        ),
        (#"<composite name="c"/>"#, "", "at least one member"),
        (
            "", #"<message name="m" id="1"><field name="f" id="1" type="int8" valueRef="E.x"/></message>"#,
            "valueRef"
        ),
        (
            #"<type name="c" primitiveType="uint8" presence="constant">1</type>"#,
            #"<message name="m" id="1"><field name="f" id="1" type="c" presence="required"/></message>"#,
            "it is one"
        ),
        (
            "",
            #"<message name="m" id="1"><field name="f" id="1" type="int8"/>"#
                + #"<field name="g" id="2" type="int8" offset="0"/></message>"#, "counts as none"
        ),
        (
            "", #"<message name="m" id="1" blockLength="0"><field name="f" id="1" type="int8"/></message>"#,
            "counts as none"
        ),
        (
            "",
            #"<message name="m" id="1"><field name="f" id="7" type="int8"/>"#
                + #"<group name="g" id="7"/></message>"#,
            "got id 7"
        ),
        ("", #"<x:note xmlns:x="urn:notes">words</x:note>"#, "urn:notes, ignored"),
    ]

    @Test(arguments: doubtful)
    func refusedNoMoreWhereTheReferenceOnlyWarns(_ types: String, _ messages: String, _ words: String) throws
    {
        let result = Repository.compile(Repository.schema(types, messages))
        #expect(result.problems.map(\.severity) == [.warning], "\(result.problems)")
        #expect(result.problems.contains { $0.description.contains(words) }, "\(result.problems)")
        // What comes of it is whole: it can be described and emitted.
        let layout = try #require(result.layout)
        #expect(!SchemaDescription(layout).text.isEmpty)
        #expect(!SwiftEmitter(layout, from: "s.xml", options: SwiftOptions(hasValues: true)).text().isEmpty)
    }

    /// The layouts of what only warns are those that the reference makes.
    @Test func doubtfulSchemasHaveTheReferencesLayouts() throws {
        let layout = try Repository.layout(
            text: Repository.schema(
                #"<type name="n" primitiveType="uint8" nullValue="9"/>"#
                    + #"<type name="c" primitiveType="uint8" presence="constant">1</type>"#,
                #"<message name="m" id="1" blockLength="0"><field name="a" id="1" type="uint16" offset="0"/>"#
                    + #"<field name="b" id="2" type="c" presence="optional"/>"#
                    + #"<field name="d" id="3" type="n" presence="optional" offset="0"/>"#
                    + #"<group name="g" id="3"><field name="a" id="1" type="uint8"/></group></message>"#))
        let block = try #require(layout.messages.first?.block)
        #expect(block.blockLength == 3 && block.fields.map(\.offset) == [0, 2, 2])
        #expect(block.fields.map(\.presence) == [.required, .constant, .optional])
        guard case .encoding(let encoding) = block.fields[2].value else {
            throw Repository.Refused(problems: [])
        }
        #expect(encoding.null.unsigned == 9)
    }

    /// The standard's text lets names begin with a digit, its XML schema does not.
    @Test func aDigitInFrontIsDoubtful() {
        let result = Repository.compile(
            Repository.schema(
                "", #"<message name="m" id="1"><field name="1st" id="1" type="int8"/></message>"#))
        #expect(result.layout != nil && result.problems.map(\.severity) == [.warning])
        #expect(result.problems.allSatisfy { $0.message.contains("begins with a letter or _, got \"1st\"") })
    }

    /// What the reference accepts and the standard would have otherwise: a warning, and a layout.
    @Test func warnsOfWhatTheWireAllows() throws {
        let result = Repository.compile(
            Repository.schema(
                #"<type name="t" primitiveType="int8" presence="optional" deprecated="9"/>"#
                    + #"<enum name="e" encodingType="int8"><validValue name="a">1</validValue></enum>"#,
                #"<message name="m" id="1"><field name="new" id="1" type="int8" sinceVersion="1"/>"#
                    + #"<field name="old" id="2" type="t" presence="required"/></message>"#, version: 1))
        #expect(result.problems.map(\.severity) == [.warning, .warning, .warning, .warning])
        let fields = try #require(result.layout?.messages.first?.block.fields)
        #expect(fields.map(\.presence) == [.required, .required])
    }
}
