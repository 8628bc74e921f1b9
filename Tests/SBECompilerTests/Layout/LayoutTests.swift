import Testing

@testable import SBECompiler

struct LayoutTests {
    private func message(_ types: String, _ members: String, version: Int = 0) throws -> MessageLayout {
        let text = Repository.schema(
            types, #"<message name="m" id="1">\#(members)</message>"#, version: version)
        return try #require(try Repository.layout(text: text).messages.first)
    }

    /// The table of the standard (Field Encoding, "Integer encoding", "Character encoding").
    @Test(arguments: [
        (PrimitiveType.char, "32", "126", "0"), (.int8, "-127", "127", "-128"),
        (.uint8, "0", "254", "255"), (.int16, "-32767", "32767", "-32768"), (.uint16, "0", "65534", "65535"),
        (.int32, "-2147483647", "2147483647", "-2147483648"), (.uint32, "0", "4294967294", "4294967295"),
        (.int64, "-9223372036854775807", "9223372036854775807", "-9223372036854775808"),
        (.uint64, "0", "18446744073709551614", "18446744073709551615"),
    ])
    func primitiveTypesHaveTheirRanges(_ type: PrimitiveType, _ low: String, _ high: String, _ null: String) {
        #expect(type.defaultMinimum.description == low)
        #expect(type.defaultMaximum.description == high)
        #expect(type.defaultNull.description == null)
    }

    @Test func constantsAreTokens() throws {
        let fields = try message(
            #"""
            <type name="a" primitiveType="int8" presence="constant">-3
              </type>
            <type name="b" primitiveType="char" presence="constant">  two words </type>
            <type name="c" primitiveType="char" length="3" presence="constant">z</type>
            <type name="d" primitiveType="char" characterEncoding="UTF-8" presence="constant">é</type>
            <enum name="E" encodingType="char"><validValue name="blank"> </validValue></enum>
            """#,
            #"<field name="a" id="1" type="a"/><field name="b" id="2" type="b"/>"#
                + #"<field name="c" id="3" type="c"/>"#
                + #"<field name="d" id="4" type="d"/>"#
                + #"<field name="e" id="5" type="E" presence="constant" valueRef="E.blank"/>"#
        ).block.fields
        #expect(
            fields.map(\.constant) == [
                .value(PrimitiveValue(.int8, bits: 0xfd)), .text(Array("two words".utf8)),
                .text([0x7a, 0, 0]),
                .text([0xc3, 0xa9]), .validValue(name: "blank", PrimitiveValue(.char, bits: 0x20)),
            ])
        #expect(fields.allSatisfy { $0.presence == .constant && $0.size == 0 })
        guard case .encoding(let text) = fields[1].value else { throw MessageError.unknownTemplate(got: 0) }
        #expect(text.length == 9)
    }

    @Test func presenceOfTheFieldWins() throws {
        let fields = try message(
            #"<type name="o" primitiveType="int8" presence="optional"/>"#
                + #"<type name="r" primitiveType="int8"/>"#,
            #"<field name="a" id="1" type="o"/><field name="b" id="2" type="o" presence="required"/>"#
                + #"<field name="c" id="3" type="r" presence="optional"/><field name="d" id="4" type="r"/>"#
        ).block.fields
        #expect(fields.map(\.presence) == [.optional, .required, .optional, .required])
    }

    @Test func offsetsLeaveGaps() throws {
        let block = try message(
            #"<composite name="c"><type name="a" primitiveType="int8"/>"#
                + #"<type name="b" primitiveType="int32" offset="4"/></composite>"#,
            #"<field name="a" id="1" type="int8"/><field name="b" id="2" type="c" offset="8"/>"#
                + #"<field name="c" id="3" type="int16"/>"#
                + #"<group name="g" id="4" blockLength="5">"#
                + #"<field name="x" id="1" type="int8" offset="2"/></group>"#
        ).block
        #expect(block.fields.map(\.offset) == [0, 8, 16] && block.blockLength == 18)
        #expect(block.groups[0].block.blockLength == 5 && block.groups[0].block.fields[0].offset == 2)
    }

    @Test func versionsAreTheHighestOfFieldAndType() throws {
        let fields = try message(
            #"<type name="t" primitiveType="int8" sinceVersion="2"/>"#,
            #"<field name="a" id="1" type="t" sinceVersion="1"/>"#
                + #"<field name="b" id="2" type="t" sinceVersion="3"/>"#,
            version: 3
        ).block.fields
        #expect(fields.map(\.sinceVersion) == [2, 3])
    }

    @Test func typesMayStandInAnyOrder() throws {
        let types = #"""
            <composite name="outer"><ref name="inner" type="inner"/><enum name="E" encodingType="code">
            <validValue name="a">1</validValue></enum></composite>
            <composite name="inner"><ref name="code" type="code"/></composite>
            <type name="code" primitiveType="uint16" presence="optional" nullValue="9"/>
            <enum name="E" encodingType="uint8"><validValue name="a">1</validValue></enum>
            """#
        let layout = try Repository.layout(text: Repository.schema(types, ""))
        #expect(layout.enums.map(\.name.path) == [["outer", "E"], ["E"]])
        #expect(layout.enums[0].null.bits == 9)
        #expect(layout.composites.suffix(2).map(\.name.own) == ["inner", "outer"])
        #expect(layout.composites.last?.nullMember?.name == "inner")
    }

    /// Thirty composites of two references each ask for 2^30 values.
    @Test func referencesDoNotMultiply() {
        let types = (0..<30).map {
            #"<composite name="c\#($0)"><ref name="a" type="c\#($0 + 1)"/>"#
                + #"<ref name="b" type="c\#($0 + 1)"/></composite>"#
        }
        let schema = Repository.schema(
            types.joined(separator: "\n")
                + #"<composite name="c30"><type name="x" primitiveType="int8"/></composite>"#, "")
        let result = Repository.compile(schema)
        #expect(result.problems.contains { $0.message.contains("at most 65536 values") })
        let chain = (0..<200).map {
            #"<composite name="d\#($0)"><ref name="a" type="d\#($0 + 1)"/></composite>"#
        }
        let deep = Repository.schema(
            chain.joined() + #"<composite name="d200"><type name="x" primitiveType="int8"/></composite>"#, "")
        #expect(Repository.compile(deep).problems.contains { $0.message.contains("at most 32 deep") })
    }

    @Test func headersMayHaveConstantsAndOtherWidths() throws {
        let layout = try Repository.layout(
            text: #"""
                <messageSchema id="3" byteOrder="bigEndian" headerType="h"><types><composite name="h">
                <type name="templateId" primitiveType="uint8"/>
                <type name="blockLength" primitiveType="uint32"/>
                <type name="schemaId" primitiveType="uint16" presence="constant">3</type>
                <type name="version" primitiveType="uint64"/></composite></types>
                <message name="m" id="9"/></messageSchema>
                """#)
        #expect(layout.header.size == 13 && layout.header.schemaId.constant == 3)
        let bytes: [UInt8] = [9, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]
        let message = try DynamicDecoder(layout).decode(bytes)
        #expect(message.consumed == 15 && message.header["schemaId"] == .number("3"))
        #expect(throws: MessageError.self) { try DynamicDecoder(layout).decode(Array(bytes.dropLast())) }
    }

    @Test func signedCountsNeedAMinimum() throws {
        func schema(_ minimum: String) -> String {
            Repository.schema(
                #"<composite name="s"><type name="blockLength" primitiveType="uint8"/>"#
                    + #"<type name="numInGroup" primitiveType="int8" \#(minimum)/></composite>"#,
                #"<message name="m" id="1"><group name="g" id="1" dimensionType="s"/></message>"#)
        }
        #expect(Repository.compile(schema("")).layout == nil)
        let layout = try Repository.layout(text: schema(#"minValue="0""#))
        #expect(
            throws: MessageError.outOfRange(path: "g", what: "number of entries", expected: 0...127, got: 128)
        ) {
            try DynamicDecoder(layout).decode([0, 0, 1, 0, 5, 0, 0, 0, 0, 128])
        }
    }
}
