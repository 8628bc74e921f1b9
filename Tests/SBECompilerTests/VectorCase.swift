@testable import SBECompiler

/// A vector made with the reference implementation: a binary message, and the tree that it is.
struct VectorCase: CustomStringConvertible, Sendable {
    /// The path of the JSON file.
    let name: String
    let tree: JSONValue
    let schema: String
    let bytes: [UInt8]

    var description: String { name }

    init?(_ name: String) {
        guard !name.hasSuffix(".layout.json"), !name.hasSuffix("inline-hex.json"),
            let tree = try? JSONParser.parse(Repository.bytes(name)),
            case .string(let schema)? = tree["schema"], let slash = name.lastIndex(of: "/")
        else { return nil }
        self.name = name
        self.tree = tree
        self.schema = String(name[...slash]) + schema
        bytes = Repository.bytes(name.dropLast(4) + "bin")
    }

    static let all = Repository.files(below: "Vectors", ending: ".json").compactMap(VectorCase.init)

    /// What of the file a decoder must produce.
    var expected: JSONValue {
        let names = ["message", "templateId", "header", "consumed", "absent", "fields"]
        return .object(names.map { JSONMember(name: $0, value: tree[$0] ?? .null) })
    }

    /// Without the decimal form of floats, which is for people.
    static func comparable(_ tree: JSONValue) -> JSONValue {
        switch tree {
        case .array(let elements): return .array(elements.map(comparable))
        case .object(let members):
            if members.map(\.name) == ["value", "bits"] { return members[1].value }
            return .object(members.map { JSONMember(name: $0.name, value: comparable($0.value)) })
        default: return tree
        }
    }
}
