/// What a user may choose about generated code.
package struct SwiftOptions: Hashable, Sendable {
    /// Who may use the generated types.
    package enum Access: String, Sendable, CaseIterable {
        /// Everybody; the code is inlined into other modules.
        case `public`
        /// The package.
        case `package`
        /// The module.
        case `internal`
    }

    /// Who may use the generated types.
    package var access: Access
    /// An enumeration that all types stand in, so that schemas with equal names fit one module; nil for none.
    package var namespace: String?
    /// Whether each message has a value twin, for tests and tools.
    package var hasValues: Bool
    /// Whether the schema's warnings are worth a word.
    package var reportsWarnings = true
    /// The folder that included files must lie below; nil for the schema's own.
    package var includeRoot: String?
    /// The module of the runtime; nil where the code becomes a part of it.
    package var runtime: String?

    /// Chooses.
    package init(
        access: Access = .public, namespace: String? = nil, hasValues: Bool = false,
        runtime: String? = "ZCSBE"
    ) {
        self.access = access
        self.namespace = namespace
        self.hasValues = hasValues
        self.runtime = runtime
    }
}
