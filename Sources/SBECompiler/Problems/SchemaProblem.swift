/// Where something stands in a schema.
package struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    /// The file as it was named on opening; for included files, found from the including one.
    package let file: String
    /// The line in the file, counted from 1.
    package let line: Int

    /// A line of a file.
    package init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    /// The form that editors understand: `file:line`.
    package var description: String { "\(file):\(line)" }
}

/// One thing that is wrong with a schema, or doubtful.
package struct SchemaProblem: Hashable, Sendable {
    /// How bad it is.
    package enum Severity: String, Sendable {
        /// The schema is refused.
        case error
        /// The schema can be used; the standard, or other tools, would have it otherwise.
        case warning
    }

    package let severity: Severity
    package let location: SourceLocation
    /// The start tag of the element concerned, such as `<field name="price">`.
    package let element: String
    /// What was expected and what came.
    package let message: String
}

extension SchemaProblem: CustomStringConvertible {
    /// One line, in the form that editors and build systems understand.
    package var description: String { "\(location): \(severity.rawValue): \(element): \(message)" }
}

/// Collects the problems of a schema, so that one run shows them all.
package struct ProblemList: Sendable {
    /// In the order of discovery, without repetitions.
    package private(set) var problems: [SchemaProblem] = []
    private var known: Set<SchemaProblem> = []

    /// Makes a list without problems.
    package init() {}

    /// Whether any problem refuses the schema.
    package var hasErrors: Bool { problems.contains { $0.severity == .error } }

    /// The problems in the order of files and lines.
    package var sorted: [SchemaProblem] {
        var order: [String: Int] = [:]
        for problem in problems where order[problem.location.file] == nil {
            order[problem.location.file] = order.count
        }
        return problems.enumerated().sorted { left, right in
            let a = (order[left.element.location.file] ?? 0, left.element.location.line, left.offset)
            let b = (order[right.element.location.file] ?? 0, right.element.location.line, right.offset)
            return a < b
        }.map(\.element)
    }

    /// Notes what refuses the schema.
    package mutating func error(_ location: SourceLocation, _ element: String, _ message: String) {
        note(.init(severity: .error, location: location, element: element, message: message))
    }

    /// Notes what is doubtful.
    package mutating func warning(_ location: SourceLocation, _ element: String, _ message: String) {
        note(.init(severity: .warning, location: location, element: element, message: message))
    }

    private mutating func note(_ problem: SchemaProblem) {
        if known.insert(problem).inserted { problems.append(problem) }
    }
}
