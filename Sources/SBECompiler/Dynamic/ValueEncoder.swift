/// The octets of a message in the making, and how values become octets.
struct ValueEncoder {
    let layout: SchemaLayout
    /// The version to write; elements that are newer stay out.
    var version: Int
    private(set) var bytes: [UInt8] = []
    private let bytesMax: Int
    var path = ElementPath()

    init(layout: SchemaLayout, version: Int, bytesMax: Int) {
        self.layout = layout
        self.version = version
        self.bytesMax = bytesMax
    }

    /// The path for errors.
    var place: String {
        let text = path.description
        return text.isEmpty ? "message" : text
    }

    func unfit(_ expected: String, _ tree: JSONValue) -> MessageError {
        .unfit(path: place, expected: expected, got: tree.kind)
    }

    // MARK: Octets

    /// Appends zeros and says where they begin.
    mutating func grow(_ count: UInt64) throws(MessageError) -> Int {
        let base = bytes.count
        guard count <= UInt64(bytesMax - base) else {
            throw .tooLarge(path: place, what: "bytes", limit: bytesMax)
        }
        bytes.append(contentsOf: repeatElement(0, count: Int(count)))
        return base
    }

    /// Appends octets as they are.
    mutating func append(_ octets: [UInt8]) throws(MessageError) {
        guard octets.count <= bytesMax - bytes.count else {
            throw .tooLarge(path: place, what: "bytes", limit: bytesMax)
        }
        bytes += octets
    }

    /// Writes the low octets of a number where zeros were.
    mutating func store(_ bits: UInt64, size: Int, at offset: Int) {
        for index in 0..<size {
            let position = layout.byteOrder == .littleEndian ? index : size - 1 - index
            bytes[offset + position] = UInt8(truncatingIfNeeded: bits >> UInt64(index * 8))
        }
    }

    /// Writes a number that governs decoding; one that its octets cannot hold is refused.
    mutating func store(_ value: UInt64, _ member: WireIntegerLayout, _ base: Int) throws(MessageError) {
        if let constant = member.constant {
            guard constant == value else {
                throw .unfit(path: place, expected: "\(member.name) \(constant)", got: "\(value)")
            }
            return
        }
        guard value <= member.primitive.mask else {
            throw .outOfRange(path: place, what: member.name, expected: 0...member.primitive.mask, got: value)
        }
        store(value, size: member.size, at: base + member.offset)
    }

    // MARK: Fields

    /// Writes a field of a block, or a member of a composite, that begins at `base`.
    mutating func field(_ field: FieldLayout, _ tree: JSONValue?, base: Int) throws(MessageError) {
        if field.presence == .constant { return }
        guard field.sinceVersion <= version else {
            guard let tree, tree != .null else { return }
            throw unfit(
                "nothing in version \(version), to which version \(field.sinceVersion) added it", tree)
        }
        let offset = base + field.offset
        if tree == nil || tree == .null {
            guard field.presence == .optional else { throw unfit("a value", tree ?? .null) }
            return storeNull(field, at: offset)
        }
        guard let tree else { return }
        switch field.value {
        case .encoding(let encoding):
            try store(tree, encoding, isOptional: field.presence == .optional, at: offset)
        case .enumeration(let enumeration): try store(tree, enumeration, at: offset)
        case .set(let set): try store(tree, set, at: offset)
        case .composite(let composite): try members(of: composite, tree, at: offset, isComplete: true)
        }
    }

    /// Writes the null of a field: of an array in each element, of a composite in the member that decides. A
    /// set has no null: it is empty.
    private mutating func storeNull(_ field: FieldLayout, at offset: Int) {
        switch field.value {
        case .encoding(let encoding):
            for index in 0..<encoding.length {
                let size = encoding.primitive.size
                store(encoding.null.bits, size: size, at: offset + index * size)
            }
        case .enumeration(let enumeration):
            store(enumeration.null.bits, size: enumeration.size, at: offset)
        case .set: break
        case .composite(let composite):
            if let member = composite.nullMember, member.sinceVersion <= version {
                storeNull(member, at: offset + member.offset)
            }
        }
    }

    /// Writes the members of a composite. Where it need not be complete, missing members are zero.
    mutating func members(
        of composite: CompositeLayout, _ tree: JSONValue, at offset: Int, isComplete: Bool
    ) throws(MessageError) {
        guard case .object(let given) = tree else { throw unfit("an object", tree) }
        var values = Dictionary(given.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
        for member in composite.members {
            let value = values.removeValue(forKey: member.name)
            if value == nil && !isComplete { continue }
            path.push(member.name)
            defer { path.pop() }
            try field(member, value, base: offset)
        }
        if let name = given.map(\.name).first(where: { values[$0] != nil }) {
            throw .unfit(path: place, expected: "members of \(composite.name)", got: "\"\(name)\"")
        }
    }
}
