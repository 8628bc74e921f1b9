extension SwiftEmitter {
    /// The cases of an enumeration, by the schema's names.
    func cases(of enumeration: EnumLayout) -> [(value: ValidValueLayout, name: String)] {
        var taken = SwiftNames.takenCases
        return enumeration.values.map { ($0, SwiftNames.unique(SwiftNames.member($0.name), in: &taken)) }
    }

    /// Declares an enumeration as a Swift enumeration of its values.
    func declare(_ enumeration: EnumLayout, _ text: inout SwiftText) {
        let bits = bitsType(enumeration.primitive)
        let cases = cases(of: enumeration)
        let null = number(enumeration.null)
        let isAging = enumeration.isAging
        describe(enumeration.annotations, else: "The enumeration \(enumeration.name).", &text)
        let conformance = isAging ? "SBEAgingEnumeration" : "SBEEnumeration"
        text.block("\(frozen)\(access)enum \(names.name(enumeration.name)): \(conformance)") { text in
            for (value, name) in cases {
                describe(
                    value.annotations, else: "`\(value.name)`, \(number(value.value)) on the wire.", &text)
                text.line("case \(SwiftNames.quoted(name))")
            }
            text.documentation("No value.")
            text.line("case null")
            text.documentation("A value that the schema does not list.")
            text.line("case unknown(\(bits))")
            if isAging {
                text.gap()
                text.documentation("The number.")
                text.line("\(access)typealias Bits = \(bits)")
            }
            text.gap()
            text.documentation("The value of a number.")
            if isAging { markAging(&text) }
            let make = isAging ? "static func _value(_ sbeBits: \(bits)) -> Self" : "init(sbeBits: \(bits))"
            let assign = isAging ? "return " : "self = "
            text.block("\(inlinable)\(access)\(make)") { text in
                text.line("switch sbeBits {")
                for (value, name) in cases {
                    text.line("case \(number(value.value)): \(assign).\(name)")
                }
                if !cases.contains(where: { number($0.value.value) == null }) {
                    text.line("case \(null): \(assign).null")
                }
                text.line("default: \(assign).unknown(sbeBits)")
                text.line("}")
            }
            text.gap()
            text.documentation("The number of the value.")
            if isAging { markAging(&text) }
            text.block("\(inlinable)\(access)var \(isAging ? "_bits" : "sbeBits"): \(bits)") { text in
                text.line("switch self {")
                for (value, name) in cases { text.line("case .\(name): \(number(value.value))") }
                text.line("case .null: \(null)")
                text.line("case .unknown(let bits): bits")
                text.line("}")
            }
            text.gap()
            text.documentation("The name in the schema.")
            if isAging { markAging(&text) }
            text.block("\(inlinable)\(access)var \(isAging ? "_name" : "sbeName"): StaticString?") { text in
                text.line("switch self {")
                for (value, name) in cases { text.line("case .\(name): \(quoted(value.name))") }
                text.line("case .null, .unknown: nil")
                text.line("}")
            }
        }
    }

    /// Declares a set as an option set of its choices.
    func declare(_ set: SetLayout, _ text: inout SwiftText) {
        let bits = bitsType(set.primitive)
        var taken = SwiftNames.takenChoices
        let choices = set.choices.map { ($0, SwiftNames.unique(SwiftNames.member($0.name), in: &taken)) }
        describe(set.annotations, else: "The set \(set.name).", &text)
        text.block("\(frozen)\(access)struct \(names.name(set.name)): SBEChoices") { text in
            text.documentation("The bits.")
            text.line("\(access)var rawValue: \(bits)")
            text.gap()
            text.documentation("The set of these bits.")
            text.line("\(inlinable)\(access)init(rawValue: \(bits)) { self.rawValue = rawValue }")
            text.gap()
            for (choice, name) in choices {
                describe(choice.annotations, else: "`\(choice.name)`, bit \(choice.bit).", &text)
                let value = UInt64(1) << UInt64(choice.bit)
                text.line(
                    "\(inlinable)\(access)static var \(SwiftNames.quoted(name)): Self "
                        + "{ Self(rawValue: \(value)) }"
                )
            }
            text.gap()
            text.documentation("The choices by their names in the schema.")
            let list = choices.map {
                "(Self(rawValue: \(UInt64(1) << UInt64($0.0.bit))), \(quoted($0.0.name)))"
            }
            text.block("\(access)static var sbeNames: [(choice: Self, name: StaticString)]") { text in
                text.line("[\(list.joined(separator: ", "))]")
            }
        }
    }
}
