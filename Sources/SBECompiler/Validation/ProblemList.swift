/// Collects the problems of a schema, so that one run shows them all.
package struct ProblemList: Sendable {
    /// In the order of discovery, without repetitions.
    package private(set) var problems: [SchemaProblem] = []
    private var known: Set<SchemaProblem> = []

    /// An empty list.
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
