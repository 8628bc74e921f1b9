/// From a schema's file to its layout: XML, model, validation, layout.
///
/// ```swift
/// let compiled = SchemaCompiler().compile("car.sbe.xml")
/// for problem in compiled.problems { print(problem) }
/// guard let layout = compiled.layout else { return }
/// ```
package struct SchemaCompiler: Sendable {
    private let source: SchemaSource

    /// A compiler that reads files, or what stands in for them.
    package init(source: SchemaSource = .files) { self.source = source }

    /// What became of a schema.
    package struct Result: Sendable {
        /// Nil exactly where one of the problems is an error.
        package let layout: SchemaLayout?
        /// All problems, errors and warnings, in the order of the lines.
        package let problems: [SchemaProblem]
    }

    /// Reads and resolves a schema and what it includes. Time is linear in the size of the files, apart from
    /// references nested in references, which are bounded.
    package func compile(_ file: String) -> Result {
        var problems = ProblemList()
        var includes = IncludeResolver(source: source)
        guard let root = includes.read(file, problems: &problems) else {
            return Result(layout: nil, problems: problems.sorted)
        }
        var reader = ModelReader(problems: problems)
        guard let model = reader.schema(root) else {
            return Result(layout: nil, problems: reader.problems.sorted)
        }
        var validator = SchemaValidator(model, problems: reader.problems)
        validator.validate()
        let builder = LayoutBuilder(model, problems: validator.problems)
        let layout = builder.build()
        return Result(layout: layout, problems: builder.problems.sorted)
    }
}
