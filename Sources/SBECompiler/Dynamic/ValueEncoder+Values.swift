extension ValueEncoder {
    // MARK: Simple values

    mutating func store(
        _ tree: JSONValue, _ encoding: EncodingLayout, isOptional: Bool, at offset: Int
    ) throws(MessageError) {
        let size = encoding.primitive.size
        if encoding.isScalar {
            return store(try bits(of: tree, encoding.primitive), size: size, at: offset)
        }
        if encoding.primitive == .char {
            let octets = try octets(of: tree, encoding.characterEncoding ?? "US-ASCII")
            guard octets.count <= encoding.length else {
                throw .unfit(
                    path: place, expected: "at most \(encoding.length) octets of text", got: "\(octets.count)"
                )
            }
            for (index, octet) in octets.enumerated() { store(UInt64(octet), size: 1, at: offset + index) }
            return
        }
        guard case .array(let elements) = tree, elements.count == encoding.length else {
            throw unfit("an array of \(encoding.length)", tree)
        }
        for (index, element) in elements.enumerated() {
            path.setIndex(index)
            let isNull = element == .null && isOptional
            let bits = isNull ? encoding.null.bits : try bits(of: element, encoding.primitive)
            store(bits, size: size, at: offset + index * size)
        }
        path.setIndex(nil)
    }

    /// The bits of a number, a character or a float.
    private func bits(of tree: JSONValue, _ primitive: PrimitiveType) throws(MessageError) -> UInt64 {
        switch primitive {
        case .char: return try character(tree)
        case .float, .double: return try floatingPoint(tree, primitive)
        default: return try integer(tree, primitive)
        }
    }

    private func character(_ tree: JSONValue) throws(MessageError) -> UInt64 {
        switch tree {
        case .string(let text):
            let scalars = text.unicodeScalars
            guard scalars.count == 1, let first = scalars.first, first.value < 0x100 else {
                throw unfit("one character of one octet", tree)
            }
            return UInt64(first.value)
        default: return try integer(tree, .uint8)
        }
    }

    /// Bits where they are given, for only they are exact; else the value, as a number or its text.
    private func floatingPoint(_ tree: JSONValue, _ primitive: PrimitiveType) throws(MessageError) -> UInt64 {
        if case .string(let digits)? = tree["bits"] {
            guard digits.utf8.count == primitive.size * 2, let bits = UInt64(digits, radix: 16) else {
                throw unfit("\(primitive.size * 2) hexadecimal digits as bits", .string(digits))
            }
            return bits
        }
        let text: String
        switch tree["value"] ?? tree {
        case .string(let given), .number(let given): text = given
        default: throw unfit("a number, or an object with bits", tree)
        }
        guard let value = PrimitiveValue(primitive, text: text) else {
            throw unfit(PrimitiveValue.range(of: primitive), tree)
        }
        return value.bits
    }

    /// An integer, as a number or its text.
    func integer(_ tree: JSONValue, _ primitive: PrimitiveType) throws(MessageError) -> UInt64 {
        guard case .string(let digits) = tree.digits, let value = PrimitiveValue(primitive, text: digits)
        else {
            throw unfit(PrimitiveValue.range(of: primitive), tree)
        }
        return value.bits
    }

    /// An unsigned integer of so many octets.
    func integer(_ tree: JSONValue, _ size: Int) throws(MessageError) -> UInt64 {
        let types: [Int: PrimitiveType] = [1: .uint8, 2: .uint16, 4: .uint32]
        return try integer(tree, types[size] ?? .uint64)
    }

    // MARK: Enums and sets

    mutating func store(
        _ tree: JSONValue, _ enumeration: EnumLayout, at offset: Int
    ) throws(MessageError) {
        let named: PrimitiveValue?
        switch tree["enum"] ?? tree {
        case .string("?"): named = nil
        case .string(let name):
            guard let value = enumeration.values.first(where: { $0.name == name }) else {
                throw unfit("a value of enum \(enumeration.name)", tree["enum"] ?? tree)
            }
            named = value.value
        case .null: named = enumeration.null
        case .number:
            named = PrimitiveValue(enumeration.primitive, bits: try raw(tree, enumeration.primitive))
        default: named = nil
        }
        let given = try tree["raw"].map { value throws(MessageError) in
            PrimitiveValue(enumeration.primitive, bits: try raw(value, enumeration.primitive))
        }
        if let named, let given, named != given {
            throw unfit("raw \(named), as the name says", .integer(given.bits))
        }
        guard let value = given ?? named else { throw unfit("an object with enum or raw", tree) }
        store(value.bits, size: enumeration.size, at: offset)
    }

    mutating func store(_ tree: JSONValue, _ set: SetLayout, at offset: Int) throws(MessageError) {
        var bits: UInt64?
        if let value = tree["raw"] {
            bits = try raw(value, set.primitive)
        } else if case .array(let names) = tree["set"] ?? tree {
            var chosen: UInt64 = 0
            for name in names {
                guard case .string(let text) = name,
                    let choice = set.choices.first(where: { $0.name == text })
                else { throw unfit("choices of set \(set.name)", name) }
                chosen |= 1 << UInt64(choice.bit)
            }
            bits = chosen
        } else {
            bits = try raw(tree, set.primitive)
        }
        store(bits ?? 0, size: set.size, at: offset)
    }

    /// The raw number of an enum or set; of characters their code.
    private func raw(_ tree: JSONValue, _ primitive: PrimitiveType) throws(MessageError) -> UInt64 {
        try integer(tree, primitive == .char ? .uint8 : primitive)
    }

    // MARK: Text and data

    /// The octets of a text or of data: those given in hexadecimal digits, else the text's.
    func octets(of tree: JSONValue, _ characterEncoding: String?) throws(MessageError) -> [UInt8] {
        if let given = tree["hex"] {
            guard case .string(let digits) = given, let octets = Hexadecimal.bytes(of: digits) else {
                throw unfit("pairs of hexadecimal digits as hex", given)
            }
            return octets
        }
        guard case .string(let text) = tree["text"] ?? tree else {
            throw unfit("a text, or an object with hex or text", tree)
        }
        // Data without a declared encoding takes text as UTF-8, of which octets have no need to know.
        let encoding = CharacterEncoding(characterEncoding ?? "UTF-8") ?? CharacterEncoding(nil)
        guard let octets = encoding?.bytes(of: text) else {
            throw unfit("characters of \(characterEncoding ?? "UTF-8")", .string(text))
        }
        return octets
    }
}

extension JSONValue {
    /// The digits of a number, or of a text that holds one.
    fileprivate var digits: JSONValue {
        if case .number(let digits) = self { return .string(digits) }
        return self
    }
}
