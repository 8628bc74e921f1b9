/// Where something stands in a schema.
package struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    /// The file as it was named on opening; for included files, found from the including one.
    package let file: String
    /// Counted from 1.
    package let line: Int

    /// A line of a file.
    package init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    /// The form that editors understand: `file:line`.
    package var description: String { "\(file):\(line)" }
}
