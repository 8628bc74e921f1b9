/// Names as Swift has them: `lowerCamelCase` for properties and cases, `UpperCamelCase` for types, in
/// backticks or with an underscore where a name means something else.
enum SwiftNames {
    /// The property or case that a name of the schema becomes.
    static func member(_ name: String) -> String {
        let words = words(of: name)
        guard let first = words.first else { return "_" + name }
        return guarded(lowered(first) + words.dropFirst().map(raised).joined(), of: name)
    }

    /// The type that a name of the schema becomes.
    static func type(_ name: String) -> String {
        let joined = words(of: name).map(raised).joined()
        // Types begin with a capital, so that no property can have the name of one.
        let result = joined.first?.isLetter == true ? joined : "T" + (joined.isEmpty ? name : joined)
        return takenTypes.contains(result) || takenNestedTypes.contains(result) || result.hasPrefix("SBE")
            ? result + "_" : result
    }

    /// The name in backticks, where it is a keyword.
    static func quoted(_ name: String) -> String {
        keywords.contains(name) ? "`\(name)`" : name
    }

    /// A name that is not among those taken, with underscores behind it where it is; takes it.
    static func unique(_ name: String, in taken: inout Set<String>) -> String {
        var result = name
        while !taken.insert(result).inserted { result += "_" }
        return result
    }

    private static func words(of name: String) -> [Substring] { name.split(separator: "_") }

    private static func guarded(_ result: String, of name: String) -> String {
        guard let first = result.first else { return "_" }
        return first.isNumber ? "_" + result : result
    }

    /// `TURBO` → `turbo`, `EDTField` → `edtField`, `TagGroup1` → `tagGroup1`.
    private static func lowered(_ word: Substring) -> String {
        if isCapital(word) { return word.lowercased() }
        let run = word.prefix { $0.isUppercase }
        guard run.count > 1 else { return run.lowercased() + word.dropFirst(run.count) }
        // The last capital of a run begins the next word.
        let head = word.dropFirst(run.count).first?.isLowercase == true ? run.dropLast() : run
        return head.lowercased() + word.dropFirst(head.count)
    }

    /// `engine` → `Engine`; a word in capitals keeps only its first, unless it is short: an abbreviation.
    private static func raised(_ word: Substring) -> String {
        guard word.count > 3, isCapital(word) else { return word.prefix(1).uppercased() + word.dropFirst() }
        return word.prefix(1) + word.dropFirst().lowercased()
    }

    private static func isCapital(_ word: Substring) -> Bool {
        word.allSatisfy { !$0.isLowercase } && word.contains { $0.isUppercase }
    }

    /// Names that the view or the encoder has itself.
    static let takenMembers: Set<String> = [
        "actingVersion", "actingBlockLength", "encodedLength", "encodedBytes", "finish", "group", "data",
        "init",
        "self", "Self", "Type", "Protocol",
    ]

    /// Cases that an enumeration has itself.
    static let takenCases: Set<String> = [
        "null", "unknown", "init", "self", "Self", "Type", "Protocol", "sbeBits", "sbeName", "description",
        "hashValue",
    ]

    /// Choices that would hide what an option set has itself.
    static let takenChoices: Set<String> = [
        "init", "self", "Self", "Type", "Protocol", "rawValue", "sbeBits", "sbeNames", "sbeChosen",
        "description", "hashValue", "isEmpty", "contains", "union", "insert", "remove", "update", "subtract",
    ]

    /// Types that generated code names, or that may not be declared.
    static let takenTypes: Set<String> = [
        "Any", "Bool", "Double", "Equatable", "Float", "Hashable", "InlineArray", "Int", "Int16", "Int32",
        "Int64",
        "Int8", "Never", "Optional", "Protocol", "Self", "Sendable", "StaticString", "String", "Type",
        "UInt16",
        "UInt32", "UInt64", "UInt8", "Array", "CustomStringConvertible", "ByteOrder",
    ]

    /// Types that stand inside a generated block beside those of the schema, or that an extension of the
    /// library's types finds first; a type outside that had such a name could not be named there.
    static let takenNestedTypes: Set<String> = [
        "Schema", "Members", "FirstPart", "Previous", "Next", "Value", "Element", "Values", "Composite",
        "Fields", "Block", "Part",
    ]

    private static let keywords: Set<String> = [
        "associatedtype", "class", "deinit", "enum", "extension", "fileprivate", "func", "import", "init",
        "inout", "internal", "let", "open", "operator", "private", "precedencegroup", "protocol", "public",
        "rethrows", "static", "struct", "subscript", "typealias", "var", "break", "case", "catch", "continue",
        "default", "defer", "do", "else", "fallthrough", "for", "guard", "if", "in", "repeat", "return",
        "throw", "switch", "where", "while", "any", "as", "await", "false", "is", "nil", "self", "Self",
        "super", "throws", "true", "try", "Any", "Type", "Protocol", "async", "some", "each", "consume",
        "copy",
        "borrowing", "consuming", "discard", "get", "set", "willSet", "didSet", "unsafe", "yield", "macro",
        "package", "actor", "nonisolated", "isolated", "sending", "lazy", "weak", "unowned", "mutating",
        "nonmutating", "override", "required", "optional", "convenience", "dynamic", "final", "indirect",
        "infix", "postfix", "prefix", "left", "right", "none", "precedence", "associativity",
    ]
}

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
