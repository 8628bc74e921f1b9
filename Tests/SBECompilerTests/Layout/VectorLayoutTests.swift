import Testing

@testable import SBECompiler

/// The layouts that the reference computed, compared number by number.
struct VectorLayoutTests {
    static let files = Repository.files(below: "Vectors", ending: ".layout.json")

    @Test func theLayoutsAreThere() { #expect(Self.files.count >= 20) }

    @Test(arguments: files)
    func equalsTheReference(_ file: String) throws {
        let expected = try JSONParser.parse(Repository.bytes(file))
        let layout = try Repository.layout(file.dropLast("layout.json".count) + "xml")
        #expect(number(expected["id"]) == "\(layout.id)")
        #expect(number(expected["version"]) == "\(layout.version)")
        #expect(
            tokens(expected["header"]) == signals(of: layout.header.composite, base: 0))
        guard case .array(let messages)? = expected["messages"] else { throw Missing() }
        #expect(messages.count == layout.messages.count)
        for (expected, message) in zip(messages, layout.messages) {
            #expect(expected["name"] == .string(message.name))
            #expect(number(expected["id"]) == "\(message.id)")
            #expect(number(expected["blockLength"]) == "\(message.block.blockLength)")
            #expect(tokens(expected["tokens"]) == signals(of: message.block))
        }
    }

    struct Missing: Error {}

    private func number(_ value: JSONValue?) -> String? {
        if case .number(let digits)? = value { return digits }
        return nil
    }

    /// The tokens that say where something is: begin of fields, groups and data; encodings with their range.
    private func tokens(_ value: JSONValue?) -> [String] {
        guard case .array(let tokens)? = value else { return [] }
        var isFraming = false
        return tokens.compactMap { token in
            guard case .string(let signal)? = token["signal"], case .string(let name)? = token["name"] else {
                return nil
            }
            if ["BEGIN_GROUP", "BEGIN_VAR_DATA"].contains(signal) { isFraming = true }
            defer { if ["END_VAR_DATA", "END_COMPOSITE"].contains(signal) { isFraming = false } }
            let place = "\(number(token["offset"]) ?? "?") \(number(token["length"]) ?? "?")"
            switch signal {
            case "BEGIN_FIELD": return "field \(name) \(place) since \(number(token["since"]) ?? "?")"
            case "BEGIN_GROUP": return "group \(name) \(number(token["length"]) ?? "?")"
            case "BEGIN_VAR_DATA": return "data \(name)"
            case "BEGIN_COMPOSITE": return isFraming ? nil : "composite \(place)"
            case "BEGIN_ENUM": return "enum \(place) \(text(token["primitive"])) null \(text(token["null"]))"
            case "BEGIN_SET": return "set \(place) \(text(token["primitive"]))"
            case "VALID_VALUE", "CHOICE": return "\(name) \(text(token["const"]))"
            case "ENCODING":
                guard !isFraming else { return nil }
                let range = "\(text(token["min"]))...\(text(token["max"])) null \(text(token["null"]))"
                let rest = "x\(number(token["arrayLength"]) ?? "?") \(range)"
                return "encoding \(place) \(text(token["primitive"])) "
                    + (token["const"] == nil ? rest : "constant")
            default: return nil
            }
        }
    }

    private func text(_ value: JSONValue?) -> String {
        if case .string(let text)? = value { return text }
        return "none"
    }

    private func signals(of block: BlockLayout) -> [String] {
        block.fields.flatMap { field -> [String] in
            let head = "field \(field.name) \(field.offset) \(field.size) since \(field.sinceVersion)"
            return [head] + signals(of: field, base: 0)
        }
            + block.groups.flatMap { ["group \($0.name) \($0.block.blockLength)"] + signals(of: $0.block) }
            + block.data.map { "data \($0.name)" }
    }

    private func signals(of composite: CompositeLayout, base: Int) -> [String] {
        ["composite \(base) \(composite.size)"] + composite.members.flatMap { signals(of: $0, base: 0) }
    }

    private func signals(of field: FieldLayout, base: Int) -> [String] {
        let offset = base + field.offset
        switch field.value {
        case .encoding(let encoding):
            let range =
                "\(decimal(encoding.minimum))...\(decimal(encoding.maximum)) null \(decimal(encoding.null))"
            let rest = field.constant == nil ? "x\(encoding.length) \(range)" : "constant"
            return ["encoding \(offset) \(field.size) \(encoding.primitive.rawValue) \(rest)"]
        case .enumeration(let enumeration):
            return [
                "enum \(offset) \(enumeration.size) \(enumeration.primitive.rawValue) "
                    + "null \(decimal(enumeration.null))"
            ] + enumeration.values.map { "\($0.name) \(decimal($0.value))" }
        case .set(let set):
            return ["set \(offset) \(set.size) \(set.primitive.rawValue)"]
                + set.choices.map { "\($0.name) \($0.bit)" }
        case .composite(let composite): return signals(of: composite, base: offset)
        }
    }

    /// Java's form of the extremes of floats.
    private func decimal(_ value: PrimitiveValue) -> String {
        if value.isNaN { return "NaN" }
        switch (value.type, value.floatingPoint < 0) {
        case (.float, let isNegative): return (isNegative ? "-" : "") + "3.4028234663852886E38"
        case (.double, let isNegative): return (isNegative ? "-" : "") + "1.7976931348623157E308"
        default: return value.description
        }
    }
}
