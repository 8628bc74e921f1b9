extension SwiftEmitter {
    /// Declares the type that says where a text, an array or a composite is.
    func marker(_ field: SwiftField, of block: SwiftBlock, _ text: inout SwiftText) {
        let layout = field.layout
        text.documentation("Where the field \(layout.name) is.")
        mark(layout.deprecated, &text)
        let name = SwiftNames.quoted(field.marker)
        switch field.kind {
        case .text(let encoding):
            text.line(
                "\(access)typealias \(name) = SBETextPlace<\(block.path), \(layout.offset), "
                    + "\(encoding.length), \(layout.sinceVersion), "
                    + "\(textEncoding(encoding.characterEncoding))>")
        case .array(let encoding):
            text.block("\(access)enum \(name): SBEArrayField") { text in
                array(layout, encoding, &text)
            }
        case .composite(let composite):
            text.line(
                "\(access)typealias \(name) = "
                    + "SBECompositePlace<\(names.qualified(names.name(composite.name))), "
                    + "\(layout.offset), \(layout.sinceVersion)>")
        case .constant, .scalar: break
        }
    }

    /// The names of a block's texts, for errors.
    func textNames(of block: SwiftBlock, _ text: inout SwiftText) {
        let texts = block.fields.filter { if case .text = $0.kind { true } else { false } }
        guard let last = texts.last else { return }
        text.gap()
        text.documentation("The name of the text at an offset.")
        text.block("\(inlinable)\(access)static func _textName(at offset: Int) -> StaticString") { text in
            guard texts.count > 1 else { return text.line(quoted(last.layout.name)) }
            text.line("switch offset {")
            for field in texts.dropLast() {
                text.line("case \(field.layout.offset): \(quoted(field.layout.name))")
            }
            text.line("default: \(quoted(last.layout.name))")
            text.line("}")
        }
    }

    private func place(_ layout: FieldLayout, count: Int, _ text: inout SwiftText) {
        constant("offset", "Int", "\(layout.offset)", "Bytes from the block's start.", &text)
        constant("count", "Int", "\(count)", "How many there are.", &text)
        if layout.sinceVersion > 0 {
            constant(
                "sinceVersion", "Int", "\(layout.sinceVersion)", "The version that introduced it.", &text)
        }
    }

    private func array(_ layout: FieldLayout, _ encoding: EncodingLayout, _ text: inout SwiftText) {
        let element = swiftType(encoding.primitive)
        let values = "InlineArray<\(encoding.length), \(element)>"
        text.documentation("A number of the array.")
        text.line("\(access)typealias Element = \(element)")
        text.documentation("All of it.")
        text.line("\(access)typealias Values = \(values)")
        text.documentation("The schema.")
        text.line("\(access)typealias Schema = \(names.qualified(names.schema))")
        place(layout, count: encoding.length, &text)
        if layout.presence == .optional {
            constant("null", "\(element)?", literal(encoding.null), "The number that stands for null.", &text)
        }
        text.documentation("An element of a value.")
        text.line(
            "\(inlinable)\(access)static func _element(_ index: Int, of values: Values) -> \(element) "
                + "{ values[index] }")
        text.documentation("A value of elements.")
        text.line(
            "\(inlinable)\(access)static func _make(_ element: (Int) -> \(element)) -> Values "
                + "{ Values(element) }"
        )
    }

    /// The extensions of the library's types that a block, and the groups in it, are used through.
    func extensions(of block: SwiftBlock, _ text: inout SwiftText) {
        let fields = block.fields.filter { !$0.isMember }
        if !fields.isEmpty {
            text.gap()
            mark(block, &text)
            text.block("extension SBEView where Block == \(block.path)") { text in
                for field in fields { getter(field, &text) }
            }
            let stored = fields.filter { if case .scalar = $0.kind { true } else { false } }
            if !stored.isEmpty {
                text.gap()
                mark(block, &text)
                text.block("extension SBEEncoder where Block == \(block.path)") { text in
                    for field in stored { accessors(field, &text) }
                }
            }
        }
        for (member, path) in block.groups.map({ ($0.member, $0.path) })
            + block.data.map({ ($0.member, $0.path) })
        {
            text.gap()
            mark(block, &text)
            text.block("extension SBEPartName where Part == \(path)") { text in
                text.documentation("The name of what comes next.")
                text.line("\(inlinable)\(access)static var \(SwiftNames.quoted(member)): Self { Self() }")
            }
        }
        for group in block.groups { extensions(of: group, &text) }
    }

    /// The type of a value, and what stands for null in an optional field.
    func scalar(_ field: SwiftField) -> (type: String, null: String?) {
        switch field.layout.value {
        case .encoding(let encoding):
            (
                swiftType(encoding.primitive),
                field.layout.presence == .optional ? literal(encoding.null) : nil
            )
        case .enumeration(let enumeration): (names.qualified(names.name(enumeration.name)), nil)
        case .set(let set): (names.qualified(names.name(set.name)), nil)
        case .composite: ("Never", nil)
        }
    }

    private func getter(_ field: SwiftField, _ text: inout SwiftText) {
        let layout = field.layout
        let head = "\(forwarding)\(access)var \(SwiftNames.quoted(field.member)): "
        describe(field, else: sentence(field), &text)
        if case .constant(let constant) = field.kind {
            let (type, value) = self.constant(constant, of: field)
            text.line("\(head)\(type) { \(value) }")
            return
        }
        let (type, null) = scalar(field)
        let since = field.isLater ? ", since: \(layout.sinceVersion)" : ""
        let name = "_load" + (field.isLater ? "Later" : "") + (null != nil ? "Optional" : "")
        let isOptional = field.isLater || null != nil
        let call = "\(name)(\(layout.offset)\(null.map { ", null: \($0)" } ?? "")\(since))"
        text.line("\(head)\(type)\(isOptional ? "?" : "") { \(call) }")
    }

    private func sentence(_ field: SwiftField) -> String {
        let layout = field.layout
        if case .constant = field.kind { return "`\(layout.name)`, a constant." }
        let since = field.isLater ? "; nil before version \(layout.sinceVersion)" : ""
        let optional = scalar(field).null != nil ? ", optional" : ""
        return "`\(layout.name)` at byte \(layout.offset)\(optional)\(since)."
    }

    private func accessors(_ field: SwiftField, _ text: inout SwiftText) {
        let offset = field.layout.offset
        let (type, null) = scalar(field)
        describe(field, else: "`\(field.layout.name)` at byte \(offset).", &text)
        let name = SwiftNames.quoted(field.member)
        if let null {
            text.block("\(forwarding)\(access)var \(name): \(type)?") { text in
                text.line("get { _loadOptional(\(offset), null: \(null)) }")
                text.line("nonmutating set { _storeOptional(newValue, \(offset), null: \(null)) }")
            }
        } else {
            text.block("\(forwarding)\(access)var \(name): \(type)") { text in
                text.line("get { _load(\(offset)) }")
                text.line("nonmutating set { _store(newValue, \(offset)) }")
            }
        }
    }

    /// The type and the expression of a constant.
    func constant(_ constant: ConstantLayout, of field: SwiftField) -> (type: String, value: String) {
        switch (constant, field.layout.value) {
        case (.value(let value), _): (swiftType(value.type), literal(value))
        case (.text(let bytes), .encoding(let encoding)):
            ("String", quoted((CharacterEncoding(encoding.characterEncoding)?.text(upToNUL: bytes)) ?? ""))
        case (.text(let bytes), _): ("String", quoted(String(decoding: bytes, as: UTF8.self)))
        case (.validValue(let name, let value), .enumeration(let enumeration)):
            (
                names.qualified(names.name(enumeration.name)),
                self.value(named: name, value, of: enumeration)
            )
        case (.validValue(_, let value), _): (swiftType(value.type), literal(value))
        }
    }

    /// A value by its name, or by its number where the name is deprecated.
    private func value(named name: String, _ value: PrimitiveValue, of enumeration: EnumLayout) -> String {
        let listed = cases(of: enumeration).first { $0.value.name == name }
        guard let listed, listed.value.annotations.deprecated == nil else {
            return "\(names.qualified(names.name(enumeration.name)))(sbeBits: \(number(value)))"
        }
        return ".\(listed.name)"
    }

    /// The expression of a value that says its type.
    func typed(_ value: PrimitiveValue) -> String {
        value.type.isFloatingPoint || value.type == .char
            ? literal(value) : "\(swiftType(value.type))(\(number(value)))"
    }
}
