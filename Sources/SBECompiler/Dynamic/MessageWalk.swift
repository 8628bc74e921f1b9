/// One decoding: the octets, how far it has come, and what it has met.
struct MessageWalk {
    let layout: SchemaLayout
    let reader: ByteReader
    /// The version of the message, clamped; deciding for what is absent.
    var version = 0
    var position = 0
    var path = ElementPath()
    private var absent: Set<String> = []
    private var valuesLeft: Int
    private let valuesMax: Int

    init(layout: SchemaLayout, bytes: [UInt8], valuesMax: Int) {
        self.layout = layout
        reader = ByteReader(bytes: bytes, byteOrder: layout.byteOrder)
        self.valuesMax = valuesMax
        valuesLeft = valuesMax
    }

    /// Decodes a whole message: header, root block, groups, data.
    mutating func message() throws(MessageError) -> DynamicMessage {
        let header = layout.header
        try reader.require(UInt64(header.size), at: 0, "header")
        let schemaId = try reader.integer(header.schemaId, base: 0, "header")
        guard header.schemaId.constant != nil || schemaId == UInt64(layout.id) else {
            throw .wrongSchema(expected: layout.id, got: schemaId)
        }
        let templateId = try reader.integer(header.templateId, base: 0, "header")
        guard let message = layout.message(id: Int(clamping: templateId)) else {
            throw .unknownTemplate(got: templateId)
        }
        version = .max
        let members = try composite(header.composite, at: 0)
        version = Int(clamping: try reader.integer(header.version, base: 0, "header"))
        let blockLength = try reader.integer(header.blockLength, base: 0, "header")
        let extra = try announced(header.numGroups, header.numVarDataFields, base: 0)
        position = header.size
        let required = message.block.requiredLength(inVersion: version, of: layout)
        let fields = try block(
            message.block, length: blockLength, required: required, extra: extra)
        return DynamicMessage(
            name: message.name, templateId: message.id, header: members, consumed: position,
            absent: absent.sorted(), fields: .object(fields))
    }

    /// Notes one more value, which may be the one too many.
    mutating func count(_ values: Int = 1) throws(MessageError) {
        guard values <= valuesLeft else {
            throw .tooLarge(path: path.description, what: "values", limit: valuesMax)
        }
        valuesLeft -= values
    }

    /// Notes that the element at the path is newer than the message.
    mutating func noteAbsent() { absent.insert(path.plain) }

    // MARK: Blocks, groups, data

    /// Counts of groups and data that the wire announces, nil where the schema has no such counts.
    private struct Announced {
        var groups: UInt64?
        var data: UInt64?
    }

    /// What a header or dimensions announce. Why only for newer messages: the reference leaves these members
    /// as the buffer had them, and only in newer messages is there something unknown to skip.
    private func announced(
        _ groups: WireIntegerLayout?, _ data: WireIntegerLayout?, base: Int
    ) throws(MessageError) -> Announced {
        guard version > layout.version else { return Announced() }
        var result = Announced()
        if let groups { result.groups = try reader.integer(groups, base: base, path.description) }
        if let data { result.data = try reader.integer(data, base: base, path.description) }
        return result
    }

    private mutating func block(
        _ block: BlockLayout, length: UInt64, required: Int, extra: Announced
    ) throws(MessageError) -> [JSONMember] {
        guard length >= UInt64(required) else {
            throw .shortBlock(path: place, expected: required, got: length)
        }
        try reader.require(length, at: position, place)
        let base = position
        position += Int(length)
        var members: [JSONMember] = []
        for field in block.fields {
            path.push(field.name)
            defer { path.pop() }
            members.append(JSONMember(name: field.name, value: try self.field(field, base: base)))
        }
        for group in block.groups {
            path.push(group.name)
            defer { path.pop() }
            members.append(JSONMember(name: group.name, value: try self.group(group)))
        }
        let groups = block.groups.count { $0.sinceVersion <= version }
        try skipGroups(extra.groups, known: groups)
        for data in block.data {
            path.push(data.name)
            defer { path.pop() }
            members.append(JSONMember(name: data.name, value: try self.data(data)))
        }
        try skipData(extra.data, known: block.data.count { $0.sinceVersion <= version })
        return members
    }

    /// The path for errors, which at the root of a message is the message.
    private var place: String {
        let text = path.description
        return text.isEmpty ? "message" : text
    }

    private mutating func group(_ group: GroupLayout) throws(MessageError) -> JSONValue {
        try count()
        guard group.sinceVersion <= version else {
            noteAbsent()
            return .array([])
        }
        let dimension = group.dimension
        let base = position
        try reader.require(UInt64(dimension.size), at: base, place)
        let blockLength = try reader.integer(dimension.blockLength, base: base, place)
        let entries = try reader.integer(dimension.numInGroup, base: base, place)
        try check(entries, dimension.numInGroup, what: "number of entries")
        let extra = try announced(dimension.numGroups, dimension.numVarDataFields, base: base)
        position += dimension.size
        let required = group.block.requiredLength(inVersion: version, of: layout)
        var elements: [JSONValue] = []
        var index: UInt64 = 0
        while index < entries {
            path.setIndex(Int(clamping: index))
            try count()
            elements.append(
                .object(
                    try block(group.block, length: blockLength, required: required, extra: extra)))
            index += 1
        }
        path.setIndex(nil)
        return .array(elements)
    }

    private mutating func data(_ data: DataLayout) throws(MessageError) -> JSONValue {
        try count()
        guard data.sinceVersion <= version else {
            noteAbsent()
            return Self.tree(of: [], data)
        }
        let base = position
        try reader.require(UInt64(data.dataOffset), at: base, place)
        let length = try reader.integer(data.length, base: base, place)
        try check(length, data.length, what: "length")
        position += data.dataOffset
        try reader.require(length, at: position, place)
        let octets = reader.bytes[position..<position + Int(length)]
        position += Int(length)
        return Self.tree(of: octets, data)
    }

    private static func tree(of octets: ArraySlice<UInt8>, _ data: DataLayout) -> JSONValue {
        guard let name = data.characterEncoding else {
            return .members(["hex": .string(Hexadecimal.text(of: octets))])
        }
        let encoding = CharacterEncoding(name) ?? CharacterEncoding(nil)
        return .members([
            "hex": .string(Hexadecimal.text(of: octets)), "text": .string(encoding?.text(of: octets) ?? ""),
        ])
    }

    private func check(
        _ value: UInt64, _ member: WireIntegerLayout, what: String
    ) throws(MessageError) {
        guard member.minimum <= member.maximum, (member.minimum...member.maximum).contains(value) else {
            let range = member.minimum...max(member.minimum, member.maximum)
            throw .outOfRange(path: place, what: what, expected: range, got: value)
        }
    }

    // MARK: What newer versions added

    /// Deeper unknown groups than this are not followed, here and by generated code.
    private static let unknownDepthMax = 16

    /// Skips groups that a newer message has behind the known ones. Their dimensions are those that the
    /// standard gives groups by default, as generated code has it (Schema Extension, "Number of repeating
    /// groups and variable data").
    private mutating func skipGroups(
        _ announced: UInt64?, known: Int, depth: Int = 0
    ) throws(MessageError) {
        guard let announced, announced > UInt64(known) else { return }
        // Without octets of their own, announced groups would not end.
        guard let dimension = layout.defaultDimension, dimension.size > 0,
            depth < Self.unknownDepthMax
        else {
            throw .unknownElement(path: place, what: "groups of a newer version")
        }
        for _ in 0..<(announced - UInt64(known)) {
            let base = position
            try reader.require(UInt64(dimension.size), at: base, place)
            let blockLength = try reader.integer(dimension.blockLength, base: base, place)
            let entries = try reader.integer(dimension.numInGroup, base: base, place)
            let extra = try self.announced(dimension.numGroups, dimension.numVarDataFields, base: base)
            position += dimension.size
            if (extra.groups ?? 0) == 0, (extra.data ?? 0) == 0 {
                let octets = blockLength.multipliedReportingOverflow(by: entries)
                try reader.require(octets.overflow ? .max : octets.partialValue, at: position, place)
                position += Int(octets.partialValue)
                continue
            }
            var left = entries
            while left > 0 {
                try reader.require(blockLength, at: position, place)
                position += Int(blockLength)
                try skipGroups(extra.groups, known: 0, depth: depth + 1)
                try skipData(extra.data, known: 0)
                left -= 1
            }
        }
    }

    /// Skips data that a newer message has behind the known ones, with lengths encoded as those of the
    /// schema's first data.
    private mutating func skipData(_ announced: UInt64?, known: Int) throws(MessageError) {
        guard let announced, announced > UInt64(known) else { return }
        guard let data = layout.defaultData, data.dataOffset > 0 else {
            throw .unknownElement(path: place, what: "data of a newer version")
        }
        for _ in 0..<(announced - UInt64(known)) {
            try reader.require(UInt64(data.dataOffset), at: position, place)
            let length = try reader.integer(data.length, base: position, place)
            position += data.dataOffset
            try reader.require(length, at: position, place)
            position += Int(length)
        }
    }
}
