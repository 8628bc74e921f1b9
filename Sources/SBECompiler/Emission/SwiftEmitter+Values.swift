extension SwiftEmitter {
    /// Declares the value twin of a block, and those of the groups in it.
    func value(of block: SwiftBlock, _ text: inout SwiftText) {
        text.gap()
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
                copying(block, &text)
                text.gap()
                storing(block, &text)
                text.gap()
                writing(block, &text)
                text.gap()
                members(of: block, json: &text)
                text.gap()
                ranges(of: block, &text)
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
            describe(field.layout.annotations, else: "The field \(field.layout.name).", &text)
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

    private func copying(_ block: SwiftBlock, _ text: inout SwiftText) {
        text.documentation("Copies a view.")
        text.block("\(access)init(_ view: borrowing SBEView<\(block.path)>)") { text in
            for field in block.fields { copying(field, &text) }
            for group in block.groups {
                let name = SwiftNames.quoted(group.member)
                text.line("view._group(\(group.path).self).forEach { self.\(name).append(.init($0)) }")
            }
            for data in block.data {
                let name = SwiftNames.quoted(data.member)
                text.line("self.\(name) = SBEOctets(view._data(\(data.path).self))")
            }
        }
    }

    private func copying(_ field: SwiftField, _ text: inout SwiftText) {
        let target = "self.\(SwiftNames.quoted(field.member)) = "
        let since = field.isLater ? "if view.actingVersion >= \(field.layout.sinceVersion) { " : ""
        let end = field.isLater ? " }" : ""
        switch field.kind {
        case .constant: break
        case .text: text.line("\(since)\(target)SBEOctets(view._text(\(field.path).self))\(end)")
        case .array: text.line("\(since)\(target)view._array(\(field.path).self).elements\(end)")
        case .composite(let composite):
            let type = names.qualified(names.name(composite.name))
            text.line("\(since)\(target)\(type).Value(view._composite(\(field.path).self))\(end)")
        case .scalar:
            let null = scalar(field).null.map { ", null: \($0)" } ?? ""
            let version = field.isLater ? ", since: \(field.layout.sinceVersion)" : ""
            text.line("\(target)view._load(\(field.layout.offset)\(null)\(version))")
        }
    }

    private func storing(_ block: SwiftBlock, _ text: inout SwiftText) {
        text.documentation("Sets the fields of a block.")
        text.block(
            "\(access)func store<Part: SBEPart>(in encoder: borrowing SBEEncoder<\(block.path), Part>) throws"
        ) { text in
            for field in block.fields { storing(field, &text) }
        }
    }

    private func storing(_ field: SwiftField, _ text: inout SwiftText) {
        let name = "self.\(SwiftNames.quoted(field.member))"
        let isOptional = field.isLater
        func line(_ code: (String) -> String) {
            text.line(isOptional ? "if let value = \(name) { \(code("value")) }" : code(name))
        }
        switch field.kind {
        case .constant: break
        case .text: line { "try encoder._text(\(field.path).self).set(\($0).bytes)" }
        case .array: line { "try encoder._store(\($0), \(field.path).self)" }
        case .composite: line { "try \($0).store(in: encoder._composite(\(field.path).self))" }
        case .scalar:
            if let null = scalar(field).null {
                text.line("encoder._store(\(name), \(field.layout.offset), null: \(null))")
            } else {
                line { "encoder._store(\($0), \(field.layout.offset))" }
            }
        }
    }

    private func writing(_ block: SwiftBlock, _ text: inout SwiftText) {
        let first = block.isComposite ? "SBEEnd" : "\(block.path).FirstPart"
        text.documentation("Sets the fields, and writes groups and data.")
        text.block(
            "\(access)func write(_ encoder: consuming SBEEncoder<\(block.path), \(first)>) throws "
                + "-> SBEWritten<\(block.path)>"
        ) { text in
            text.line("try store(in: encoder)")
            guard !block.groups.isEmpty || !block.data.isEmpty else {
                return text.line("return encoder.finish()")
            }
            text.line("return try encoder")
            for group in block.groups {
                let call = group.firstPart == "SBEEnd" ? "store(in: $0)" : "write($0)"
                text.line(
                    "    .group(SBEPartName<\(group.path)>()) { entries in "
                        + "for value in self.\(SwiftNames.quoted(group.member)) "
                        + "{ try entries.append { try value.\(call) } } }")
            }
            for data in block.data {
                text.line(
                    "    .data(SBEPartName<\(data.path)>(), "
                        + "self.\(SwiftNames.quoted(data.member)).bytes.span)"
                )
            }
            text.line("    .finish()")
        }
    }

    private func members(of block: SwiftBlock, json text: inout SwiftText) {
        text.documentation("Writes the members of a JSON object, under the names of the schema.")
        text.block("\(access)func writeMembers(_ json: inout SBEJSONWriter)") { text in
            for field in block.fields {
                text.line("json.key(\(quoted(field.layout.name)))")
                json(field, &text)
            }
            for group in block.groups {
                text.line("json.key(\(quoted(group.schemaName)))")
                text.line(
                    "json.list(self.\(SwiftNames.quoted(group.member))) "
                        + "{ json, entry in json.object { entry.writeMembers(&$0) } }")
            }
            for data in block.data {
                text.line("json.key(\(quoted(data.layout.name)))")
                let encoding = data.layout.characterEncoding.map { self.encoding($0) } ?? "nil"
                text.line("json.value(self.\(SwiftNames.quoted(data.member)), \(encoding))")
            }
        }
    }

    private func json(_ field: SwiftField, _ text: inout SwiftText) {
        if case .constant(let constant) = field.kind { return json(constant, of: field, &text) }
        let name = "self.\(SwiftNames.quoted(field.member))"
        let isOptional = property(field)?.type.hasSuffix("?") == true
        let value = isOptional ? "value" : name
        let code: String
        switch field.kind {
        case .constant: return
        case .text(let encoding):
            code =
                "json.value(\(value), size: \(encoding.length), \(self.encoding(encoding.characterEncoding)))"
        case .array(let encoding):
            let null = field.layout.presence == .optional ? literal(encoding.null) : nil
            code =
                null.map {
                    "json.list(\(value)) { $1.isSBENull(\($0)) ? $0.null() : $0.value($1) }"
                } ?? "json.list(\(value)) { $0.value($1) }"
        case .composite: code = "json.object { \(value).writeMembers(&$0) }"
        case .scalar:
            if case .enumeration(let enumeration) = field.layout.value {
                code = "json.value(\(value), isNull: \(value).sbeBits == \(number(enumeration.null)))"
            } else {
                code = "json.value(\(value))"
            }
        }
        text.line(isOptional ? "if let value = \(name) { \(code) } else { json.null() }" : code)
    }

    private func json(_ constant: ConstantLayout, of field: SwiftField, _ text: inout SwiftText) {
        switch constant {
        case .value(let value):
            text.line("json.value(\(typed(value)))")
        case .text(let bytes):
            var encoding = ".utf8"
            if case .encoding(let layout) = field.layout.value {
                encoding = self.encoding(layout.characterEncoding)
            }
            let list = bytes.map { "\($0)" }.joined(separator: ", ")
            text.line("json.value(SBEOctets([\(list)]), size: 0, \(encoding))")
        case .validValue:
            let (type, value) = self.constant(constant, of: field)
            guard case .enumeration = field.layout.value else {
                text.line("json.value(\(type)(\(value)))")
                return
            }
            text.line("json.value(\(type)\(value), isNull: false)")
        }
    }
}
