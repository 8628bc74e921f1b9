/// What a user may choose about generated code.
package struct SwiftOptions: Hashable, Sendable {
    /// Who may use the generated types.
    package enum Access: String, Sendable, CaseIterable {
        /// Everybody; the code is inlined into other modules.
        case `public`
        /// All modules of the package.
        case `package`
        /// The module that the code is compiled in.
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

    /// Makes a choice of each; the defaults are those of the tool.
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

extension SwiftOptions {
    /// Makes a choice by its name, as the command line and `sbe.options` have it.
    ///
    /// - Throws: ``SwiftOptionsError``, which says what there is to choose.
    package mutating func set(_ key: String, to value: String) throws(SwiftOptionsError) {
        switch key {
        case "namespace":
            guard Self.isName(value) else {
                throw SwiftOptionsError(expected: "a Swift name as namespace", got: value)
            }
            namespace = value
        case "access":
            guard let access = Access(rawValue: value) else {
                let all = Access.allCases.map(\.rawValue).joined(separator: ", ")
                throw SwiftOptionsError(expected: "one of \(all) as access", got: value)
            }
            self.access = access
        case "values":
            guard value == "yes" || value == "no" else {
                throw SwiftOptionsError(expected: "yes or no as values", got: value)
            }
            hasValues = value == "yes"
        case "warnings":
            guard value == "yes" || value == "no" else {
                throw SwiftOptionsError(expected: "yes or no as warnings", got: value)
            }
            reportsWarnings = value == "yes"
        case "runtime":
            guard value == "none" || Self.isName(value) else {
                throw SwiftOptionsError(expected: "none or a module as runtime", got: value)
            }
            runtime = value == "none" ? nil : value
        case "include-root":
            guard !value.isEmpty else {
                throw SwiftOptionsError(expected: "a folder as include-root", got: "nothing")
            }
            includeRoot = value
        default:
            throw SwiftOptionsError(
                expected: "namespace, access, values, warnings, runtime or include-root", got: key)
        }
    }

    /// Makes the choices of an `sbe.options` file for one schema.
    ///
    /// Each line names a schema's file, or `*` for all, and then choices: `car.sbe.xml namespace=Car
    /// values=yes`. Later lines win. What follows a `#` is a comment.
    ///
    /// - Throws: ``SwiftOptionsError`` that names the line.
    package mutating func read(_ text: String, for file: String) throws(SwiftOptionsError) {
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let code = line.prefix { $0 != "#" }
            let words = code.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard let pattern = words.first else { continue }
            for word in words.dropFirst() {
                let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else {
                    throw SwiftOptionsError(expected: "name=value", got: String(word), line: number + 1)
                }
                // Checked for all schemas, so that a mistake shows whichever is compiled first.
                var copy = self
                do {
                    try copy.set(String(parts[0]), to: String(parts[1]))
                } catch {
                    throw SwiftOptionsError(expected: error.expected, got: error.got, line: number + 1)
                }
                if pattern == "*" || pattern == file { self = copy }
            }
        }
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.first, first.isLetter || first == "_" else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}

/// A choice about generated code that there is not.
package struct SwiftOptionsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What there is to choose.
    package let expected: String
    /// What was chosen in its place.
    package let got: String
    /// The line of `sbe.options`, counted from 1; nil of the command line.
    package var line: Int?

    /// What was expected and what came, in words.
    package var description: String {
        (line.map { "sbe.options:\($0): " } ?? "") + "expected \(expected), got \(got)"
    }
}
