extension SwiftEmitter {
    /// Declares the value twin of a block, and those of the groups in it.
    func value(of block: SwiftBlock, _ text: inout SwiftText) {
        text.gap()
        mark(block, &text)
        text.block("extension \(block.path)") { text in
            text.documentation("A copy of `\(block.schemaName)` that may be kept.")
            text.block("\(access)struct Value: SBEValue") { text in
                text.documentation("What the value is a copy of.")
                text.line("\(access)typealias Block = \(block.path)")
                properties(of: block, &text)
                text.gap()
                text.documentation("Zeros, nulls, and no entries.")
                text.line("\(access)init() {}")
                text.gap()
                visit(block, &text)
            }
        }
        for group in block.groups { value(of: group, &text) }
    }

    /// The type of a field in the twin, and its first value; nil of a constant.
    private func property(_ field: SwiftField) -> (type: String, initial: String)? {
        let optional = field.isLater ? "?" : ""
        switch field.kind {
        case .constant: return nil
        case .text: return ("SBEOctets" + optional, field.isLater ? "nil" : "SBEOctets()")
        case .array(let encoding):
            let element = swiftType(encoding.primitive)
            let zeros = "[\(element)](repeating: \(zero(encoding.primitive)), count: \(encoding.length))"
            return ("[\(element)]" + optional, field.isLater ? "nil" : zeros)
        case .composite(let composite):
            let type = names.qualified(names.name(composite.name)) + ".Value"
            return (type + optional, field.isLater ? "nil" : type + "()")
        case .scalar:
            let (type, null) = scalar(field)
            if null != nil || field.isLater { return (type + "?", "nil") }
            switch field.layout.value {
            case .encoding(let encoding): return (type, zero(encoding.primitive))
            case .enumeration: return (type, ".null")
            default: return (type, "[]")
            }
        }
    }

    private func zero(_ primitive: PrimitiveType) -> String { primitive == .char ? "SBEChar(0)" : "0" }

    private func properties(of block: SwiftBlock, _ text: inout SwiftText) {
        for field in block.fields {
            guard let (type, initial) = property(field) else { continue }
            describe(field, else: "The field \(field.layout.name).", &text)
            text.line("\(access)var \(SwiftNames.quoted(field.member)): \(type) = \(initial)")
        }
        for group in block.groups {
            describe(group.annotations, else: "The group \(group.schemaName).", &text)
            text.line("\(access)var \(SwiftNames.quoted(group.member)): [\(group.path).Value] = []")
        }
        for data in block.data {
            describe(data.layout.annotations, else: "The data \(data.layout.name).", &text)
            text.line("\(access)var \(SwiftNames.quoted(data.member)) = SBEOctets()")
        }
    }

    /// Writes the function that hands everything in a twin to a visitor, in the order of the schema.
    private func visit(_ block: SwiftBlock, _ text: inout SwiftText) {
        text.documentation("Hands each field, group and data to the visitor.")
        markAging(&text)
        text.block("\(access)mutating func _visit(_ visitor: inout SBEVisitor)") { text in
            for field in block.fields { text.line("visitor." + visit(field)) }
            for group in block.groups {
                text.line("visitor.group(&self.\(SwiftNames.quoted(group.member)))")
            }
            for data in block.data {
                // Without an encoding data are no text.
                let name = data.layout.characterEncoding
                let encoding = name.map { ", \(self.encoding($0)), isASCII: \(isASCII($0))" } ?? ""
                text.line(
                    "visitor.data(&self.\(SwiftNames.quoted(data.member)), \(data.path).self\(encoding))")
            }
        }
    }

    /// The call for a field: its value, its name, where it is, and what else the schema says.
    private func visit(_ field: SwiftField) -> String {
        let layout = field.layout
        if case .constant(let constant) = field.kind { return visit(constant, of: field) }
        let isOptional = layout.presence == .optional
        let since = field.isLater ? ", since: \(layout.sinceVersion)" : ""
        func call(_ name: String, _ rest: String = "", count: Int? = nil) -> String {
            let count = count.map { ", \($0)" } ?? ""
            return "\(field.isLater ? "later" : name)(&self.\(SwiftNames.quoted(field.member)), "
                + "\(quoted(layout.name)), \(layout.offset)\(count)\(since)\(rest))"
        }
        switch (field.kind, layout.value) {
        case (.text(let encoding), _):
            let name = encoding.characterEncoding
            return call(
                "text", ", \(self.encoding(name)), isASCII: \(isASCII(name))", count: encoding.length)
        case (.array, .encoding(let encoding)):
            let null = isOptional ? ", null: \(literal(encoding.null))" : ""
            return call("array", null + bounds(of: encoding), count: encoding.length)
        case (.composite(let composite), _):
            let name = "self.\(SwiftNames.quoted(field.member))"
            let test = isOptional ? nullTest(composite, field.isLater ? "$0" : name) : nil
            let isNull = field.isLater ? test.map { "\(name).map { \($0) } ?? false" } : test
            return call("composite", isNull.map { ", isNull: \($0)" } ?? "")
        case (_, .encoding(let encoding)) where isOptional:
            return "optional(&self.\(SwiftNames.quoted(field.member)), \(quoted(layout.name)), "
                + "\(layout.offset), null: \(literal(encoding.null))\(since)\(bounds(of: encoding)))"
        case (_, .encoding(let encoding)): return call("number", bounds(of: encoding))
        case (_, .enumeration): return call("enumeration", ", null: .null, isOptional: \(isOptional)")
        default: return call("choices")
        }
    }

    private func visit(_ constant: ConstantLayout, of field: SwiftField) -> String {
        let name = quoted(field.layout.name)
        switch constant {
        case .value(let value): return "constant(\(typed(value)), \(name))"
        case .text(let bytes):
            var encoding = ".utf8"
            if case .encoding(let layout) = field.layout.value {
                encoding = self.encoding(layout.characterEncoding)
            }
            let list = bytes.map { "\($0)" }.joined(separator: ", ")
            return "constant([\(list)], \(name), \(encoding))"
        case .validValue(_, let value):
            guard case .enumeration(let enumeration) = field.layout.value else {
                return "constant(\(typed(value)), \(name))"
            }
            let type = names.qualified(names.name(enumeration.name))
            return "constant(\(type)(sbeBits: \(number(value))), \(name))"
        }
    }

    private func isASCII(_ name: String?) -> Bool { CharacterEncoding(name)?.isASCII == true }

    /// The range of a type, where the schema gives one (Field Encoding, "Field value validation").
    private func bounds(of encoding: EncodingLayout) -> String {
        guard encoding.isMinimumDeclared || encoding.isMaximumDeclared else { return "" }
        return ", \(literal(encoding.minimum)), \(literal(encoding.maximum))"
    }
}
