import SBECompiler

/// Schemas as strangers write them: a layout or problems that say where and why, in bounded memory; and a
/// layout can be described and becomes Swift.
struct SchemaTarget: FuzzTarget {
    let name = "schema"
    let bytesMax = 4096
    let words = [
        #"<field name="a" id="1" type="int8"/>"#, #"presence="constant""#, #"presence="optional""#,
        #"offset="0""#, #"blockLength="0""#, #"sinceVersion="1""#, #"deprecated="1""#, #"valueRef="E.a""#,
        #"nullValue="1""#, #"<ref name="r" type="C"/>"#, #"<composite name="C">"#, "</composite>",
        "<!DOCTYPE a [", #"<!ENTITY x "y">"#, "&x;", "<![CDATA[", "]]>", "<!--", "-->",
        #"encoding="UTF-16""#, #"xmlns:xi="http://www.w3.org/2001/XInclude""#, #"<xi:include href="b.xml"/>"#,
        #"primitiveType="uint64""#, #"length="4294967295""#, #"length="0""#, #"minValue="-1""#,
        #"maxValue="99999999999999999999""#, #"characterEncoding="UTF-16""#,
    ].map { Array($0.utf8) }

    private static let pieces = [
        #"<type name="T" primitiveType="int32" presence="optional"/>"#,
        #"<type name="S" primitiveType="char" length="9"/>"#,
        #"<type name="K" primitiveType="uint8" presence="constant">7</type>"#,
        #"<enum name="E" encodingType="uint8"><validValue name="a">1</validValue></enum>"#,
        #"<set name="B" encodingType="uint16"><choice name="x">3</choice></set>"#,
        #"<composite name="C"><ref name="t" type="T"/><ref name="e" type="E" offset="6"/></composite>"#,
        #"<composite name="D"><ref name="c" type="C"/><ref name="d" type="C"/></composite>"#,
    ]
    private static let frame = """
        <composite name="messageHeader"><type name="blockLength" primitiveType="uint16"/>\
        <type name="templateId" primitiveType="uint16"/><type name="schemaId" primitiveType="uint16"/>\
        <type name="version" primitiveType="uint16"/></composite>\
        <composite name="groupSizeEncoding"><type name="blockLength" primitiveType="uint16"/>\
        <type name="numInGroup" primitiveType="uint16"/></composite>\
        <composite name="V"><type name="length" primitiveType="uint8"/>\
        <type name="varData" primitiveType="uint8" length="0"/></composite>
        """

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        var text = "<messageSchema id=\"1\" version=\"\(random.below(3))\"><types>" + Self.frame
        for piece in Self.pieces where !random.oneIn(8) { text += piece }
        text += "</types>"
        for message in 0..<random.below(3) {
            text += "<message name=\"M\(message)\" id=\"\(message)\">"
            for field in 0..<random.below(5) {
                let types = ["T", "S", "K", "E", "B", "C", "D", "double", "char", "nope"]
                let type = types[random.below(types.count)]
                text += "<field name=\"f\(field)\" id=\"\(field)\" type=\"\(type)\"/>"
            }
            if random.oneIn(2) {
                text += #"<group name="g" id="9"><field name="e" id="1" type="E"/></group>"#
            }
            if random.oneIn(2) { text += #"<data name="d" id="10" type="V"/>"# }
            text += "</message>"
        }
        return Array((text + "</messageSchema>").utf8)
    }

    func check(_ input: [UInt8]) throws -> String {
        // A file may include another, which is itself again.
        let source = SchemaSource { $0 == "a.xml" || $0 == "b.xml" ? input : nil }
        let result = SchemaCompiler(source: source).compile("a.xml")
        let errors = result.problems.filter { $0.severity == .error }
        try expect((result.layout == nil) == !errors.isEmpty, "a layout, or an error and none")
        for problem in result.problems {
            try expect(problem.message.contains("expected"), "what was expected: \(problem)")
            try expect(problem.location.line > 0, "a line: \(problem)")
        }
        guard let layout = result.layout else { return outline(errors.first?.message ?? "") }
        try expect(!SchemaDescription(layout).text.isEmpty, "a description")
        let options = SwiftOptions(access: .public, hasValues: true)
        let text = SwiftEmitter(layout, from: "a.xml", options: options).text()
        try expect(text.contains(": SBESchema {"), "Swift")
        return "good, \(layout.messages.count) \(layout.composites.count) \(result.problems.count)"
    }
}
