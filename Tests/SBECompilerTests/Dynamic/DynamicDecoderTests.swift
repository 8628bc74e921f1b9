import Testing

@testable import SBECompiler

struct DynamicDecoderTests {
    private static let header: [UInt8] = [0, 0, 1, 0, 5, 0, 0, 0]

    private func decode(_ schema: String, _ bytes: [UInt8], valuesMax: Int = 10_000) throws -> DynamicMessage
    {
        try DynamicDecoder(Repository.layout(text: schema), valuesMax: valuesMax).decode(bytes)
    }

    @Test func saysWhatItExpectedAndWhatCame() throws {
        let schema = Repository.schema(
            "",
            #"<message name="m" id="1"><field name="a" id="1" type="uint64"/>"#
                + #"<data name="d" id="2" type="blob"/></message>"#
        )
        #expect(throws: MessageError.truncated(path: "header", expected: 8, got: 3)) {
            try decode(schema, [1, 2, 3])
        }
        #expect(throws: MessageError.wrongSchema(expected: 5, got: 6)) {
            try decode(schema, [8, 0, 1, 0, 6, 0, 0, 0])
        }
        #expect(throws: MessageError.unknownTemplate(got: 2)) {
            try decode(schema, [8, 0, 2, 0, 5, 0, 0, 0])
        }
        #expect(throws: MessageError.shortBlock(path: "message", expected: 8, got: 7)) {
            try decode(schema, [7, 0, 1, 0, 5, 0, 0, 0] + Array(repeating: 0, count: 20))
        }
        #expect(throws: MessageError.truncated(path: "message", expected: 16, got: 12)) {
            try decode(schema, [8, 0, 1, 0, 5, 0, 0, 0, 1, 2, 3, 4])
        }
        let start: [UInt8] = [8, 0, 1, 0, 5, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
        #expect(throws: MessageError.truncated(path: "d", expected: 22, got: 18)) {
            try decode(schema, start + [5, 0])
        }
        #expect(
            MessageError.truncated(path: "d", expected: 22, got: 18).description
                == "d: expected 22 bytes, got 18")
        #expect(try decode(schema, start + [1, 0xab]).fields["d"] == .members(["hex": .string("ab")]))
    }

    /// Lengths end before the null value, which they may not hold; counts do not.
    @Test func aLengthMayNotHoldTheNullValue() throws {
        let schema = Repository.schema(
            "",
            #"<message name="m" id="1"><group name="g" id="1"/><data name="d" id="2" type="blob"/></message>"#
        )
        let octets = Array(repeating: UInt8(7), count: 255)
        func message(_ length: UInt8) -> [UInt8] { Self.header + [0, 0, 0xff, 0xff, length] + octets }
        #expect(throws: Never.self) { try decode(schema, message(254), valuesMax: 70_000) }
        #expect(throws: MessageError.outOfRange(path: "d", what: "length", expected: 0...254, got: 255)) {
            try decode(schema, message(255), valuesMax: 70_000)
        }
    }

    @Test func limitsOfTheSchemaHold() throws {
        let types = #"""
            <composite name="few"><type name="blockLength" primitiveType="uint8"/>
            <type name="numInGroup" primitiveType="uint8" minValue="1" maxValue="2"/></composite>
            <composite name="brief"><type name="length" primitiveType="uint8" minValue="2" maxValue="3"/>
            <type name="varData" primitiveType="uint8" length="0"/></composite>
            """#
        let schema = Repository.schema(
            types,
            #"<message name="m" id="1"><group name="g" id="1" dimensionType="few"/>"#
                + #"<data name="d" id="2" type="brief"/></message>"#
        )
        #expect(
            throws: MessageError.outOfRange(path: "g", what: "number of entries", expected: 1...2, got: 0)
        ) {
            try decode(schema, Self.header + [0, 0, 2, 1, 2])
        }
        #expect(
            throws: MessageError.outOfRange(path: "g", what: "number of entries", expected: 1...2, got: 3)
        ) {
            try decode(schema, Self.header + [0, 3, 2, 1, 2])
        }
        #expect(throws: MessageError.outOfRange(path: "d", what: "length", expected: 2...3, got: 1)) {
            try decode(schema, Self.header + [0, 1, 1, 1])
        }
        #expect(try decode(schema, Self.header + [0, 2, 2, 1, 2]).consumed == 13)
    }

    /// 65,535 entries without octets, each announcing as many: four octets a level.
    @Test func emptyEntriesDoNotBlowUp() throws {
        let schema = Repository.schema(
            #"<type name="c" primitiveType="uint8" presence="constant">1</type>"#,
            #"<message name="m" id="1"><group name="g" id="1"><group name="h" id="1">"#
                + #"<field name="c" id="1" type="c"/>"#
                + #"</group></group></message>"#)
        let level: [UInt8] = [0, 0, 0xff, 0xff]
        let bytes = Self.header + Array(repeating: level, count: 1000).flatMap { $0 }
        let error = #expect(throws: MessageError.self) { try decode(schema, bytes) }
        #expect(error?.description.hasSuffix("expected at most 10000 values, got more") == true)
        let few = try decode(schema, Self.header + [0, 0, 1, 0, 0, 0, 3, 0])
        #expect(few.consumed == 16)
        #expect(
            few.fields["g"]
                == .array([.members(["h": .array(Array(repeating: .members(["c": .number("1")]), count: 3))])]
                ))
    }

    /// A value only of the text's limits: what fits the octets is read (Message Structure, "numInGroup").
    @Test func readsTheHighestCounts() throws {
        let schema = Repository.schema("", #"<message name="m" id="1"><group name="g" id="1"/></message>"#)
        let message = try decode(schema, Self.header + [0, 0, 0xff, 0xff], valuesMax: 70_000)
        guard case .array(let entries)? = message.fields["g"] else {
            throw MessageError.unknownTemplate(got: 0)
        }
        #expect(entries.count == 65_535)
    }

    @Test func nullsAreWhatTheSchemaSays() throws {
        let schema = Repository.schema(
            #"<type name="z" primitiveType="double" presence="optional" nullValue="0"/>"#,
            #"<message name="m" id="1"><field name="f" id="1" type="float" presence="optional"/>"#
                + #"<field name="z" id="2" type="z"/><field name="u" id="3" type="uint8"/></message>"#)
        func fields(_ octets: [UInt8]) throws -> JSONValue {
            try decode(schema, [13, 0, 1, 0, 5, 0, 0, 0] + octets).fields
        }
        // A NaN of any payload is null, but not where zero is: then it is an ordinary value.
        let first = try fields([1, 0, 0x80, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 255])
        #expect(first["f"] == .null && first["z"] == .null && first["u"] == .number("255"))
        let second = try fields([0, 0, 0x80, 0x7f, 1, 0, 0, 0, 0, 0, 0xf8, 0x7f, 0])
        #expect(second["f"]?["bits"] == .string("7f800000"))
        #expect(second["z"]?["bits"] == .string("7ff8000000000001"))
    }

    // MARK: Versions

    private static let versioned = Repository.schema(
        #"<composite name="c"><type name="a" primitiveType="uint8"/>"#
            + #"<type name="b" primitiveType="uint8" sinceVersion="2"/></composite>"#
            + #"<type name="late" primitiveType="uint8" sinceVersion="1"/>"#,
        #"<message name="m" id="1"><field name="x" id="1" type="uint8"/>"#
            + #"<field name="late" id="2" type="late"/>"#
            + #"<field name="c" id="3" type="c" sinceVersion="1"/><group name="g" id="4" sinceVersion="1">"#
            + #"<field name="y" id="1" type="uint8"/>"#
            + #"<field name="z" id="2" type="uint8" sinceVersion="2"/></group>"#
            + #"<data name="d" id="5" type="blob" sinceVersion="2"/></message>"#, version: 2)

    @Test func olderMessagesLackWhatIsNewer() throws {
        let zero = try decode(Self.versioned, [1, 0, 1, 0, 5, 0, 0, 0, 7])
        #expect(zero.absent == ["c", "d", "g", "late"] && zero.consumed == 9)
        #expect(
            zero.fields
                == .members([
                    "x": .number("7"), "late": .null, "c": .null, "g": .array([]),
                    "d": .members(["hex": .string("")]),
                ]))
        let one = try decode(
            Self.versioned, [3, 0, 1, 0, 5, 0, 1, 0, 7, 8, 9, 1, 0, 2, 0, 0xaa, 0xbb])
        #expect(one.absent == ["c.b", "d", "g.z"] && one.consumed == 17)
        #expect(one.fields["c"] == .members(["a": .number("9"), "b": .null]))
        #expect(
            one.fields["g"]
                == .array([170, 187].map { .members(["y": .integer($0), "z": .null]) }))
    }

    @Test func blocksMustHoldTheStatedVersion() {
        for (length, version) in [(0, 0), (2, 1), (3, 2), (3, 9)] {
            let octets: [UInt8] =
                [UInt8(length), 0, 1, 0, 5, 0, UInt8(version), 0] + Array(repeating: 0, count: 30)
            #expect(throws: MessageError.self, "length \(length), version \(version)") {
                try decode(Self.versioned, octets)
            }
        }
    }

    /// Only the older schema knows how long an older block was beyond its fields.
    @Test func olderBlocksMayHaveBeenShorter() throws {
        let schema = Repository.schema(
            "", #"<message name="m" id="1" blockLength="16"><field name="x" id="1" type="uint8"/></message>"#,
            version: 1)
        #expect(try decode(schema, [2, 0, 1, 0, 5, 0, 0, 0, 7, 0]).consumed == 10)
        #expect(throws: MessageError.shortBlock(path: "message", expected: 16, got: 2)) {
            try decode(schema, [2, 0, 1, 0, 5, 0, 1, 0, 7, 0])
        }
    }

    @Test func newerMessagesAreSkippedByTheirLengths() throws {
        let bytes: [UInt8] = [
            6, 0, 1, 0, 5, 0, 3, 0, 7, 8, 9, 10, 99, 99, 3, 0, 2, 0, 1, 2, 99, 3, 4, 99, 2, 0xab, 0xcd,
        ]
        let message = try decode(Self.versioned, bytes)
        #expect(message.consumed == bytes.count && message.absent.isEmpty)
        #expect(message.fields["g"]?[1]["z"] == .number("4"))
        #expect(message.fields["d"]?["hex"] == .string("abcd"))
    }

    // MARK: Counts in headers and dimensions

    private static func counted(version: Int, _ members: String) -> String {
        """
        <messageSchema id="5" version="\(version)"><types>
        <composite name="messageHeader"><type name="blockLength" primitiveType="uint16"/>\
        <type name="templateId" primitiveType="uint16"/><type name="schemaId" primitiveType="uint16"/>\
        <type name="version" primitiveType="uint16"/><type name="numGroups" primitiveType="uint16"/>\
        <type name="numVarDataFields" primitiveType="uint16"/></composite>
        <composite name="groupSizeEncoding"><type name="blockLength" primitiveType="uint16"/>\
        <type name="numInGroup" primitiveType="uint16"/><type name="numGroups" primitiveType="uint16"/>\
        <type name="numVarDataFields" primitiveType="uint16"/></composite>
        <composite name="blob"><type name="length" primitiveType="uint8"/>\
        <type name="varData" primitiveType="uint8" length="0"/></composite></types>
        <message name="m" id="1">\(members)</message></messageSchema>
        """
    }

    private static let newer = counted(
        version: 1,
        #"<group name="g" id="1"><field name="a" id="1" type="uint8"/>"#
            + #"<group name="inner" id="2" sinceVersion="1">"#
            + #"<field name="b" id="1" type="uint8"/><data name="e" id="3" type="blob"/></group>"#
            + #"<data name="f" id="3" type="blob"/></group><group name="h" id="2" sinceVersion="1">"#
            + #"<field name="c" id="1" type="uint16"/></group><data name="d" id="4" type="blob"/>"#
            + #"<data name="i" id="5" type="blob" sinceVersion="1"/>"#)
    private static let older = counted(
        version: 0,
        #"<group name="g" id="1"><field name="a" id="1" type="uint8"/>"#
            + #"<data name="f" id="3" type="blob"/></group>"#
            + #"<data name="d" id="4" type="blob"/>"#)

    private static let tree = """
        {"message": "m", "fields": {"g": [{"a": 1, "inner": [{"b": 2, "e": {"hex": "ee"}},
        {"b": 3, "e": "x"}], "f": {"hex": "ff00"}}, {"a": 4, "inner": [], "f": {"hex": ""}}],
        "h": [{"c": 5}, {"c": 6}, {"c": 7}],
        "d": {"hex": "dd"}, "i": {"hex": "1122"}}}
        """

    @Test func countsLetOldDecodersSkipUnknownGroupsAndData() throws {
        let bytes = try DynamicEncoder(Repository.layout(text: Self.newer)).encode(
            JSONParser.parse(Array(Self.tree.utf8)))
        #expect(bytes[8..<12] == [2, 0, 2, 0])
        let old = try decode(Self.older, bytes)
        #expect(old.consumed == bytes.count)
        #expect(old.header["numGroups"] == .number("2"))
        #expect(old.fields["g"]?[0]["f"]?["hex"] == .string("ff00"))
        #expect(old.fields["g"]?[1]["a"] == .number("4"))
        #expect(old.fields["d"]?["hex"] == .string("dd"))
        for count in 0..<bytes.count {
            #expect(throws: MessageError.self) { try decode(Self.older, Array(bytes.prefix(count))) }
        }
    }

    /// The reference never writes the counts: whatever they are, a message of the own version is read.
    @Test func countsOfTheOwnVersionMeanNothing() throws {
        let text = Self.tree.replacing(
            "\"fields\"", with: #""header": {"numGroups": 0, "numVarDataFields": 65535}, "fields""#)
        let layout = try Repository.layout(text: Self.newer)
        let bytes = try DynamicEncoder(layout).encode(JSONParser.parse(Array(text.utf8)))
        #expect(bytes[8..<12] == [0, 0, 255, 255])
        let message = try DynamicDecoder(layout).decode(bytes)
        #expect(message.consumed == bytes.count && message.fields["i"]?["hex"] == .string("1122"))
    }

    @Test func lyingCountsEnd() throws {
        let noise: [UInt8] = [0, 0, 1, 0, 5, 0, 9, 0, 255, 255, 255, 255]
        for filler in [UInt8(0), 1, 2, 255] {
            #expect(throws: MessageError.self) {
                try decode(Self.older, noise + Array(repeating: filler, count: 3000))
            }
        }
    }
}

extension JSONValue {
    fileprivate subscript(_ index: Int) -> JSONValue {
        guard case .array(let elements) = self, index < elements.count else { return .null }
        return elements[index]
    }
}
