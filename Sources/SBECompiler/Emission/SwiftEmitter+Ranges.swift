extension SwiftEmitter {
    /// Writes the method of a twin that notes values outside of their ranges (Field Encoding, "Field value
    /// validation"). Sets have no range, and texts only what US-ASCII allows.
    func ranges(of block: SwiftBlock, _ text: inout SwiftText) {
        text.documentation("Notes what lies outside of its range.")
        text.block("\(access)func checkRanges(_ ranges: inout SBERangeCheck)") { text in
            for field in block.fields { range(of: field, &text) }
            for group in block.groups {
                let name = quoted(group.schemaName)
                text.line("ranges.group(self.\(SwiftNames.quoted(group.member)), \(name))")
            }
            for data in block.data {
                // Without an encoding data are no text.
                guard let encoding = data.layout.characterEncoding, isASCII(encoding) else { continue }
                let name = quoted(data.layout.name)
                text.line("ranges.text(self.\(SwiftNames.quoted(data.member)), \(name))")
            }
        }
    }

    private func range(of field: SwiftField, _ text: inout SwiftText) {
        let layout = field.layout
        let value = "self.\(SwiftNames.quoted(field.member)), \(quoted(layout.name))"
        let isOptional = layout.presence == .optional
        switch (field.kind, layout.value) {
        case (.scalar, .encoding(let encoding)):
            text.line("ranges.check(\(value), \(bounds(of: encoding)))")
        case (.scalar, .enumeration(let enumeration)):
            let type = names.qualified(names.name(enumeration.name))
            text.line("ranges.check(\(value), null: \(type).null, isOptional: \(isOptional))")
        case (.text(let encoding), _) where isASCII(encoding.characterEncoding):
            text.line("ranges.text(\(value))")
        case (.array, .encoding(let encoding)):
            let null = isOptional ? ", null: \(literal(encoding.null))" : ""
            text.line("ranges.check(\(value), \(bounds(of: encoding))\(null))")
        case (.composite(let composite), _):
            let test = isOptional ? nullTest(composite, "$0") : nil
            text.line("ranges.composite(\(value))" + (test.map { " { \($0) }" } ?? ""))
        default: break
        }
    }

    private func isASCII(_ name: String?) -> Bool { CharacterEncoding(name)?.isASCII == true }

    private func bounds(of encoding: EncodingLayout) -> String {
        "\(literal(encoding.minimum)), \(literal(encoding.maximum))"
    }
}
