/// A JSON value that keeps what messages need kept: the order of members, and numbers digit by digit.
package enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// The digits as they are written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])

    /// An object of these members, in this order.
    package static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { JSONMember(name: $0.key, value: $0.value) })
    }

    /// A whole number, in decimal.
    package static func integer(_ value: some BinaryInteger) -> JSONValue { .number("\(value)") }

    /// The member of this name, the last if there are several; nil for what is no object.
    package subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// An object without the members of these names; anything else as it is.
    func removing(_ names: [String?]) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { !names.contains($0.name) })
    }

    /// The kind, for messages that say what came.
    package var kind: String {
        switch self {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .number(let digits): digits
        case .string(let text): "\"\(text.count > 40 ? text.prefix(40) + "…" : text[...])\""
        case .array(let elements): "an array of \(elements.count)"
        case .object: "an object"
        }
    }
}

/// A name and a value of an object.
package struct JSONMember: Hashable, Sendable {
    package var name: String
    package var value: JSONValue

    /// A member of an object.
    package init(name: String, value: JSONValue) {
        self.name = name
        self.value = value
    }
}

extension JSONValue {
    /// The text, with two blanks for each level; empty arrays and objects on one line.
    package var text: String {
        var output = ""
        write(to: &output, indentation: 0)
        return output
    }

    private func write(to output: inout String, indentation: Int) {
        switch self {
        case .null: output += "null"
        case .boolean(let value): output += value ? "true" : "false"
        case .number(let digits): output += digits
        case .string(let text): Self.write(text, to: &output)
        case .array(let elements):
            Self.write(elements, between: ("[", "]"), to: &output, indentation: indentation) {
                $0.write(to: &$1, indentation: indentation + 1)
            }
        case .object(let members):
            Self.write(members, between: ("{", "}"), to: &output, indentation: indentation) {
                Self.write($0.name, to: &$1)
                $1 += ": "
                $0.value.write(to: &$1, indentation: indentation + 1)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], between brackets: (String, String), to output: inout String, indentation: Int,
        _ body: (Element, inout String) -> Void
    ) {
        output += brackets.0
        for (index, element) in elements.enumerated() {
            output += index == 0 ? "\n" : ",\n"
            output += String(repeating: "  ", count: indentation + 1)
            body(element, &output)
        }
        if !elements.isEmpty { output += "\n" + String(repeating: "  ", count: indentation) }
        output += brackets.1
    }

    private static func write(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
