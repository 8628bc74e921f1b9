/// Writes the Swift of a schema: one source that stands on the library's SBE runtime and needs no compiler
/// flags where it is compiled.
///
/// Blocks become types that are never instantiated; they name a layout. What a user reads and writes are
/// extensions of `SBEView` and `SBEEncoder` for these types, because a module without experimental flags can
/// declare no borrowed view of its own.
package struct SwiftEmitter {
    let schema: SchemaLayout
    let options: SwiftOptions
    let source: String
    let names: SwiftTypeNames
    let isPublic: Bool
    /// Whether the schema deprecates anything.
    let isAging: Bool
    /// `public ` or another access, with the space behind it.
    let access: String

    /// Prepares the emission.
    ///
    /// - Parameter source: the schema's file name, for the head of the code.
    package init(_ schema: SchemaLayout, from source: String, options: SwiftOptions = SwiftOptions()) {
        self.schema = schema
        self.options = options
        self.source = source
        names = SwiftTypeNames(schema, source: source, namespace: options.namespace)
        isPublic = options.access == .public
        isAging = schema.isAging
        access = options.access == .internal ? "" : options.access.rawValue + " "
    }

    /// The name of a schema's source: `car.sbe.xml` becomes `car.sbe.swift`.
    package static func fileName(for schema: String) -> String {
        (schema.hasSuffix(".xml") ? String(schema.dropLast(4)) : schema) + ".swift"
    }

    /// The whole source, ready to be written to a file.
    package func text() -> String {
        var text = SwiftText()
        text.line("// Generated from \(harmless(source)) by zcsbe. Changes belong into the schema.")
        text.line("// swift-format-ignore-file")
        text.line()
        if let runtime = options.runtime {
            text.line((options.access == .internal ? "import " : access + "import ") + runtime)
            text.line()
        }
        if let namespace = options.namespace {
            text.documentation(schema.description ?? "The messages of \(source).")
            text.block("\(access)enum \(SwiftNames.quoted(namespace))") { text in types(&text) }
        } else {
            types(&text)
        }
        for block in composites.map({ block($0) }) + schema.messages.map({ block($0) }) {
            extensions(of: block, &text)
            if options.hasValues { value(of: block, &text) }
        }
        return text.text
    }

    /// Everything that may stand in a namespace: all but extensions.
    private func types(_ text: inout SwiftText) {
        schemaType(&text)
        for enumeration in schema.enums {
            text.gap()
            declare(enumeration, &text)
        }
        for set in schema.sets {
            text.gap()
            declare(set, &text)
        }
        for composite in composites {
            text.gap()
            declare(block(composite), &text)
        }
        for message in schema.messages {
            text.gap()
            declare(block(message), &text)
        }
    }

    private func schemaType(_ text: inout SwiftText) {
        text.documentation(
            schema.description ?? "What the messages of the package \(schema.package ?? "") have in common.")
        text.block("\(access)enum \(names.schema): SBESchema") { text in
            constant("id", "Int", "\(schema.id)", "The schema's id.", &text)
            constant("version", "Int", "\(schema.version)", "The schema's version.", &text)
            if schema.byteOrder == .bigEndian {
                constant("byteOrder", "ByteOrder", ".bigEndian", "Big-endian.", &text)
            }
            constant("header", "SBEHeaderLayout", headerLayout, "The layout of the message header.", &text)
            if let dimension = schema.defaultDimension {
                constant(
                    "dimensions", "SBEDimensionLayout", dimensionLayout(dimension),
                    "How groups of newer versions begin.", &text)
            }
            if let data = schema.defaultData {
                constant(
                    "dataLength", "SBEWireInteger", wire(data.length), "How long data of newer versions are.",
                    &text)
            }
        }
    }

    /// The composites that fields have; those that only say how headers, dimensions or data are encoded need
    /// no type.
    private var composites: [CompositeLayout] {
        var used: Set<TypeName> = []
        for message in schema.messages { collect(message.block, &used) }
        return schema.composites.filter { used.contains($0.name) }
    }

    private func collect(_ block: BlockLayout, _ used: inout Set<TypeName>) {
        collect(block.fields, &used)
        for group in block.groups { collect(group.block, &used) }
    }

    private func collect(_ fields: [FieldLayout], _ used: inout Set<TypeName>) {
        for field in fields {
            if case .composite(let composite) = field.value, used.insert(composite.name).inserted {
                collect(composite.members, &used)
            }
        }
    }

    /// A static property of a constant.
    func constant(
        _ name: String, _ type: String, _ value: String, _ documentation: String, _ text: inout SwiftText
    ) {
        text.documentation(documentation)
        text.line("\(inlinable)\(access)static var \(name): \(type) { \(value) }")
    }

    /// What makes a function a part of the modules that call it. Why not `@inlinable`: that has the module
    /// itself compile it too, for callers that cannot see into it; for thousands of accessors of a large
    /// schema nobody ever calls, that was a third of the time that the module took.
    var inlinable: String { isPublic ? "@_alwaysEmitIntoClient " : "" }
    /// The same for the properties of views and encoders, of which a large schema has thousands, with up to
    /// four functions each. They only call the library, so that there is nothing to optimise where they are
    /// declared; without `@_optimize(none)` the module spent a third of its time on passes over them. What is
    /// not optimised is not inlined either unless it is `@_transparent`. That is inlined before the optimiser
    /// begins, so a caller's code is the same.
    var forwarding: String { isPublic ? "@_transparent @_optimize(none) @_alwaysEmitIntoClient " : "" }
    /// `@frozen ` where that is allowed.
    var frozen: String { isPublic ? "@frozen " : "" }

    private func harmless(_ text: String) -> String { text.filter { !$0.isNewline } }
}
