/// Builds the layout of a schema from its model, noting everything that cannot be laid out.
struct LayoutBuilder {
    private let schema: SchemaModel
    private let types: TypeResolver

    /// What has been noted so far.
    var problems: ProblemList { types.problems }

    init(_ schema: SchemaModel, problems: ProblemList) {
        self.schema = schema
        types = TypeResolver(schema, problems: problems)
    }

    /// The layout; nil where anything is wrong, here or before.
    func build() -> SchemaLayout? {
        types.resolveAll()
        let header = FramingResolver(types: types).header(named: schema.headerType, schema.origin)
        if let header { check(header) }
        let messages = schema.messages.map { message(message: $0, header: header) }
        guard let header, !types.problems.hasErrors else { return nil }
        return SchemaLayout(
            package: schema.package, id: schema.id, version: schema.version,
            semanticVersion: schema.semanticVersion, description: schema.description,
            byteOrder: schema.byteOrder, header: header, messages: messages, enums: types.enums,
            sets: types.sets, composites: types.composites, encodings: types.encodings,
            defaultDimension: defaultDimension(messages), defaultData: defaultData(messages))
    }

    /// How groups of newer versions are encoded, for skipping them.
    private func defaultDimension(_ messages: [MessageLayout]) -> DimensionLayout? {
        FramingResolver(types: types).unusedDimension(named: "groupSizeEncoding")
            ?? messages.lazy.compactMap { $0.block.groups.first?.dimension }.first
    }

    /// How data of newer versions is encoded, for skipping it: like the first data of the schema.
    private func defaultData(_ messages: [MessageLayout]) -> DataLayout? {
        func first(_ block: BlockLayout) -> DataLayout? {
            block.data.first ?? block.groups.lazy.compactMap { first($0.block) }.first
        }
        return messages.lazy.compactMap { first($0.block) }.first
            ?? types.composites.lazy.compactMap { FramingResolver(types: types).unusedData(of: $0) }.first
    }

    /// The schema's own numbers must fit the header that carries them.
    private func check(_ header: HeaderLayout) {
        for (value, member) in [(schema.id, header.schemaId), (schema.version, header.version)] {
            if let constant = member.constant {
                if constant != UInt64(value) {
                    types.problems.warning(
                        schema.origin, "expected the constant \(member.name) to be \(value), got \(constant)")
                }
            } else if UInt64(value) > member.primitive.mask {
                types.problems.error(
                    schema.origin,
                    "expected at most \(member.primitive.mask) as \(member.name), got \(value)")
            }
        }
    }

    private func message(message: MessageModel, header: HeaderLayout?) -> MessageLayout {
        let model = message.block
        if let member = header?.templateId, member.constant == nil, UInt64(model.id) > member.primitive.mask {
            types.problems.error(
                model.origin, "expected at most \(member.primitive.mask) as id, got \(model.id)")
        }
        return MessageLayout(
            name: model.name, id: model.id, block: block(model, length: header?.blockLength),
            sinceVersion: model.sinceVersion, annotations: model.annotations)
    }

    /// Fields one behind the other, then the length of the block, then groups and data.
    private func block(_ model: BlockModel, length: WireIntegerLayout?) -> BlockLayout {
        let resolver = FieldResolver(types: types)
        let framing = FramingResolver(types: types)
        var fields: [FieldLayout] = []
        var end = 0
        for field in model.fields {
            guard let layout = resolver.resolve(field, behind: end) else { continue }
            fields.append(layout)
            end = layout.end
        }
        var blockLength = model.blockLength ?? end
        if blockLength == 0, end > 0 {
            // To the reference, 0 says that there is none.
            types.problems.warning(
                model.origin,
                "expected a blockLength of at least \(end), or none, got 0, which counts as none")
            blockLength = end
        }
        if blockLength < end {
            types.problems.error(
                model.origin,
                "expected a blockLength of at least \(end), the end of the fields, got \(blockLength)")
        }
        if let length, length.constant == nil, UInt64(blockLength) > length.maximum {
            types.problems.error(
                model.origin,
                "expected a block of at most \(length.maximum) octets, as \(length.name) can say, got "
                    + "\(blockLength)"
            )
        }
        return BlockLayout(
            blockLength: blockLength, fields: fields, groups: model.groups.compactMap(group),
            data: model.data.compactMap(framing.data))
    }

    private func group(_ model: GroupModel) -> GroupLayout? {
        let origin = model.block.origin
        let dimension = FramingResolver(types: types).dimension(named: model.dimensionType, origin)
        let block = block(model.block, length: dimension?.blockLength)
        guard let dimension else { return nil }
        return GroupLayout(
            name: model.block.name, id: model.block.id, dimension: dimension, block: block,
            sinceVersion: model.block.sinceVersion, annotations: model.block.annotations)
    }
}
