extension SwiftEmitter {
    /// Names everything in a message.
    func block(_ message: MessageLayout) -> SwiftBlock {
        let name = names.name(message: message.name)
        return plan(
            .message(message), name: name, path: names.qualified(name), member: "",
            deprecated: message.annotations.deprecated)
    }

    /// Names everything in a composite.
    func block(_ composite: CompositeLayout) -> SwiftBlock {
        let name = names.name(composite.name)
        return plan(
            .composite(composite), name: name, path: names.qualified(name), member: "",
            deprecated: composite.annotations.deprecated)
    }

    private func plan(
        _ kind: SwiftBlock.Kind, name: String, path: String, member: String, deprecated: Int?
    ) -> SwiftBlock {
        var block = SwiftBlock(kind: kind, name: name, path: path, member: member, deprecated: deprecated)
        let layout = block.layout
        var members = SwiftNames.takenMembers
        var types = SwiftNames.takenNestedTypes
        block.fields = layout.fields.map { self.field($0, in: path, &members, &types) }
        // The encoder's methods take groups and data by name, so that those may be called as the methods are.
        members.subtract(["group", "data", "finish"])
        block.groups = layout.groups.map { group in
            let type = nested(group.name, "Group", &types)
            return plan(
                .group(group), name: type, path: "\(path).\(SwiftNames.quoted(type))",
                member: SwiftNames.unique(SwiftNames.member(group.name), in: &members),
                deprecated: deprecated)
        }
        block.data = layout.data.map { data in
            let type = nested(data.name, "Data", &types)
            return SwiftData(
                layout: data, member: SwiftNames.unique(SwiftNames.member(data.name), in: &members),
                name: type,
                path: "\(path).\(SwiftNames.quoted(type))")
        }
        link(&block)
        return block
    }

    /// Says of each part what precedes and follows it.
    private func link(_ block: inout SwiftBlock) {
        let paths = block.groups.map(\.path) + block.data.map(\.path)
        for index in block.groups.indices {
            block.groups[index].previous = index > 0 ? paths[index - 1] : "SBEStart"
            block.groups[index].next = index + 1 < paths.count ? paths[index + 1] : "SBEEnd"
        }
        for index in block.data.indices {
            let place = block.groups.count + index
            block.data[index].previous = place > 0 ? paths[place - 1] : "SBEStart"
            block.data[index].next = place + 1 < paths.count ? paths[place + 1] : "SBEEnd"
        }
    }

    private func field(
        _ layout: FieldLayout, in path: String, _ members: inout Set<String>, _ types: inout Set<String>
    ) -> SwiftField {
        let member = SwiftNames.unique(SwiftNames.member(layout.name), in: &members)
        let kind: SwiftField.Kind
        switch (layout.constant, layout.value) {
        case (let constant?, _): kind = .constant(constant)
        case (nil, .composite(let composite)): kind = .composite(composite)
        case (nil, .encoding(let encoding)) where encoding.isText: kind = .text(encoding)
        case (nil, .encoding(let encoding)) where !encoding.isScalar: kind = .array(encoding)
        default: kind = .scalar
        }
        var field = SwiftField(layout: layout, kind: kind, member: member, marker: "", path: "")
        if field.isMember {
            let marker = nested(layout.name, "Field", &types)
            field = SwiftField(
                layout: layout, kind: kind, member: member, marker: marker,
                path: "\(path).\(SwiftNames.quoted(marker))")
        }
        return field
    }

    /// The name of a type inside a block. One that would hide a type outside gets a suffix.
    private func nested(_ name: String, _ suffix: String, _ types: inout Set<String>) -> String {
        let plain = SwiftNames.type(name)
        let isPlain = suffix == "Group" && !names.isTaken(plain) && !types.contains(plain)
        var result = isPlain ? plain : plain + suffix
        while names.isTaken(result) { result += "_" }
        return SwiftNames.unique(result, in: &types)
    }
}
