/// The Swift names of a schema's types, all different.
struct SwiftTypeNames {
    /// The type that stands for the schema.
    let schema: String
    private var types: [TypeName: String] = [:]
    private var messages: [String: String] = [:]
    private var taken: Set<String> = []
    private let prefix: String

    init(_ layout: SchemaLayout, source: String, namespace: String?) {
        prefix = namespace.map { SwiftNames.quoted($0) + "." } ?? ""
        if let namespace { taken.insert(namespace) }
        // The user's own words first: what messages are called is what is read most.
        for message in layout.messages {
            messages[message.name] = SwiftNames.unique(SwiftNames.type(message.name), in: &taken)
        }
        let inTree =
            layout.composites.map(\.name) + layout.enums.map(\.name) + layout.sets.map(\.name)
        for name in inTree where types[name] == nil {
            let joined = name.path.map { SwiftNames.type($0) }.joined()
            types[name] = SwiftNames.unique(taken.contains(joined) ? joined + "Type" : joined, in: &taken)
        }
        let base = source.split(separator: ".").first.map(String.init) ?? "SBE"
        let own = namespace == nil ? SwiftNames.type(Self.identifier(base)) + "Schema" : "Schema"
        schema = SwiftNames.unique(own, in: &taken)
    }

    /// The declared name of a type.
    func name(_ type: TypeName) -> String { types[type] ?? SwiftNames.type(type.path.joined()) }

    /// The declared name of a message.
    func name(message: String) -> String { messages[message] ?? SwiftNames.type(message) }

    /// The name with the namespace.
    func qualified(_ name: String) -> String { prefix + name }

    /// Whether a type outside of blocks has the name.
    func isTaken(_ name: String) -> Bool { taken.contains(name) }

    /// Letters and digits of a file name, words divided by underscores.
    private static func identifier(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
