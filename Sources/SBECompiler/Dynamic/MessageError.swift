/// Why octets are no message of a schema, or a JSON tree cannot become one.
package enum MessageError: Error, Hashable, Sendable {
    /// The message ends inside an element: it would have to have `expected` octets at least.
    case truncated(path: String, expected: Int, got: Int)
    /// The header names another schema.
    case wrongSchema(expected: Int, got: UInt64)
    /// The schema has no message of this template id.
    case unknownTemplate(got: UInt64)
    /// A block is shorter than that of the stated version ("wrong message size").
    case shortBlock(path: String, expected: Int, got: UInt64)
    /// A count of entries, or a length of data, outside the limits of the schema.
    case outOfRange(path: String, what: String, expected: ClosedRange<UInt64>, got: UInt64)
    /// More values, or more octets, than this tool is willing to produce.
    case tooLarge(path: String, what: String, limit: Int)
    /// A newer message has groups or data that this schema knows no way to skip.
    case unknownElement(path: String, what: String)
    /// On encoding: a value that does not fit its element.
    case unfit(path: String, expected: String, got: String)
}

extension MessageError: CustomStringConvertible {
    /// What was expected and what came, and where.
    package var description: String {
        switch self {
        case .truncated(let path, let expected, let got): "\(path): expected \(expected) bytes, got \(got)"
        case .wrongSchema(let expected, let got): "header: expected schema id \(expected), got \(got)"
        case .unknownTemplate(let got): "header: expected a template id of the schema, got \(got)"
        case .shortBlock(let path, let expected, let got):
            "\(path): expected a block length of at least \(expected), got \(got)"
        case .outOfRange(let path, let what, let expected, let got):
            "\(path): expected a \(what) of \(expected.lowerBound)...\(expected.upperBound), got \(got)"
        case .tooLarge(let path, let what, let limit): "\(path): expected at most \(limit) \(what), got more"
        case .unknownElement(let path, let what): "\(path): expected elements of the schema, got \(what)"
        case .unfit(let path, let expected, let got): "\(path): expected \(expected), got \(got)"
        }
    }
}

/// Where in a message decoding or encoding stands.
struct ElementPath: CustomStringConvertible {
    private var names: [String] = []
    private var indices: [Int?] = []

    /// Goes down to a member.
    mutating func push(_ name: String) {
        names.append(name)
        indices.append(nil)
    }

    /// Goes back to the element that the last one lies in.
    mutating func pop() {
        names.removeLast()
        indices.removeLast()
    }

    /// Says which entry of the group, or element of the array, it is.
    mutating func setIndex(_ index: Int?) { indices[indices.count - 1] = index }

    /// The names of the schema's elements, joined by dots: `fuelFigures.speed`.
    var plain: String { names.joined(separator: ".") }

    /// The path, with indices: `fuelFigures[2].speed`.
    var description: String {
        zip(names, indices).map { name, index in index.map { "\(name)[\($0)]" } ?? name }.joined(
            separator: ".")
    }
}
