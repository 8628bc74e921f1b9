extension SwiftEmitter {
    /// Gives the optional fields of a block of zeros their null values, where those are not zeros themselves.
    func setNulls(of block: SwiftBlock, _ text: inout SwiftText) {
        let lines = block.fields.flatMap { nullLines($0) }
        guard !lines.isEmpty else { return }
        text.gap()
        text.documentation("Makes the optional fields null.")
        markAging(&text)
        text.block("\(inlinable)\(access)static func setNulls(in block: borrowing SBEEncoder<Self, SBEEnd>)")
        {
            for line in lines { $0.line(line) }
        }
    }

    private func nullLines(_ field: SwiftField) -> [String] {
        let layout = field.layout
        let isOptional = layout.presence == .optional
        guard case .composite(let composite) = field.kind else {
            let line = isOptional ? nullStore(layout.value, at: layout.offset) : nil
            return line.map { [$0] } ?? []
        }
        var lines: [String] = []
        if block(composite).fields.contains(where: { !nullLines($0).isEmpty }) {
            let type = names.qualified(names.name(composite.name))
            lines.append("\(type).setNulls(in: block._composite(\(field.path).self))")
        }
        // The null of a composite is that of its first member, which need not be optional by itself.
        if isOptional, !isNulled(composite), let line = nullStore(layout.value, at: layout.offset) {
            lines.append(line)
        }
        return lines
    }

    /// Whether the member that decides is optional by itself.
    private func isNulled(_ composite: CompositeLayout) -> Bool {
        guard let member = composite.nullMember else { return true }
        if member.presence == .optional { return true }
        guard case .composite(let inner) = member.value else { return false }
        return isNulled(inner)
    }

    /// The statement that stores null over zeros, where it is something else.
    private func nullStore(_ value: ValueLayout, at offset: Int) -> String? {
        switch value {
        case .encoding(let encoding):
            guard encoding.null.bits != 0 else { return nil }
            let null = typed(encoding.null)
            if encoding.isScalar { return "block._store(\(null), \(offset))" }
            return "for index in 0..<\(encoding.length) "
                + "{ block._store(\(null), \(offset) + index * \(encoding.primitive.size)) }"
        case .enumeration(let enumeration):
            guard enumeration.null.bits != 0 else { return nil }
            let bits = bitsType(enumeration.primitive)
            return "block._store(\(bits)(\(number(enumeration.null))), \(offset))"
        case .set: return nil
        case .composite(let composite):
            return composite.nullMember.flatMap { nullStore($0.value, at: offset + $0.offset) }
        }
    }

    /// The expression that says of a composite's twin whether it is null; nil where that cannot be said.
    func nullTest(_ composite: CompositeLayout, _ twin: String) -> String? {
        guard let field = block(composite).fields.first(where: { $0.layout.presence != .constant }),
            !field.isLater
        else { return nil }
        let name = "\(twin).\(SwiftNames.quoted(field.member))"
        switch (field.kind, field.layout.value) {
        case (.scalar, .encoding(let encoding)):
            return field.layout.presence == .optional
                ? "\(name) == nil" : "\(name).isSBENull(\(typed(encoding.null)))"
        case (.scalar, .enumeration): return "\(name) == .null"
        case (.composite(let inner), _): return nullTest(inner, name)
        default: return nil
        }
    }
}
