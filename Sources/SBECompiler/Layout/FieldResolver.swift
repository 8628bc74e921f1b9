/// Resolves a `<field>`: what its type and its own attributes make together.
struct FieldResolver {
    let types: TypeResolver

    /// The field behind `end` octets of earlier fields; nil where its type has problems, which are noted.
    func resolve(_ model: FieldModel, behind end: Int) -> FieldLayout? {
        let offset = offset(of: model, behind: end)
        guard let type = types.type(named: model.type) else {
            if !types.isDefined(model.type), !model.type.isEmpty {
                types.problems.error(model.origin, "expected the name of a type, got \"\(model.type)\"")
            }
            return nil
        }
        checkSemanticType(of: model, type)
        guard let (presence, value, constant) = content(of: model, type) else { return nil }
        var annotations = model.annotations
        annotations.semanticType = annotations.semanticType ?? type.annotations.semanticType
        annotations.epoch = annotations.epoch ?? type.annotations.epoch
        annotations.timeUnit = annotations.timeUnit ?? type.annotations.timeUnit
        return FieldLayout(
            name: model.name, id: model.id, offset: offset, presence: presence, value: value,
            constant: constant, sinceVersion: max(model.sinceVersion, type.sinceVersion),
            annotations: annotations)
    }

    /// An offset may leave a gap, and must not overlap (Message Structure, "Field offset").
    private func offset(of model: FieldModel, behind end: Int) -> Int {
        guard let offset = model.offset else { return end }
        if offset == 0, end > 0 {
            // To the reference, 0 says that there is none.
            types.problems.warning(
                model.origin, "expected an offset of at least \(end), or none, got 0, which counts as none")
            return end
        }
        if offset < end {
            types.problems.error(
                model.origin,
                "expected an offset of at least \(end), behind the fields before it, got \(offset)")
            return end
        }
        return offset
    }

    /// Given on both, they must be the same (Message Schema, "Schema validation"); in any case of letters,
    /// for the standard's own capitals are inconsistent.
    private func checkSemanticType(of model: FieldModel, _ type: ResolvedType) {
        guard let own = model.annotations.semanticType, let inherited = type.annotations.semanticType,
            own.lowercased() != inherited.lowercased()
        else { return }
        types.problems.error(
            model.origin, "expected the semanticType of type \(model.type), \"\(inherited)\", got \"\(own)\"")
    }

    private typealias Content = (Presence, ValueLayout, ConstantLayout?)

    private func content(of model: FieldModel, _ type: ResolvedType) -> Content? {
        let presence = model.presence ?? type.presence ?? .required
        if let own = model.presence, let inherited = type.presence, own != inherited {
            if inherited == .constant {
                types.problems.warning(
                    model.origin,
                    "expected presence=\"constant\" of a field whose type is a constant, got "
                        + "\"\(own.rawValue)\": it is one"
                )
                return constantContent(of: model, type)
            }
            if own != .constant {
                types.problems.warning(
                    model.origin,
                    "expected the presence of type \(model.type), \"\(inherited.rawValue)\", got "
                        + "\"\(own.rawValue)\", which stands")
            }
        }
        if presence != .constant {
            if let reference = model.valueRef {
                types.problems.warning(
                    model.origin,
                    "expected valueRef only with presence=\"constant\", got valueRef=\"\(reference)\" "
                        + "without, which means nothing")
            }
            return (presence, type.value, nil)
        }
        return constantContent(of: model, type)
    }

    /// The constant of a field: by reference, its type's, or the element's text, in this order.
    private func constantContent(of model: FieldModel, _ type: ResolvedType) -> Content? {
        let resolver = SimpleTypeResolver(types: types)
        switch type.value {
        case .enumeration(let enumeration):
            guard let reference = model.valueRef else {
                types.problems.error(
                    model.origin, "expected a valueRef for a constant of enum \(model.type), got none")
                return nil
            }
            guard let (other, value) = resolver.listedValue(reference, model.origin) else { return nil }
            guard other.name == enumeration.name else {
                types.problems.error(
                    model.origin,
                    "expected a value of enum \(enumeration.name) in valueRef, got \"\(reference)\"")
                return nil
            }
            return (.constant, type.value, .validValue(name: value.name, value.value))
        case .encoding(var encoding):
            if let reference = model.valueRef {
                let constant = resolver.constant(
                    byReference: reference, primitive: encoding.primitive, model.origin)
                return constant.map { (.constant, type.value, $0) }
            }
            if let constant = type.constant { return (.constant, type.value, constant) }
            guard let text = model.text else {
                types.problems.error(
                    model.origin,
                    "expected a constant in the type, the valueRef or the element's text, got none")
                return nil
            }
            let declared = encoding.primitive == .char && encoding.length == 1 ? nil : encoding.length
            let constant = resolver.constant(
                text, declaredLength: declared, as: &encoding, what: "constant", model.origin)
            return constant.map { (.constant, .encoding(encoding), $0) }
        case .set, .composite:
            types.problems.error(
                model.origin,
                "expected a simple type or an enum for a constant, got \(model.type), which is neither")
            return nil
        }
    }
}
