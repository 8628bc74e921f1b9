import SBECompiler

/// Messages of a schema with one of everything, decoded on the fly: a tree or an error, in bounded memory;
/// and a tree that comes back from octets of its own as it was. The first octet of the input chooses the
/// order of octets.
struct SBEMessageTarget: FuzzTarget {
    let name = "sbe-message"
    let bytesMax = 2048
    private static let valuesMax = 20_000
    private let layouts: [SchemaLayout]

    init() { layouts = ["littleEndian", "bigEndian"].compactMap(Self.layout) }

    private static func layout(_ byteOrder: String) -> SchemaLayout? {
        let text = schema.replacing("ORDER", with: byteOrder)
        return SchemaCompiler(source: SchemaSource { _ in Array(text.utf8) }).compile("fuzz.xml").layout
    }

    private static let schema = """
        <messageSchema id="7" version="2" byteOrder="ORDER"><types>
        <composite name="messageHeader"><type name="blockLength" primitiveType="uint16"/>
        <type name="templateId" primitiveType="uint16"/><type name="schemaId" primitiveType="uint16"/>
        <type name="version" primitiveType="uint16"/><type name="numGroups" primitiveType="uint8"/>
        <type name="numVarDataFields" primitiveType="uint8"/></composite>
        <composite name="groupSizeEncoding"><type name="blockLength" primitiveType="uint8"/>
        <type name="numInGroup" primitiveType="uint16" maxValue="40000"/>
        <type name="numGroups" primitiveType="uint8"/><type name="numVarDataFields" primitiveType="uint8"/>
        </composite>
        <composite name="few"><type name="numInGroup" primitiveType="uint64"/>
        <type name="blockLength" primitiveType="uint64"/></composite>
        <composite name="blob"><type name="length" primitiveType="uint64"/>
        <type name="varData" primitiveType="uint8" length="0"/></composite>
        <composite name="text"><type name="length" primitiveType="uint8"/>
        <type name="varData" primitiveType="char" length="0" characterEncoding="UTF-8"/></composite>
        <type name="name" primitiveType="char" length="5"/>
        <type name="three" primitiveType="float" length="3" presence="optional"/>
        <type name="one" primitiveType="uint8" presence="constant">1</type>
        <enum name="side" encodingType="char"><validValue name="buy">B</validValue></enum>
        <set name="flags" encodingType="uint64">
        <choice name="low">0</choice><choice name="high">63</choice></set>
        <composite name="mixed"><ref name="side" type="side"/><ref name="flags" type="flags" offset="3"/>
        <ref name="one" type="one"/><type name="late" primitiveType="int32" sinceVersion="2"/></composite>
        </types>
        <message name="all" id="1" blockLength="64"><field name="a" id="1" type="uint16" presence="optional"/>
        <field name="b" id="2" type="double" presence="optional"/><field name="name" id="3" type="name"/>
        <field name="three" id="4" type="three"/><field name="mixed" id="5" type="mixed" sinceVersion="1"/>
        <group name="g" id="6"><field name="x" id="1" type="int8"/>
        <group name="h" id="2" sinceVersion="1"><field name="one" id="1" type="one"/>
        <data name="t" id="2" type="text"/></group><data name="u" id="3" type="text"/></group>
        <group name="wide" id="7" dimensionType="few"><field name="one" id="1" type="one"/></group>
        <data name="t" id="8" type="text"/><data name="d" id="9" type="blob" sinceVersion="2"/></message>
        <message name="none" id="2"/></messageSchema>
        """

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        let order = random.below(2)
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            let octets = (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
            return order == 0 ? octets : octets.reversed()
        }
        let version = random.below(4)
        var bytes = [UInt8(order)] + number(64, 2) + number(random.oneIn(9) ? 2 : 1, 2) + number(7, 2)
        bytes += number(version, 2) + number(2 + random.below(2), 1) + number(1 + random.below(3), 1)
        bytes += random.bytes(64)
        let entries = random.below(3)
        bytes += number(1, 1) + number(entries, 2) + [UInt8(random.below(3)), UInt8(random.below(3))]
        for _ in 0..<entries {
            bytes += random.bytes(1)
            if version > 0 {
                let nested = random.oneIn(20) ? 40_000 : random.below(3)
                bytes += number(0, 1) + number(nested, 2) + [0, 1]
                for _ in 0..<min(nested, 3) { bytes += [2] + random.bytes(2) }
            }
            bytes += [1] + random.bytes(1)
        }
        bytes += number(random.oneIn(9) ? 1 << 40 : random.below(5), 8) + number(0, 8)
        bytes += [3] + random.bytes(3)
        if version > 1 { bytes += number(random.oneIn(9) ? .max : 4, 8) + random.bytes(4) }
        return bytes + random.bytes(random.below(4))
    }

    /// What is known of a newer message becomes one of the schema's version, of the same values.
    private func newer(
        _ message: DynamicMessage, _ layout: SchemaLayout, _ decoder: DynamicDecoder
    ) throws -> String {
        let written = try DynamicEncoder(layout).message(message.json)
        try expect(written.newerVersion != nil, "word of a newer version")
        let again = try decoder.decode(written.bytes)
        try expect(again.fields == message.fields, "the same values under the schema's version")
        try expect(again.consumed == written.bytes.count, "nothing behind the message")
        try expect(again.header["version"] == .integer(layout.version), "the schema's version")
        return "newer, \(message.name)"
    }

    func check(_ input: [UInt8]) throws -> String {
        try expect(layouts.count == 2, "a good schema")
        let layout = layouts[Int(input.first ?? 0) & 1]
        let bytes = Array(input.dropFirst())
        let decoder = DynamicDecoder(layout, valuesMax: Self.valuesMax)
        let message: DynamicMessage
        do {
            message = try decoder.decode(bytes)
        } catch {
            return outline(error.description)
        }
        try expect(message.consumed <= bytes.count, "no more bytes than there are, got \(message.consumed)")
        let exact = Array(bytes.prefix(message.consumed))
        try expect(try decoder.decode(exact) == message, "the same without what stands behind")
        try expect(
            (try? decoder.decode(exact.dropLast())) == nil, "an error for the message without its last byte")
        guard case .number(let digits)? = message.header["version"], let version = Int(digits),
            version <= layout.version
        else { return try newer(message, layout, decoder) }
        // Entries may have come longer than the schema's, and padding as anything: only the tree is the same.
        let encoder = DynamicEncoder(layout)
        let again = try encoder.encode(message.json)
        var expected = message
        expected.consumed = again.count
        try expect(try decoder.decode(again) == expected, "the same tree from its own bytes")
        let text = try JSONParser.parse(Array(message.json.text.utf8))
        try expect(try encoder.encode(text) == again, "the same by way of its text")
        return "\(message.name) \(version) \(message.absent.count)"
    }
}
