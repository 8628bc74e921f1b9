@testable import SBECompiler

/// Random trees that a schema's messages can carry, in the form that decoding gives them.
struct RandomMessages {
    let layout: SchemaLayout
    var version: Int
    var random: SeededRandom

    mutating func fields(of message: MessageLayout) -> JSONValue { block(message.block, depth: 0) }

    private mutating func block(_ block: BlockLayout, depth: Int) -> JSONValue {
        var members: [JSONMember] = []
        for field in block.fields { members.append(JSONMember(name: field.name, value: self.field(field))) }
        for group in block.groups {
            var entries: [JSONValue] = []
            if group.sinceVersion <= version {
                let least = Int(group.dimension.numInGroup.minimum)
                let count = Int.random(in: least...max(least, 4 - depth), using: &random)
                for _ in 0..<count { entries.append(self.block(group.block, depth: depth + 1)) }
            }
            members.append(JSONMember(name: group.name, value: .array(entries)))
        }
        for data in block.data { members.append(JSONMember(name: data.name, value: self.data(data))) }
        return .object(members)
    }

    private mutating func data(_ data: DataLayout) -> JSONValue {
        let limit = data.sinceVersion <= version ? min(Int(data.length.maximum), 40) : 0
        if data.characterEncoding == "UTF-8" {
            let text = String(
                (0..<Int.random(in: 0...limit / 4, using: &random)).map { _ in
                    "aé€😀\u{0}\"\\\n".randomElement(using: &random) ?? "a"
                })
            return .members(["hex": .string(Hexadecimal.text(of: Array(text.utf8))), "text": .string(text)])
        }
        let octets = (0..<Int.random(in: 0...limit, using: &random)).map { _ in random.octet() }
        return .members(["hex": .string(Hexadecimal.text(of: octets))])
    }

    private mutating func field(_ field: FieldLayout) -> JSONValue {
        guard field.sinceVersion <= version else { return .null }
        if let constant = field.constant { return self.constant(constant) }
        switch field.value {
        case .encoding(let encoding): return value(encoding, isOptional: field.presence == .optional)
        case .enumeration(let enumeration):
            let bits =
                Bool.random(using: &random)
                ? enumeration.values.randomElement(using: &random)?.value.bits ?? 0 : random.next()
            let raw = PrimitiveValue(enumeration.primitive, bits: bits)
            let listed = enumeration.values.first { $0.value == raw }?.name
            let name: JSONValue =
                listed.map(JSONValue.string) ?? (raw == enumeration.null ? .null : .string("?"))
            return .members(["enum": name, "raw": self.raw(raw)])
        case .set(let set):
            let raw = PrimitiveValue(set.primitive, bits: random.next())
            let names = set.choices.filter { raw.bits & (1 << UInt64($0.bit)) != 0 }.map {
                JSONValue.string($0.name)
            }
            return .members(["set": .array(names), "raw": number(raw)])
        case .composite(let composite):
            return .object(composite.members.map { JSONMember(name: $0.name, value: self.field($0)) })
        }
    }

    private func constant(_ constant: ConstantLayout) -> JSONValue {
        switch constant {
        case .value(let value): number(value)
        case .text(let octets):
            .members([
                "text": .string(String(decoding: octets, as: UTF8.self)),
                "hex": .string(Hexadecimal.text(of: octets)),
            ])
        case .validValue(let name, let value): .members(["enum": .string(name), "raw": raw(value)])
        }
    }

    private func raw(_ value: PrimitiveValue) -> JSONValue {
        value.type == .char ? .number(value.description) : number(value)
    }

    private mutating func value(_ encoding: EncodingLayout, isOptional: Bool) -> JSONValue {
        if encoding.isScalar { return scalar(encoding, isOptional) }
        guard encoding.primitive == .char else {
            return .array((0..<encoding.length).map { _ in scalar(encoding, isOptional) })
        }
        var octets = (0..<Int.random(in: 0...encoding.length, using: &random)).map { _ in random.octet() | 1 }
        if encoding.characterEncoding == nil { octets = octets.map { $0 & 0x7f } }
        let text = String(String.UnicodeScalarView(octets.map { Unicode.Scalar($0) }))
        octets += Array(repeating: 0, count: encoding.length - octets.count)
        return .members(["text": .string(text), "hex": .string(Hexadecimal.text(of: octets))])
    }

    private mutating func scalar(_ encoding: EncodingLayout, _ isOptional: Bool) -> JSONValue {
        let isNull = isOptional && Bool.random(using: &random)
        let value = isNull ? encoding.null : PrimitiveValue(encoding.primitive, bits: random.next())
        return isOptional && encoding.isNull(value) ? .null : number(value)
    }

    private func number(_ value: PrimitiveValue) -> JSONValue {
        switch value.type {
        case .char: .string(String(Unicode.Scalar(UInt8(value.bits))))
        case .float, .double:
            .members(["value": .string(value.description), "bits": .string(Hexadecimal.text(of: value))])
        case .int64, .uint64: .string(value.description)
        default: .number(value.description)
        }
    }
}

extension SeededRandom {
    mutating func octet() -> UInt8 { UInt8(truncatingIfNeeded: next()) }
}
