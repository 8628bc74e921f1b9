extension MessageWalk {
    /// A field of a block, or a member of a composite, that begins at `base`.
    mutating func field(_ field: FieldLayout, base: Int) throws(MessageError) -> JSONValue {
        try count()
        guard field.sinceVersion <= version else {
            noteAbsent()
            return .null
        }
        if let constant = field.constant { return Self.tree(of: constant, field.value) }
        let offset = base + field.offset
        switch field.value {
        case .encoding(let encoding):
            return try tree(of: encoding, isOptional: field.presence == .optional, at: offset)
        case .enumeration(let enumeration):
            let bits = try reader.bits(enumeration.primitive, at: offset, path.description)
            return Self.tree(of: PrimitiveValue(enumeration.primitive, bits: bits), enumeration)
        case .set(let set):
            let bits = try reader.bits(set.primitive, at: offset, path.description)
            let names = set.choices.filter { bits >> UInt64($0.bit) & 1 == 1 }.map(\.name)
            try count(names.count)
            return .members([
                "set": .array(names.map(JSONValue.string)),
                "raw": Self.raw(PrimitiveValue(set.primitive, bits: bits)),
            ])
        case .composite(let composite):
            return try self.composite(composite, at: offset)
        }
    }

    /// The members of a composite.
    mutating func composite(_ composite: CompositeLayout, at offset: Int) throws(MessageError) -> JSONValue {
        var members: [JSONMember] = []
        for member in composite.members {
            path.push(member.name)
            defer { path.pop() }
            members.append(JSONMember(name: member.name, value: try field(member, base: offset)))
        }
        return .object(members)
    }

    private mutating func tree(
        of encoding: EncodingLayout, isOptional: Bool, at offset: Int
    ) throws(MessageError) -> JSONValue {
        if encoding.isScalar {
            let bits = try reader.bits(encoding.primitive, at: offset, path.description)
            return Self.tree(of: PrimitiveValue(encoding.primitive, bits: bits), encoding, isOptional)
        }
        try reader.require(UInt64(encoding.size), at: offset, path.description)
        if encoding.primitive == .char {
            return Self.text(reader.bytes[offset..<offset + encoding.length], encoding.characterEncoding)
        }
        // The array is wholly inside the message, so that its length is backed by octets that came.
        try count(encoding.length)
        var elements: [JSONValue] = []
        for index in 0..<encoding.length {
            let bits = try reader.bits(
                encoding.primitive, at: offset + index * encoding.primitive.size, path.description)
            elements.append(
                Self.tree(of: PrimitiveValue(encoding.primitive, bits: bits), encoding, isOptional))
        }
        return .array(elements)
    }

    private static func tree(
        of value: PrimitiveValue, _ encoding: EncodingLayout, _ isOptional: Bool
    ) -> JSONValue {
        isOptional && encoding.isNull(value) ? .null : tree(of: value)
    }

    /// A single value: characters as text, wide integers as decimal text, floats with their bits.
    private static func tree(of value: PrimitiveValue) -> JSONValue {
        switch value.type {
        case .char: .string(String(Unicode.Scalar(UInt8(truncatingIfNeeded: value.bits))))
        case .float, .double:
            .members([
                "value": .string(value.description), "bits": .string(Hexadecimal.text(of: value)),
            ])
        default: raw(value)
        }
    }

    /// The number: digits, for 64 bits inside a text, because many readers of JSON lose the last of them.
    private static func raw(_ value: PrimitiveValue) -> JSONValue {
        value.type.size == 8 ? .string(value.description) : .number(value.description)
    }

    private static func tree(of value: PrimitiveValue, _ enumeration: EnumLayout) -> JSONValue {
        var name: JSONValue = .string("?")
        if let listed = enumeration.validValue(value) {
            name = .string(listed.name)
        } else if value == enumeration.null {
            name = .null
        }
        return .members(["enum": name, "raw": raw(value)])
    }

    private static func tree(of constant: ConstantLayout, _ layout: ValueLayout) -> JSONValue {
        switch constant {
        case .value(let value): return tree(of: value)
        case .text(let octets):
            guard case .encoding(let encoding) = layout else { return .null }
            return text(octets[...], encoding.characterEncoding)
        case .validValue(let name, let value):
            return .members(["enum": .string(name), "raw": raw(value)])
        }
    }

    /// A text of fixed length: up to the first NUL, and all octets.
    private static func text(_ octets: ArraySlice<UInt8>, _ name: String?) -> JSONValue {
        let encoding = CharacterEncoding(name) ?? CharacterEncoding(nil)
        return .members([
            "text": .string(encoding?.text(upToNUL: octets) ?? ""),
            "hex": .string(Hexadecimal.text(of: octets)),
        ])
    }
}
