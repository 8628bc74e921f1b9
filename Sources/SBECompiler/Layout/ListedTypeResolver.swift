/// Resolves enums and sets.
struct ListedTypeResolver {
    /// The other types, for encodings by name; takes the problems.
    let types: TypeResolver

    /// What a set or an enum is encoded with.
    private struct Encoding {
        var primitive: PrimitiveType
        var nullValue: PrimitiveValue?
        var minimum: PrimitiveValue
        var maximum: PrimitiveValue
    }

    /// Resolves an enum; nil where its encoding has problems.
    func resolve(_ model: EnumModel, name: TypeName) -> EnumLayout? {
        let origin = model.common.origin
        guard let encoding = encoding(model.encodingType, origin) else { return nil }
        if encoding.primitive.isFloatingPoint {
            types.problems.error(
                origin, "expected char or an integer as encodingType, got \(encoding.primitive.rawValue)")
            return nil
        }
        if encoding.primitive.isSigned {
            types.problems.warning(
                origin,
                "expected char or an unsigned integer as encodingType, got \(encoding.primitive.rawValue)")
        }
        var null = encoding.nullValue ?? encoding.primitive.defaultNull
        if let text = model.nullValue {
            if let value = PrimitiveValue(encoding.primitive, text: text) {
                null = value
            } else {
                let range = PrimitiveValue.range(of: encoding.primitive)
                types.problems.error(origin, "expected \(range) as nullValue, got \"\(text)\"")
            }
        }
        return EnumLayout(
            name: name, primitive: encoding.primitive, null: null,
            values: values(of: model, null: null, encoding: encoding),
            sinceVersion: model.common.sinceVersion, annotations: model.common.annotations,
            package: model.common.package)
    }

    private func values(
        of model: EnumModel, null: PrimitiveValue, encoding: Encoding
    ) -> [ValidValueLayout] {
        var seen: [PrimitiveValue: String] = [:]
        return model.values.compactMap { listed in
            guard let text = listed.text else {
                types.problems.error(listed.origin, "expected a value as the element's text, got nothing")
                return nil
            }
            guard let value = PrimitiveValue(encoding.primitive, text: text) else {
                types.problems.error(
                    listed.origin,
                    "expected \(PrimitiveValue.range(of: encoding.primitive)), got \"\(text)\"")
                return nil
            }
            if value == null, encoding.primitive == .char {
                types.problems.warning(
                    listed.origin,
                    "expected another value than null's, got the nullValue \(null), which means this value")
            } else if value == null {
                types.problems.error(
                    listed.origin, "expected another value than null's, got the nullValue \(null)")
            } else if encoding.primitive != .char,
                value.isLess(than: encoding.minimum) || encoding.maximum.isLess(than: value)
            {
                types.problems.error(
                    listed.origin,
                    "expected a value in the range of \(model.encodingType), \(encoding.minimum)..."
                        + "\(encoding.maximum), got \(value)")
            }
            if let other = seen.updateValue(listed.name, forKey: value) {
                types.problems.error(
                    listed.origin, "expected a value of its own, got \(value), which is \(other) already")
            }
            return ValidValueLayout(
                name: listed.name, value: value, sinceVersion: listed.sinceVersion,
                annotations: listed.annotations)
        }
    }

    /// Resolves a set; nil where its encoding has problems.
    func resolve(_ model: SetModel, name: TypeName) -> SetLayout? {
        let origin = model.common.origin
        guard var encoding = encoding(model.encodingType, origin) else { return nil }
        if let unsigned = encoding.primitive.unsigned, types.model(named: model.encodingType) != nil {
            types.problems.warning(
                origin,
                "expected an unsigned integer as encodingType, got \(encoding.primitive.rawValue), "
                    + "whose bits are taken")
            encoding.primitive = unsigned
        }
        guard encoding.primitive.isUnsigned else {
            types.problems.error(
                origin, "expected uint8, uint16, uint32 or uint64 as encodingType, got \(model.encodingType)")
            return nil
        }
        var seen: [Int: String] = [:]
        let width = encoding.primitive.bitWidth
        let choices = model.choices.compactMap { listed -> ChoiceLayout? in
            guard let text = listed.text, let bit = Int(text), (0..<width).contains(bit) else {
                types.problems.error(
                    listed.origin, "expected a bit of 0...\(width - 1), got \"\(listed.text ?? "")\"")
                return nil
            }
            if let other = seen.updateValue(listed.name, forKey: bit) {
                types.problems.warning(
                    listed.origin, "expected a bit of its own, got \(bit), which is \(other) already")
            }
            return ChoiceLayout(
                name: listed.name, bit: bit, sinceVersion: listed.sinceVersion,
                annotations: listed.annotations)
        }
        return SetLayout(
            name: name, primitive: encoding.primitive, choices: choices,
            sinceVersion: model.common.sinceVersion, annotations: model.common.annotations,
            package: model.common.package)
    }

    /// The encoding of this name: a `<type>` of length 1, or a primitive type.
    private func encoding(_ name: String, _ origin: Origin) -> Encoding? {
        if name.isEmpty { return nil }
        if let model = types.model(named: name) {
            guard case .simple(let simple) = model, let primitive = simple.primitive,
                simple.length ?? 1 == 1
            else {
                types.problems.error(
                    origin, "expected a type of length 1 as encodingType, got \"\(name)\", which is none")
                return nil
            }
            if simple.common.presence == .constant {
                types.problems.warning(
                    origin, "expected a type that is no constant as encodingType, got \"\(name)\"")
            }
            return Encoding(
                primitive: primitive,
                nullValue: simple.nullValue.flatMap { PrimitiveValue(primitive, text: $0) },
                minimum: simple.minValue.flatMap { PrimitiveValue(primitive, text: $0) }
                    ?? primitive.defaultMinimum,
                maximum: simple.maxValue.flatMap { PrimitiveValue(primitive, text: $0) }
                    ?? primitive.defaultMaximum)
        }
        guard let primitive = PrimitiveType(rawValue: name) else {
            types.problems.error(
                origin, "expected the name of a type or a primitive type as encodingType, got \"\(name)\"")
            return nil
        }
        return Encoding(
            primitive: primitive, nullValue: nil, minimum: primitive.defaultMinimum,
            maximum: primitive.defaultMaximum)
    }
}
