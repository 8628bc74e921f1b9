extension SwiftEmitter {
    /// Declares the type of a block, with all that it is made of.
    func declare(_ block: SwiftBlock, _ text: inout SwiftText) {
        let annotations = block.annotations
        switch block.kind {
        case .message(let message):
            text.documentation(
                annotations.description ?? "The message \(message.name), template \(message.id).")
        case .group:
            text.documentation(annotations.description ?? "An entry of the group \(block.schemaName).")
        case .composite: text.documentation(annotations.description ?? "The composite \(block.schemaName).")
        }
        // A group's own mark stands at its property: its type is named by what precedes and follows it.
        mark(deprecated(typeOf: block), &text)
        text.block("\(access)enum \(block.name): \(conformance(block))") { text in
            statics(of: block, &text)
            members(of: block, &text)
            for field in block.fields where field.isMember {
                text.gap()
                marker(field, of: block, &text)
            }
            for group in block.groups {
                text.gap()
                declare(group, &text)
            }
            for data in block.data {
                text.gap()
                declare(data, &text)
            }
            textNames(of: block, &text)
            setNulls(of: block, &text)
        }
    }

    private func deprecated(typeOf block: SwiftBlock) -> Int? {
        if case .group = block.kind { nil } else { block.annotations.deprecated }
    }

    private func conformance(_ block: SwiftBlock) -> String {
        switch block.kind {
        case .message: "SBEMessage"
        case .group: "SBEGroupBlock"
        case .composite: "SBECompositeType"
        }
    }

    private func statics(of block: SwiftBlock, _ text: inout SwiftText) {
        alias("Schema", names.qualified(names.schema), "The schema.", &text)
        if !block.isComposite {
            alias("FirstPart", block.firstPart, "The first group or data.", &text)
        }
        if case .group(let group) = block.kind {
            alias("Previous", block.previous, "What precedes the group.", &text)
            alias("Next", block.next, "What follows it.", &text)
            statics(of: group, &text)
        }
        constant("name", "StaticString", quoted(block.schemaName), "The name in the schema.", &text)
        if case .message(let message) = block.kind {
            constant("templateID", "Int", "\(message.id)", "The message's id.", &text)
        }
        constant("blockLength", "Int", "\(block.layout.blockLength)", "Bytes of the fields.", &text)
        lengths(of: block, &text)
    }

    private func statics(of group: GroupLayout, _ text: inout SwiftText) {
        let count = group.dimension.numInGroup
        constant(
            "layout", "SBEGroupLayout",
            "SBEGroupLayout(\(dimensionLayout(group.dimension)), since: \(group.sinceVersion), "
                + "\(clamped(count.minimum)), \(clamped(count.maximum)))",
            "What precedes the entries, and how many there may be.", &text)
    }

    /// Bytes that older versions have, where they differ.
    private func lengths(of block: SwiftBlock, _ text: inout SwiftText) {
        guard !block.isComposite else { return }
        let layout = block.layout
        var steps: [(version: Int, length: Int)] = []
        var versions = Set<Int>([0])
        collectVersions(layout.fields, &versions)
        for version in versions.sorted() where version < schema.version {
            steps.append((version, layout.requiredLength(inVersion: version, of: schema)))
        }
        guard steps.contains(where: { $0.length != layout.blockLength }) else { return }
        text.documentation("Bytes of the fields that a version has.")
        text.block("\(inlinable)\(access)static func blockLengthMin(version: Int) -> Int") { text in
            text.line("if version >= \(schema.version) { return \(layout.blockLength) }")
            for step in steps.dropFirst().reversed() {
                text.line("if version >= \(step.version) { return \(step.length) }")
            }
            text.line("return \(steps[0].length)")
        }
    }

    private func collectVersions(_ fields: [FieldLayout], _ versions: inout Set<Int>) {
        for field in fields {
            versions.insert(field.sinceVersion)
            if case .composite(let composite) = field.value { collectVersions(composite.members, &versions) }
        }
    }

    private func alias(_ name: String, _ type: String, _ documentation: String, _ text: inout SwiftText) {
        text.documentation(documentation)
        text.line("\(access)typealias \(name) = \(type)")
    }

    /// The members that the view offers through their names.
    private func members(of block: SwiftBlock, _ text: inout SwiftText) {
        let fields = block.fields.filter(\.isMember)
        guard !fields.isEmpty || !block.groups.isEmpty || !block.data.isEmpty else { return }
        text.gap()
        text.documentation("What a view of this type offers beside plain values. There are no values of it.")
        text.block("\(access)struct Members") { text in
            for field in fields {
                describe(field, else: "The field \(field.layout.name).", &text)
                member(field.member, memberType(field), &text)
            }
            for group in block.groups {
                describe(group.annotations, else: "The group \(group.schemaName).", &text)
                member(group.member, "SBEMember<\(group.path)>", &text)
            }
            for data in block.data {
                describe(data.layout.annotations, else: "The data \(data.layout.name).", &text)
                member(data.member, "SBEMember<\(data.path)>", &text)
            }
        }
    }

    private func member(_ name: String, _ type: String, _ text: inout SwiftText) {
        text.line("\(inlinable)\(access)var \(SwiftNames.quoted(name)): \(type) { .init() }")
    }

    private func memberType(_ field: SwiftField) -> String {
        switch field.kind {
        case .composite where field.isLater: "SBELaterMember<\(field.path)>"
        case .text, .array, .composite: "SBEMember<\(field.path)>"
        case .constant, .scalar: "Never"
        }
    }

    private func declare(_ data: SwiftData, _ text: inout SwiftText) {
        let layout = data.layout
        text.documentation(layout.annotations.description ?? "The data \(layout.name).")
        text.block("\(access)enum \(SwiftNames.quoted(data.name)): SBEDataPart") { text in
            alias("Schema", names.qualified(names.schema), "The schema.", &text)
            alias("Previous", data.previous, "What precedes the data.", &text)
            alias("Next", data.next, "What follows it.", &text)
            constant(
                "layout", "SBEDataLayout",
                "SBEDataLayout(\(quoted(layout.name)), length: \(wire(layout.length)), "
                    + "dataOffset: \(layout.dataOffset), since: \(layout.sinceVersion), "
                    + "\(clamped(layout.length.minimum)), \(clamped(layout.length.maximum)), "
                    + "\(encoding(layout.characterEncoding)))",
                "Its name, where it is, how long it may be, how text is read.", &text)
        }
    }
}
