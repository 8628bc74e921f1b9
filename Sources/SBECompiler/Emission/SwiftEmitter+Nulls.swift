extension SwiftEmitter {
    /// Gives the optional fields of a block of zeros their null values, where those are not zeros themselves.
    /// Composites are blocks of their own only for those who read and write their fields.
    func setNulls(of block: SwiftBlock, _ text: inout SwiftText) {
        guard !block.isComposite else { return }
        let lines = block.layout.fields.flatMap { nullLines($0, from: 0) }
        guard !lines.isEmpty else { return }
        text.gap()
        text.documentation("Makes the optional fields null.")
        text.block("\(inlinable)\(access)static func _setNulls(_ block: borrowing SBENulls)") { text in
            for line in lines { text.line(line) }
        }
    }

    /// The statements that make a field null which begins `start` bytes before its offset, and those in it.
    private func nullLines(_ layout: FieldLayout, from start: Int) -> [String] {
        guard layout.constant == nil else { return [] }
        let isOptional = layout.presence == .optional
        let offset = start + layout.offset
        guard case .composite(let composite) = layout.value else {
            return isOptional ? nullStores(layout.value, at: offset) : []
        }
        let lines = composite.members.flatMap { nullLines($0, from: offset) }
        // The null of a composite is that of its first member, which need not be optional by itself.
        return isOptional && !isNulled(composite) ? lines + nullStores(layout.value, at: offset) : lines
    }

    /// Whether the member that decides is optional by itself.
    private func isNulled(_ composite: CompositeLayout) -> Bool {
        guard let member = composite.nullMember else { return true }
        if member.presence == .optional { return true }
        guard case .composite(let inner) = member.value else { return false }
        return isNulled(inner)
    }

    /// The statements that store null over zeros, where it is something else.
    private func nullStores(_ value: ValueLayout, at offset: Int) -> [String] {
        switch value {
        case .encoding(let encoding):
            guard encoding.null.bits != 0 else { return [] }
            if encoding.isScalar { return [nullStore(encoding.null, at: "\(offset)")] }
            let place = "\(offset) + index * \(encoding.primitive.size)"
            return ["for index in 0..<\(encoding.length) { \(nullStore(encoding.null, at: place)) }"]
        case .enumeration(let enumeration):
            return enumeration.null.bits != 0 ? [nullStore(enumeration.null, at: "\(offset)")] : []
        case .set: return []
        case .composite(let composite):
            return composite.nullMember.map { nullStores($0.value, at: offset + $0.offset) } ?? []
        }
    }

    /// The statement that stores a value by its bits as they are on the wire, the first byte lowest.
    private func nullStore(_ null: PrimitiveValue, at place: String) -> String {
        let width = null.type.bitWidth
        let isSwapped = schema.byteOrder == .bigEndian
        let bits = isSwapped ? null.bits.byteSwapped >> UInt64(64 - width) : null.bits
        return "block._store\(width)(\(bits), \(place))"
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
