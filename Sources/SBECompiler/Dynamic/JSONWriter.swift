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
