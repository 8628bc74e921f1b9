/// Resolves a `<type>`: its range, its null, and its constant.
struct SimpleTypeResolver {
    /// The other types, for constants by reference; takes the problems.
    let types: TypeResolver

    func resolve(_ model: SimpleTypeModel) -> ResolvedType? {
        guard let primitive = model.primitive else { return nil }
        let origin = model.common.origin
        let length = model.length ?? 1
        guard length <= TypeResolver.sizeMax / primitive.size else {
            types.problems.error(
                origin, "expected at most \(TypeResolver.sizeMax) octets, got \(length) elements")
            return nil
        }
        if model.nullValue != nil, model.common.presence != .optional {
            // A field may still be optional by itself, and then has this null.
            types.problems.warning(
                origin,
                "expected nullValue only with presence=\"optional\", got it with presence="
                    + "\"\((model.common.presence ?? .required).rawValue)\"")
        }
        let null = value(model.nullValue, "nullValue", primitive, origin)
        let minimum = value(model.minValue, "minValue", primitive, origin)
        let maximum = value(model.maxValue, "maxValue", primitive, origin)
        if let minimum, let maximum, maximum.isLess(than: minimum) {
            // Ranges are for validation alone.
            types.problems.warning(origin, "expected a maxValue of at least \(minimum), got \(maximum)")
        }
        var encoding = EncodingLayout(
            name: model.common.name, primitive: primitive, length: length,
            null: null ?? primitive.defaultNull, minimum: minimum ?? primitive.defaultMinimum,
            maximum: maximum ?? primitive.defaultMaximum, isNullDeclared: model.nullValue != nil,
            isMinimumDeclared: model.minValue != nil, isMaximumDeclared: model.maxValue != nil,
            characterEncoding: model.characterEncoding)
        if CharacterEncoding(model.characterEncoding) == nil {
            types.problems.warning(
                origin,
                "expected a character encoding that this tool knows, got "
                    + "\"\(model.characterEncoding ?? "")\": its text shows as US-ASCII")
        }
        var constant: ConstantLayout?
        if model.common.presence == .constant {
            constant = self.constant(of: model, as: &encoding)
            if constant == nil { return nil }
        } else if let valueRef = model.valueRef {
            types.problems.error(
                origin,
                "expected valueRef only with presence=\"constant\", got valueRef=\"\(valueRef)\" without")
        }
        return ResolvedType(
            value: .encoding(encoding), presence: model.common.presence, constant: constant,
            sinceVersion: model.common.sinceVersion, annotations: model.common.annotations, leaves: 1)
    }

    private func value(
        _ text: String?, _ attribute: String, _ primitive: PrimitiveType, _ origin: Origin
    ) -> PrimitiveValue? {
        guard let text else { return nil }
        guard let value = PrimitiveValue(primitive, text: text) else {
            types.problems.error(
                origin, "expected \(PrimitiveValue.range(of: primitive)) as \(attribute), got \"\(text)\"")
            return nil
        }
        return value
    }

    /// The constant of a type, from a reference or the element's text.
    private func constant(
        of model: SimpleTypeModel, as encoding: inout EncodingLayout
    ) -> ConstantLayout? {
        let origin = model.common.origin
        if let reference = model.valueRef {
            return self.constant(byReference: reference, primitive: encoding.primitive, origin)
        }
        guard let text = model.text else {
            types.problems.error(
                origin, "expected a constant as the element's text (or a valueRef), got nothing")
            return nil
        }
        return self.constant(
            text, declaredLength: model.length, as: &encoding, what: "constant", origin)
    }

    /// A constant by `Enum.value` of a type or field whose type is primitive.
    func constant(
        byReference reference: String, primitive: PrimitiveType, _ origin: Origin
    ) -> ConstantLayout? {
        guard let (enumeration, value) = listedValue(reference, origin) else { return nil }
        guard enumeration.primitive == primitive else {
            types.problems.error(
                origin,
                "expected the primitive type of \(enumeration.name), \(enumeration.primitive.rawValue), "
                    + "got \(primitive.rawValue)")
            return nil
        }
        return .value(value.value)
    }

    /// The enum and the value that `Enum.value` names; problems are noted.
    func listedValue(_ reference: String, _ origin: Origin) -> (EnumLayout, ValidValueLayout)? {
        let parts = reference.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            types.problems.error(origin, "expected enum.value as valueRef, got \"\(reference)\"")
            return nil
        }
        guard case .enumeration? = types.model(named: parts[0]) else {
            types.problems.error(origin, "expected the name of an enum in valueRef, got \"\(parts[0])\"")
            return nil
        }
        guard case .enumeration(let enumeration)? = types.type(named: parts[0])?.value else { return nil }
        guard let value = types.listedValue(parts[1], of: enumeration) else {
            types.problems.error(
                origin, "expected the name of a value of enum \(parts[0]) in valueRef, got \"\(parts[1])\"")
            return nil
        }
        return (enumeration, value)
    }

    /// A constant from text. That of characters may be longer than one; its length then follows from the
    /// text, unless the schema declares one.
    func constant(
        _ text: String, declaredLength: Int?, as encoding: inout EncodingLayout, what: String,
        _ origin: Origin
    ) -> ConstantLayout? {
        guard encoding.primitive == .char else {
            if encoding.length != 1 {
                types.problems.error(
                    origin, "expected a single number as \(what), got an array of \(encoding.length)")
                return nil
            }
            guard let value = PrimitiveValue(encoding.primitive, text: text) else {
                types.problems.error(
                    origin,
                    "expected \(PrimitiveValue.range(of: encoding.primitive)) as \(what), got \"\(text)\"")
                return nil
            }
            return .value(value)
        }
        let characters = CharacterEncoding(encoding.characterEncoding)
        guard let bytes = characters?.bytes(of: text) ?? CharacterEncoding("UTF-8")?.bytes(of: text) else {
            return nil
        }
        if let declaredLength, declaredLength < bytes.count {
            types.problems.error(
                origin, "expected a \(what) of at most \(declaredLength) characters, got \"\(text)\"")
            return nil
        }
        encoding.length = declaredLength ?? bytes.count
        if encoding.length == 1, let byte = bytes.first {
            return .value(PrimitiveValue(.char, bits: UInt64(byte)))
        }
        // Characters are padded as those on the wire are.
        return .text(bytes + Array(repeating: 0, count: encoding.length - bytes.count))
    }
}
