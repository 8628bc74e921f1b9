/// Resolves the types of a schema: each once, in the order of the schema, whatever refers to what. A class,
/// because its parts share the list of problems and what is resolved already.
final class TypeResolver {
    /// Composites nested in each other, at most.
    static let depthMax = 32
    /// Values in one composite, nested ones counted as often as they occur: few `<ref>`s can ask for
    /// exponentially many.
    static let leavesMax = 65_536
    /// Octets of one type, at most; sums of offsets then stay far from overflow.
    static let sizeMax = Int(UInt32.max)

    var problems: ProblemList
    private let types: [String: TypeModel]
    private let order: [String]
    private var resolved: [String: ResolvedType?] = [:]
    /// The named composites that are being resolved: one that turns up again refers to itself.
    private var open: [String] = []
    private var depth = 0
    private var listedValues: [[String]: [String: ValidValueLayout]] = [:]
    private(set) var enums: [EnumLayout] = []
    private(set) var sets: [SetLayout] = []
    private(set) var composites: [CompositeLayout] = []
    private(set) var encodings: [EncodingLayout] = []

    init(_ schema: SchemaModel, problems: ProblemList) {
        self.problems = problems
        types = Dictionary(schema.types.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var known: Set<String> = []
        order = schema.types.map(\.name).filter { known.insert($0).inserted }
    }

    /// Resolves all named types, also those that no field uses.
    func resolveAll() {
        for name in order { _ = type(named: name) }
    }

    /// The model of a named type, for what an enum or set is encoded with.
    func model(named name: String) -> TypeModel? { types[name] }

    /// A value of a named enum, for constants by reference. Each enum is indexed once.
    func listedValue(_ name: String, of enumeration: EnumLayout) -> ValidValueLayout? {
        let path = enumeration.name.path
        if let index = listedValues[path] { return index[name] }
        let index = Dictionary(
            enumeration.values.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        listedValues[path] = index
        return index[name]
    }

    /// The type of this name: a named one first, for a schema may name its own `int8`. Nil where there is
    /// none, or where it has problems, which are noted.
    func type(named name: String) -> ResolvedType? {
        if let known = resolved[name] { return known }
        guard let model = types[name] else {
            guard let primitive = PrimitiveType(rawValue: name) else { return nil }
            return Self.primitive(primitive)
        }
        if case .composite = model { open.append(name) }
        let type = resolve(model, path: [])
        if case .composite = model { open.removeLast() }
        resolved[name] = .some(type)
        return type
    }

    /// Whether a schema or the standard defines this name.
    func isDefined(_ name: String) -> Bool { types[name] != nil || PrimitiveType(rawValue: name) != nil }

    private static func primitive(_ primitive: PrimitiveType) -> ResolvedType {
        let encoding = EncodingLayout(
            name: primitive.rawValue, primitive: primitive, length: 1, null: primitive.defaultNull,
            minimum: primitive.defaultMinimum, maximum: primitive.defaultMaximum, isNullDeclared: false,
            isMinimumDeclared: false, isMaximumDeclared: false, characterEncoding: nil)
        return ResolvedType(
            value: .encoding(encoding), presence: nil, constant: nil, sinceVersion: 0,
            annotations: Annotations(), leaves: 1)
    }

    private func resolve(_ model: TypeModel, path: [String]) -> ResolvedType? {
        let name = TypeName(path: path + [model.name])
        switch model {
        case .simple(let simple):
            let type = SimpleTypeResolver(types: self).resolve(simple)
            if path.isEmpty, case .encoding(let encoding)? = type?.value { encodings.append(encoding) }
            return type
        case .enumeration(let enumeration):
            guard let layout = ListedTypeResolver(types: self).resolve(enumeration, name: name) else {
                return nil
            }
            enums.append(layout)
            return resolvedType(.enumeration(layout), model.common)
        case .set(let set):
            guard let layout = ListedTypeResolver(types: self).resolve(set, name: name) else { return nil }
            sets.append(layout)
            return resolvedType(.set(layout), model.common)
        case .composite(let composite):
            return resolve(composite, name: name)
        }
    }

    private func resolvedType(_ value: ValueLayout, _ common: TypeCommon, leaves: Int = 1) -> ResolvedType {
        ResolvedType(
            value: value, presence: common.presence, constant: nil, sinceVersion: common.sinceVersion,
            annotations: common.annotations, leaves: leaves)
    }

    private func resolve(_ model: CompositeModel, name: TypeName) -> ResolvedType? {
        let origin = model.common.origin
        guard depth < Self.depthMax else {
            problems.error(origin, "expected composites at most \(Self.depthMax) deep inside each other")
            return nil
        }
        depth += 1
        defer { depth -= 1 }
        var members: [FieldLayout] = []
        var end = 0
        var leaves = 0
        var isComplete = true
        for member in model.members {
            guard let type = self.type(of: member, in: name) else {
                isComplete = false
                continue
            }
            let offset = self.offset(of: member, behind: end)
            let layout = Self.layout(of: member.common, at: offset, as: type)
            members.append(layout)
            end = layout.end
            leaves += type.leaves
            if leaves > Self.leavesMax || end > Self.sizeMax {
                problems.error(
                    origin,
                    "expected at most \(Self.leavesMax) values in \(Self.sizeMax) octets, got more")
                return nil
            }
        }
        guard isComplete else { return nil }
        let composite = CompositeLayout(
            name: name, members: members, size: end, sinceVersion: model.common.sinceVersion,
            annotations: model.common.annotations, package: model.common.package)
        composites.append(composite)
        // An empty one counts too: nested in each other, they would else be without bound.
        return resolvedType(.composite(composite), model.common, leaves: max(leaves, 1))
    }

    private func type(of member: CompositeModel.Member, in name: TypeName) -> ResolvedType? {
        switch member {
        case .inline(let type): return resolve(type, path: name.path)
        case .reference(let reference):
            if open.contains(reference.type) {
                let circle = (open + [reference.type]).joined(separator: " > ")
                problems.error(
                    reference.common.origin, "expected no circular references, got \(circle)")
                return nil
            }
            if !isDefined(reference.type), !reference.type.isEmpty {
                problems.error(
                    reference.common.origin, "expected the name of a type, got \"\(reference.type)\"")
            }
            return type(named: reference.type)
        }
    }

    /// An offset may leave a gap, and must not overlap (Message Schema, "Element offset within a composite").
    private func offset(of member: CompositeModel.Member, behind end: Int) -> Int {
        guard let offset = member.common.offset else { return end }
        if offset < end {
            problems.error(
                member.common.origin,
                "expected an offset of at least \(end), behind the members before it, got \(offset)")
            return end
        }
        return offset
    }

    private static func layout(
        of common: TypeCommon, at offset: Int, as type: ResolvedType
    ) -> FieldLayout {
        var annotations = common.annotations
        annotations.semanticType = annotations.semanticType ?? type.annotations.semanticType
        let presence: Presence = type.constant != nil ? .constant : type.presence ?? .required
        return FieldLayout(
            name: common.name, id: nil, offset: offset, presence: presence, value: type.value,
            constant: type.constant, sinceVersion: max(common.sinceVersion, type.sinceVersion),
            annotations: annotations)
    }
}
