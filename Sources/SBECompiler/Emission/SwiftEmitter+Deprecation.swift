// What a schema deprecates is marked as deprecated, so that its use warns. Generated code must not warn about
// itself, and uses all of it. The compiler says nothing of uses inside of what is deprecated, nor of a
// deprecated witness that is called through its protocol. So whatever is declared with a deprecated type is
// marked too; and functions that name something deprecated are marked, and called by the library through a
// protocol alone.
extension SwiftEmitter {
    /// What the schema says about an element, or a sentence of ours; and the warning of a deprecated one.
    func describe(_ annotations: Annotations, else sentence: String, _ text: inout SwiftText) {
        text.documentation(annotations.description.flatMap { $0.isEmpty ? nil : $0 } ?? sentence)
        mark(annotations.deprecated, &text)
    }

    /// The same of a field, which is also deprecated with its type.
    func describe(_ field: SwiftField, else sentence: String, _ text: inout SwiftText) {
        let annotations = field.layout.annotations
        text.documentation(annotations.description.flatMap { $0.isEmpty ? nil : $0 } ?? sentence)
        mark(field.layout.deprecated, &text)
    }

    /// Marks what is declared next as deprecated since a version.
    func mark(_ version: Int?, _ text: inout SwiftText) {
        guard let version else { return }
        text.line(
            "@available(*, deprecated, message: \"deprecated since version \(version) of the schema\")")
    }

    /// Marks an extension of, or for, a block of a deprecated message or a deprecated composite.
    func mark(_ block: SwiftBlock, _ text: inout SwiftText) { mark(block.deprecated, &text) }

    /// Marks a function that only the library calls, where it may name something deprecated.
    func markAging(_ text: inout SwiftText) {
        if isAging { text.line("@available(*, deprecated, message: \"for the library\")") }
    }
}

extension FieldLayout {
    /// The version that deprecated the field or its type.
    var deprecated: Int? {
        let type: Int? =
            switch value {
            case .encoding: nil
            case .enumeration(let enumeration): enumeration.annotations.deprecated
            case .set(let set): set.annotations.deprecated
            case .composite(let composite): composite.annotations.deprecated
            }
        return annotations.deprecated ?? type
    }
}

extension SchemaLayout {
    /// Whether the schema deprecates anything.
    var isAging: Bool {
        messages.contains { $0.annotations.deprecated != nil || $0.block.isAging }
            || enums.contains { $0.annotations.deprecated != nil || $0.isAging }
            || sets.contains { $0.annotations.deprecated != nil }
            || composites.contains {
                $0.annotations.deprecated != nil || $0.members.contains { $0.deprecated != nil }
            }
    }
}

extension BlockLayout {
    fileprivate var isAging: Bool {
        fields.contains { $0.deprecated != nil } || data.contains { $0.annotations.deprecated != nil }
            || groups.contains { $0.annotations.deprecated != nil || $0.block.isAging }
    }
}

extension EnumLayout {
    /// Whether a value is deprecated.
    var isAging: Bool { values.contains { $0.annotations.deprecated != nil } }
}
