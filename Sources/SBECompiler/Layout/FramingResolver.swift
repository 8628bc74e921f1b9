/// Resolves the composites that govern decoding: the message header, group dimensions, lengths of data.
struct FramingResolver {
    let types: TypeResolver

    /// The message header; nil where it has problems, which are noted.
    func header(named name: String, _ origin: Origin) -> HeaderLayout? {
        guard let composite = composite(named: name, attribute: "headerType", origin) else { return nil }
        let place = Place(composite: composite, kind: "message header", origin: origin)
        let blockLength = integer("blockLength", in: place)
        let templateId = integer("templateId", in: place, allowsSigned: true)
        let schemaId = integer("schemaId", in: place, allowsSigned: true)
        let version = integer("version", in: place, allowsSigned: true)
        let numGroups = optionalInteger("numGroups", in: place)
        let numVarDataFields = optionalInteger("numVarDataFields", in: place)
        guard let blockLength, let templateId, let schemaId, let version else { return nil }
        return HeaderLayout(
            composite: composite, blockLength: blockLength, templateId: templateId, schemaId: schemaId,
            version: version, numGroups: numGroups, numVarDataFields: numVarDataFields)
    }

    /// Group dimensions; nil where they have problems, which are noted at the group.
    func dimension(named name: String, _ origin: Origin) -> DimensionLayout? {
        guard let composite = composite(named: name, attribute: "dimensionType", origin) else { return nil }
        let place = Place(composite: composite, kind: "group dimensions", origin: origin)
        let blockLength = integer("blockLength", in: place)
        let numInGroup = integer("numInGroup", in: place, allowsSigned: true)
        let numGroups = optionalInteger("numGroups", in: place)
        let numVarDataFields = optionalInteger("numVarDataFields", in: place)
        guard let blockLength, let numInGroup else { return nil }
        checkLimit(blockLength, in: place)
        checkLimit(numInGroup, in: place)
        return DimensionLayout(
            composite: composite, blockLength: blockLength, numInGroup: numInGroup, numGroups: numGroups,
            numVarDataFields: numVarDataFields)
    }

    /// Variable-length data; nil where its type has problems, which are noted at the field.
    func data(_ model: DataModel) -> DataLayout? {
        guard let composite = composite(named: model.type, attribute: "type", model.origin) else {
            return nil
        }
        let place = Place(composite: composite, kind: "data", origin: model.origin)
        let length = integer("length", in: place)
        let octets = composite.member("varData")
        if octets == nil {
            types.problems.error(
                model.origin, "expected a member varData in composite \(composite.name) for data, got none")
        }
        guard let length, let octets else { return nil }
        guard case .encoding(let encoding) = octets.value, encoding.primitive.size == 1 else {
            types.problems.error(
                model.origin,
                "expected char or uint8 as varData of composite \(composite.name), got another type")
            return nil
        }
        guard length.end == octets.offset, composite.members.last == octets else {
            types.problems.error(
                model.origin,
                "expected varData immediately behind length in composite \(composite.name), and nothing "
                    + "behind it, got another order")
            return nil
        }
        checkLimit(length, in: place)
        var annotations = model.annotations
        annotations.semanticType = annotations.semanticType ?? octets.annotations.semanticType
        return DataLayout(
            name: model.name, id: model.id, typeName: composite.name, length: length,
            dataOffset: octets.offset, primitive: encoding.primitive,
            characterEncoding: encoding.characterEncoding, sinceVersion: model.sinceVersion,
            annotations: annotations)
    }

    /// Dimensions that perhaps no group uses: nil, without a word, where they are undefined or malformed.
    func unusedDimension(named name: String) -> DimensionLayout? {
        guard case .composite(let composite)? = types.type(named: name)?.value,
            composite.member("numInGroup") != nil, composite.member("blockLength") != nil
        else { return nil }
        return silently { dimension(named: name, $0) }
    }

    /// Data as this composite says, where it is one for data: nil, without a word, where it is not.
    func unusedData(of composite: CompositeLayout) -> DataLayout? {
        guard composite.member("length") != nil, composite.member("varData") != nil,
            !composite.name.isNested
        else { return nil }
        return silently { origin in
            data(
                DataModel(
                    origin: origin, name: composite.name.own, id: 0, type: composite.name.own, presence: nil,
                    sinceVersion: 0, annotations: Annotations()))
        }
    }

    private func silently<Layout>(_ body: (Origin) -> Layout?) -> Layout? {
        let before = types.problems
        defer { types.problems = before }
        let nowhere = SourceElement(
            name: "", namespace: nil, attributes: [:], location: SourceLocation(file: "", line: 0))
        types.problems = ProblemList()
        let layout = body(Origin(nowhere))
        return types.problems.hasErrors ? nil : layout
    }

    /// A composite, and what it is for.
    private struct Place {
        let composite: CompositeLayout
        let kind: String
        let origin: Origin
    }

    private func composite(named name: String, attribute: String, _ origin: Origin) -> CompositeLayout? {
        guard !name.isEmpty else { return nil }
        guard types.isDefined(name) else {
            types.problems.error(
                origin,
                "expected the name of a composite as \(attribute), got \"\(name)\", which is undefined")
            return nil
        }
        guard let type = types.type(named: name) else { return nil }
        guard case .composite(let composite) = type.value else {
            types.problems.error(
                origin, "expected the name of a composite as \(attribute), got \"\(name)\", which is none")
            return nil
        }
        return composite
    }

    private func optionalInteger(_ name: String, in place: Place) -> WireIntegerLayout? {
        place.composite.member(name) == nil ? nil : integer(name, in: place, allowsSigned: true)
    }

    /// A member that must be an integer. The standard has only unsigned ones; the reference lets signed ones
    /// pass where they count something other than octets, and so does this, with a warning.
    private func integer(_ name: String, in place: Place, allowsSigned: Bool = false) -> WireIntegerLayout? {
        guard let member = place.composite.member(name) else {
            types.problems.error(
                place.origin,
                "expected a member \(name) in composite \(place.composite.name) for \(place.kind), got none")
            return nil
        }
        guard case .encoding(let encoding) = member.value, encoding.isScalar,
            let unsigned = encoding.primitive.isUnsigned ? encoding.primitive : encoding.primitive.unsigned,
            encoding.primitive.isUnsigned || allowsSigned
        else {
            types.problems.error(
                place.origin,
                "expected an unsigned integer as \(name) of composite \(place.composite.name), got another "
                    + "type"
            )
            return nil
        }
        // A length may not hold the null value, so that it ends one earlier than counts do (Field Encoding,
        // "Range attributes for string Length").
        var limit = name == "length" ? unsigned.mask - 1 : unsigned.mask
        if encoding.primitive.isSigned {
            limit >>= 1
            types.problems.warning(
                place.origin,
                "expected an unsigned integer as \(name) of composite \(place.composite.name), got "
                    + encoding.primitive.rawValue)
            if name == "numInGroup", !encoding.isMinimumDeclared || encoding.minimum.signed < 0 {
                types.problems.error(
                    place.origin,
                    "expected a minValue of at least 0 for a signed numInGroup, got none or less")
                return nil
            }
        }
        var layout = WireIntegerLayout(
            name: name, offset: member.offset, primitive: unsigned,
            minimum: encoding.isMinimumDeclared ? UInt64(clamping: encoding.minimum.number) : 0,
            maximum: encoding.isMaximumDeclared ? UInt64(clamping: encoding.maximum.number) : limit)
        if case .value(let value)? = member.constant { layout.constant = value.bits }
        return layout
    }

    /// Like the reference, which refuses 32-bit lengths and counts that exceed what a signed integer holds.
    private func checkLimit(_ integer: WireIntegerLayout, in place: Place) {
        let limit = UInt64(Int32.max)
        let name = "\(integer.name) of composite \(place.composite.name)"
        if integer.primitive.size > 2, integer.name != "length" {
            types.problems.warning(
                place.origin, "expected uint8 or uint16 as \(name), got \(integer.primitive.rawValue)")
        }
        if integer.primitive == .uint32, integer.maximum > limit, integer.constant == nil {
            types.problems.error(
                place.origin,
                "expected a maxValue of at most \(limit) for uint32 \(name), got "
                    + (integer.maximum >= integer.primitive.mask - 1 ? "none" : "\(integer.maximum)"))
        }
        if integer.minimum > integer.maximum {
            types.problems.error(
                place.origin,
                "expected a minValue of at most \(integer.maximum) for \(name), got \(integer.minimum)")
        }
    }
}
