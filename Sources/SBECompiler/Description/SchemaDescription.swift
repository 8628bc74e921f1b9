/// A schema in words and tables: messages, offsets, sizes.
///
/// ```swift
/// print(SchemaDescription(layout).text)
/// ```
package struct SchemaDescription: Sendable {
    private let layout: SchemaLayout

    /// A description of this schema.
    package init(_ layout: SchemaLayout) { self.layout = layout }

    /// The header, then each message with its blocks, then enums and sets.
    package var text: String {
        var output = head
        output += "\nHeader \(layout.header.composite.name), \(layout.header.size) bytes\n"
        output += table(of: layout.header.composite.members, indentation: 2)
        for message in layout.messages { output += "\n" + text(of: message) }
        if !layout.enums.isEmpty { output += "\nEnums\n" + enums.text(indentation: 2) }
        if !layout.sets.isEmpty { output += "\nSets\n" + sets.text(indentation: 2) }
        return output
    }

    private var head: String {
        var parts = ["Schema \(layout.package ?? "without a package")"]
        parts.append("id \(layout.id)")
        parts.append("version \(layout.version)")
        parts.append(layout.byteOrder.rawValue)
        if let version = layout.semanticVersion { parts.append("semantic version \(version)") }
        var text = parts.joined(separator: ", ") + "\n"
        if let description = layout.description { text += description + "\n" }
        return text
    }

    private func text(of message: MessageLayout) -> String {
        var text = "Message \(message.name), template id \(message.id), "
        text += "block \(message.block.blockLength) bytes"
        if message.block.groups.isEmpty, message.block.data.isEmpty {
            text += ", whole message \(layout.header.size + message.block.blockLength) bytes"
        } else {
            text += ", followed by \(followers(of: message.block))"
        }
        text += notes(message.sinceVersion, message.annotations) + "\n"
        if let description = message.annotations.description { text += "  \(description)\n" }
        return text + members(of: message.block, indentation: 2)
    }

    private func followers(of block: BlockLayout) -> String {
        var parts: [String] = []
        if !block.groups.isEmpty {
            parts.append("\(block.groups.count) group\(block.groups.count == 1 ? "" : "s")")
        }
        if !block.data.isEmpty { parts.append("\(block.data.count) data") }
        return parts.joined(separator: " and ")
    }

    private func notes(_ since: Int, _ annotations: Annotations) -> String {
        var text = since > 0 ? ", since version \(since)" : ""
        if let deprecated = annotations.deprecated { text += ", deprecated in version \(deprecated)" }
        return text
    }

    private func members(of block: BlockLayout, indentation: Int) -> String {
        let margin = String(repeating: " ", count: indentation)
        var text = block.fields.isEmpty ? "" : table(of: block.fields, indentation: indentation)
        for group in block.groups {
            let dimension = group.dimension
            text += "\(margin)Group \(group.name), id \(group.id), dimensions \(dimension.size) bytes "
            text += "(\(dimension.composite.name), \(range(of: dimension.numInGroup)) entries), "
            text += "entry \(group.block.blockLength) bytes"
            if !group.block.groups.isEmpty || !group.block.data.isEmpty {
                text += ", followed by \(followers(of: group.block))"
            }
            text += notes(group.sinceVersion, group.annotations) + "\n"
            text += members(of: group.block, indentation: indentation + 2)
        }
        for data in block.data {
            text += "\(margin)Data \(data.name), id \(data.id), length \(data.length.primitive.rawValue) "
            text += "(\(range(of: data.length))), octets "
            text += data.characterEncoding ?? "without a character encoding"
            text += notes(data.sinceVersion, data.annotations) + "\n"
        }
        return text
    }

    private func range(of member: WireIntegerLayout) -> String { "\(member.minimum)...\(member.maximum)" }

    // MARK: Tables

    private func table(of fields: [FieldLayout], indentation: Int) -> String {
        var table = TextTable(
            header: ["offset", "size", "name", "id", "type", "presence", "since", "null, constant, notes"])
        append(fields, base: 0, prefix: "", to: &table)
        return table.text(indentation: indentation)
    }

    /// Members of composites follow their field, with offsets in the block.
    private func append(_ fields: [FieldLayout], base: Int, prefix: String, to table: inout TextTable) {
        for field in fields {
            let isConstant = field.presence == .constant
            table.append([
                isConstant ? "-" : "\(base + field.offset)", "\(field.size)", prefix + field.name,
                field.id.map(String.init) ?? "", Self.type(of: field.value), field.presence.rawValue,
                field.sinceVersion > 0 ? "\(field.sinceVersion)" : "", Self.remarks(on: field),
            ])
            if case .composite(let composite) = field.value {
                append(
                    composite.members, base: base + field.offset, prefix: prefix + field.name + ".",
                    to: &table)
            }
        }
    }

    private static func type(of value: ValueLayout) -> String {
        switch value {
        case .encoding(let encoding):
            let name = encoding.primitive.rawValue + (encoding.isScalar ? "" : "[\(encoding.length)]")
            return encoding.name == encoding.primitive.rawValue ? name : "\(encoding.name): \(name)"
        case .enumeration(let enumeration):
            return "enum \(enumeration.name): \(enumeration.primitive.rawValue)"
        case .set(let set): return "set \(set.name): \(set.primitive.rawValue)"
        case .composite(let composite): return "composite \(composite.name)"
        }
    }

    private static func remarks(on field: FieldLayout) -> String {
        var parts: [String] = []
        switch field.constant {
        case .value(let value): parts.append("= \(number(value))")
        case .text(let octets):
            parts.append("= \"\(String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self))\"")
        case .validValue(let name, _): parts.append("= \(name)")
        case nil: break
        }
        if field.presence == .optional {
            switch field.value {
            case .encoding(let encoding): parts.append("null \(encoding.null)")
            case .enumeration(let enumeration): parts.append("null \(enumeration.null)")
            case .set, .composite: break
            }
        }
        if case .encoding(let encoding) = field.value {
            if encoding.isMinimumDeclared || encoding.isMaximumDeclared {
                parts.append("\(encoding.minimum)...\(encoding.maximum)")
            }
            if let name = encoding.characterEncoding { parts.append(name) }
        }
        if let semanticType = field.annotations.semanticType { parts.append(semanticType) }
        if let deprecated = field.annotations.deprecated {
            parts.append("deprecated in version \(deprecated)")
        }
        return parts.joined(separator: ", ")
    }

    private var enums: TextTable {
        var table = TextTable(header: ["name", "type", "null", "values"])
        for enumeration in layout.enums {
            let values = enumeration.values.map { "\($0.name) = \(Self.number($0.value))" }
            table.append([
                enumeration.name.description, enumeration.primitive.rawValue, "\(enumeration.null)",
                values.joined(separator: ", "),
            ])
        }
        return table
    }

    private static func number(_ value: PrimitiveValue) -> String {
        guard value.type == .char else { return "\(value)" }
        return "'\(Unicode.Scalar(UInt8(truncatingIfNeeded: value.bits)))'"
    }

    private var sets: TextTable {
        var table = TextTable(header: ["name", "type", "choices"])
        for set in layout.sets {
            let choices = set.choices.map { "\($0.name) = bit \($0.bit)" }
            table.append([set.name.description, set.primitive.rawValue, choices.joined(separator: ", ")])
        }
        return table
    }
}

/// Rows of cells in columns as wide as their widest cell.
struct TextTable {
    private var rows: [[String]]

    init(header: [String]) { rows = [header] }

    mutating func append(_ row: [String]) { rows.append(row) }

    /// The table, a line of dashes below the header, each line indented by so many blanks.
    func text(indentation: Int = 0) -> String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column < widths.count {
                    widths[column] = max(widths[column], cell.count)
                } else {
                    widths.append(cell.count)
                }
            }
        }
        var lines = rows.map { row in line(row, widths) }
        lines.insert(line(widths.map { String(repeating: "-", count: $0) }, widths), at: 1)
        let margin = String(repeating: " ", count: indentation)
        return lines.map { margin + $0 + "\n" }.joined()
    }

    private func line(_ row: [String], _ widths: [Int]) -> String {
        var text = ""
        for (column, cell) in row.enumerated() {
            text += cell
            if column + 1 < row.count {
                text += String(repeating: " ", count: widths[column] - cell.count + 2)
            }
        }
        while text.last == " " { text.removeLast() }
        return text
    }
}
