/// One encoding of a message: header, root block, groups, data.
struct MessageEncoder {
    private let layout: SchemaLayout
    private var values: ValueEncoder
    /// The version that the tree names, where it is newer than the schema.
    private(set) var newerVersion: UInt64?

    init(layout: SchemaLayout, bytesMax: Int) {
        self.layout = layout
        values = ValueEncoder(layout: layout, version: layout.version, bytesMax: bytesMax)
    }

    mutating func encode(
        _ message: MessageLayout, header tree: JSONValue, fields: JSONValue
    ) throws(MessageError) -> [UInt8] {
        let header = layout.header
        values.path.push("header")
        try expectSame(tree, header.templateId, UInt64(message.id))
        try expectSame(tree, header.schemaId, UInt64(layout.id))
        var version = try number(tree, header.version) ?? UInt64(layout.version)
        var tree = tree
        if version > UInt64(layout.version) {
            newerVersion = version
            version = header.version.constant ?? UInt64(layout.version)
            // How long the root block is, and what stands behind it, are the schema's to say.
            tree = tree.removing([
                header.version.name, header.blockLength.name, header.numGroups?.name,
                header.numVarDataFields?.name,
            ])
        }
        values.version = min(Int(clamping: version), layout.version)
        let least = message.block.requiredLength(inVersion: values.version, of: layout)
        let usual = message.block.length(inVersion: values.version, of: layout)
        let blockLength = try number(tree, header.blockLength) ?? UInt64(usual)
        guard blockLength >= UInt64(least) else {
            throw .shortBlock(path: "header.blockLength", expected: least, got: blockLength)
        }
        // The composite first, so that members that mean nothing to this tool come from the tree.
        let base = try values.grow(UInt64(header.size))
        try values.members(of: header.composite, tree, at: base, isComplete: false)
        try values.store(UInt64(message.id), header.templateId, base)
        if header.schemaId.constant == nil { try values.store(UInt64(layout.id), header.schemaId, base) }
        try values.store(version, header.version, base)
        try values.store(blockLength, header.blockLength, base)
        try storeCounts(of: message.block, header.numGroups, header.numVarDataFields, base, tree)
        values.path.pop()
        try block(message.block, length: blockLength, fields)
        return values.bytes
    }

    private mutating func number(
        _ tree: JSONValue, _ member: WireIntegerLayout
    ) throws(MessageError) -> UInt64? {
        if let constant = member.constant { return constant }
        guard let value = tree[member.name], value != .null else { return nil }
        values.path.push(member.name)
        defer { values.path.pop() }
        return try values.integer(value, member.size)
    }

    private mutating func expectSame(
        _ tree: JSONValue, _ member: WireIntegerLayout, _ expected: UInt64
    ) throws(MessageError) {
        guard member.constant == nil, let value = try number(tree, member), value != expected else { return }
        throw .unfit(path: "header.\(member.name)", expected: "\(expected)", got: "\(value)")
    }

    /// Counts of groups and data, unless the tree says others: so what the reference wrote, which never
    /// counts, comes out as it was.
    private mutating func storeCounts(
        of block: BlockLayout, _ groups: WireIntegerLayout?, _ data: WireIntegerLayout?, _ base: Int,
        _ tree: JSONValue = .null
    ) throws(MessageError) {
        let version = values.version
        let counts = [
            (groups, block.groups.count { $0.sinceVersion <= version }),
            (data, block.data.count { $0.sinceVersion <= version }),
        ]
        for case (let member?, let count) in counts where tree[member.name] == nil {
            try values.store(UInt64(count), member, base)
        }
    }

    private mutating func block(
        _ block: BlockLayout, length: UInt64, _ tree: JSONValue
    ) throws(MessageError) {
        guard case .object(let members) = tree else {
            throw .unfit(path: values.place, expected: "an object", got: tree.kind)
        }
        var given = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
        let base = try values.grow(length)
        for field in block.fields {
            values.path.push(field.name)
            defer { values.path.pop() }
            try values.field(field, given.removeValue(forKey: field.name), base: base)
        }
        for group in block.groups {
            values.path.push(group.name)
            defer { values.path.pop() }
            try self.group(group, given.removeValue(forKey: group.name) ?? .array([]))
        }
        for data in block.data {
            values.path.push(data.name)
            defer { values.path.pop() }
            try self.data(data, given.removeValue(forKey: data.name))
        }
        if let unknown = members.first(where: { given[$0.name] != nil }) {
            throw .unfit(path: values.place, expected: "members of the schema", got: "\"\(unknown.name)\"")
        }
    }

    private mutating func group(_ group: GroupLayout, _ tree: JSONValue) throws(MessageError) {
        guard case .array(let entries) = tree else {
            throw .unfit(path: values.place, expected: "an array of entries", got: tree.kind)
        }
        guard group.sinceVersion <= values.version else {
            if entries.isEmpty { return }
            throw tooNew(group.sinceVersion, tree)
        }
        let count = group.dimension.numInGroup
        guard count.minimum <= count.maximum, (count.minimum...count.maximum).contains(UInt64(entries.count))
        else {
            throw .outOfRange(
                path: values.place, what: "number of entries",
                expected: count.minimum...max(count.minimum, count.maximum), got: UInt64(entries.count))
        }
        let length = group.block.length(inVersion: values.version, of: layout)
        let dimension = group.dimension
        let base = try values.grow(UInt64(dimension.size))
        try values.members(of: dimension.composite, .object([]), at: base, isComplete: false)
        try values.store(UInt64(length), dimension.blockLength, base)
        try values.store(UInt64(entries.count), dimension.numInGroup, base)
        try storeCounts(of: group.block, dimension.numGroups, dimension.numVarDataFields, base)
        for (index, entry) in entries.enumerated() {
            values.path.setIndex(index)
            try block(group.block, length: UInt64(length), entry)
        }
        values.path.setIndex(nil)
    }

    private func tooNew(_ since: Int, _ tree: JSONValue) -> MessageError {
        .unfit(
            path: values.place,
            expected: "nothing in version \(values.version), to which version \(since) added it",
            got: tree.kind)
    }

    private mutating func data(_ data: DataLayout, _ tree: JSONValue?) throws(MessageError) {
        let octets = try values.octets(of: tree ?? .string(""), data.characterEncoding)
        guard data.sinceVersion <= values.version else {
            if octets.isEmpty { return }
            throw tooNew(data.sinceVersion, tree ?? .null)
        }
        let length = UInt64(octets.count)
        guard data.length.minimum <= data.length.maximum,
            (data.length.minimum...data.length.maximum).contains(length)
        else {
            throw .outOfRange(
                path: values.place, what: "length",
                expected: data.length.minimum...max(data.length.minimum, data.length.maximum), got: length)
        }
        let base = try values.grow(UInt64(data.dataOffset))
        try values.store(length, data.length, base)
        try values.append(octets)
    }
}
