import Testing

@testable import SBECompiler

/// What the emitter writes. That it compiles and is right, the tests of the runtime show with all vectors.
@Suite struct SwiftEmitterTests {
    private func emit(_ types: String, _ fields: String, _ options: SwiftOptions = SwiftOptions()) -> String?
    {
        let xml = """
            <sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" package="p" id="1" version="2">
            <types>
            <composite name="messageHeader">
            <type name="blockLength" primitiveType="uint16"/><type name="templateId" primitiveType="uint16"/>
            <type name="schemaId" primitiveType="uint16"/><type name="version" primitiveType="uint16"/>
            </composite>\(types)</types>
            <sbe:message name="class" id="1">\(fields)</sbe:message>
            </sbe:messageSchema>
            """
        let source = SchemaSource { $0 == "s.xml" ? Array(xml.utf8) : nil }
        return SchemaCompiler(source: source).compile("s.xml").layout.map {
            SwiftEmitter($0, from: "s.xml", options: options).text()
        }
    }

    @Test func fieldsBecomeProperties() throws {
        let text = try #require(
            emit(
                "",
                """
                <field name="in" id="1" type="uint8" description="A // word &amp; */ more"/>
                <field name="In" id="2" type="uint16" presence="optional" sinceVersion="1" deprecated="2"/>
                """))
        #expect(text.contains("public enum Class: SBEMessage {"))
        #expect(text.contains("/// A // word & */ more"))
        // Not optimised where they are declared, which is most of what compiling a large schema took.
        let head = "@_transparent @_optimize(none) @_alwaysEmitIntoClient public var "
        #expect(text.contains(head + "`in`: UInt8 { _load(0) }"))
        #expect(text.contains(head + "in_: UInt16? { _loadLaterOptional(1, null: 65535, since: 1) }"))
        #expect(
            text.contains("@available(*, deprecated, message: \"deprecated since version 2 of the schema\")"))
        #expect(text.contains("if version >= 2 { return 3 }"))
        #expect(text.contains("return 1"))
    }

    /// Where this package has schemas of its own, and the Swift that they compile to.
    static let checkedIn: [(schemas: String, generated: String)] = [
        ("../../Sources/ZCSBEServer/Trade", "../../Sources/ZCSBEServer/Generated"),
        ("../SBEVectors/Schemas", "../SBEVectors/Generated"),
        ("../../Benchmarks/micro/Schemas", "../../Benchmarks/micro/Generated"),
        ("../../Fuzzing/Schemas", "../../Fuzzing/Generated"),
        ("../../Examples/im-protocol", "../../Examples/im-protocol/Generated"),
    ]

    /// After a change of the emitter `swift package --allow-writing-to-package-directory sbe-generate` writes
    /// it anew.
    @Test(arguments: checkedIn)
    func checkedInCodeIsWhatTheEmitterWrites(schemas: String, generated: String) throws {
        func text(_ path: String) -> String { String(decoding: Repository.bytes(path), as: UTF8.self) }
        let paths = Repository.files(below: schemas, ending: ".sbe.xml")
        #expect(!paths.isEmpty)
        for path in paths {
            let name = String(path.split(separator: "/").last ?? "")
            var options = SwiftOptions()
            try options.read(text(schemas + "/sbe.options"), for: name)
            let root = options.includeRoot.map {
                SchemaSource.files(root: Repository.path(schemas + "/" + $0))
            }
            let compiled = SchemaCompiler(source: root).compile(Repository.path(path))
            let layout = try #require(compiled.layout, "\(compiled.problems)")
            let written = SwiftEmitter(layout, from: name, options: options).text()
            let kept = text(generated + "/" + name.replacingOccurrences(of: ".xml", with: ".swift"))
            #expect(written == kept, "\(name)")
        }
    }

    @Test func accessIsAsChosen() throws {
        let options = SwiftOptions(access: .internal, namespace: "Space", hasValues: true, runtime: nil)
        let text = try #require(emit("", "<field name=\"a\" id=\"1\" type=\"double\"/>", options))
        #expect(!text.contains("public ") && !text.contains("@_always") && !text.contains("import "))
        #expect(text.contains("enum Space {"))
        #expect(text.contains("extension SBEView where Block == Space.Class {"))
        #expect(text.contains("struct Value: SBEValue {"))
    }

    /// Constants of characters, in the twin too; a text ends before its padding.
    @Test func constantsHaveTheirTypes() throws {
        let text = try #require(
            emit(
                """
                <type name="one" primitiveType="char" presence="constant">C</type>
                <type name="padded" primitiveType="char" length="4" presence="constant">Hi</type>
                <type name="latin" primitiveType="char" presence="constant"
                      characterEncoding="ISO-8859-1">né</type>
                """,
                """
                <field name="one" id="1" type="one"/><field name="padded" id="2" type="padded"/>
                <field name="latin" id="3" type="latin"/>
                """, SwiftOptions(hasValues: true)))
        #expect(text.contains("public var one: SBEChar { SBEChar(67) }"))
        #expect(text.contains("visitor.constant(SBEChar(67), \"one\")"))
        #expect(text.contains("public var padded: String { \"Hi\" }"))
        #expect(text.contains("visitor.constant([72, 105, 0, 0], \"padded\", .utf8)"))
        #expect(text.contains("visitor.constant([110, 233], \"latin\", .latin1)"))
    }

    /// A type beside the message must not be hidden by one that the message declares for a field.
    @Test func fieldsHideNoType() throws {
        let text = try #require(
            emit(
                #"<composite name="engineField"><type name="a" primitiveType="int8"/></composite>"#,
                #"<field name="engine" id="1" type="engineField"/>"#))
        #expect(text.contains("typealias EngineField_ = SBECompositePlace<EngineField, 0, 0>\n"))
    }

    /// Texts and composites are places of the library's types: no type and no conformance for each of them.
    @Test func fieldsDeclareNoTypes() throws {
        let text = try #require(
            emit(
                """
                <type name="code" primitiveType="char" length="3"/>
                <composite name="pair"><type name="a" primitiveType="uint16" presence="optional"/></composite>
                """,
                """
                <field name="from" id="1" type="code"/>
                <field name="to" id="2" type="code" sinceVersion="1"/>
                <field name="both" id="3" type="pair"/>
                """))
        #expect(text.contains("typealias FromField = SBETextPlace<Class, 0, 3, 0, SBEUTF8Text>\n"))
        #expect(text.contains("typealias ToField = SBETextPlace<Class, 3, 3, 1, SBEUTF8Text>\n"))
        #expect(text.contains("case 0: \"from\"\n"))
        #expect(text.contains("default: \"to\"\n"))
        // The composite's null is stored by the block that it lies in.
        #expect(text.contains("block._store16(65535, 6)\n"))
        #expect(!text.contains("SBETextField {") && !text.contains("SBECompositeField {"))
    }

    @Test func theFileIsNamedAfterTheSchema() {
        #expect(SwiftEmitter.fileName(for: "car.sbe.xml") == "car.sbe.swift")
        #expect(SwiftEmitter.fileName(for: "car") == "car.swift")
    }
}
