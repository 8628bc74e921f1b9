/// From a schema's file to its layout: XML, model, validation, layout.
///
/// ```swift
/// let compiled = SchemaCompiler().compile("car.sbe.xml")
/// for problem in compiled.problems { print(problem) }
/// guard let layout = compiled.layout else { return }
/// ```
package struct SchemaCompiler: Sendable {
    /// Nil for the file system, below the schema's own folder.
    private let source: SchemaSource?

    /// A compiler that reads files, or what stands in for them. Schemas include files of their own folder and
    /// those below it, unless the source says otherwise.
    package init(source: SchemaSource? = nil) { self.source = source }

    /// What became of a schema.
    package struct Result: Sendable {
        /// Nil exactly where one of the problems is an error.
        package let layout: SchemaLayout?
        /// All problems, errors and warnings, in the order of the lines.
        package let problems: [SchemaProblem]
    }

    /// The folder that a file is in, as it is named.
    package static func folder(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    /// Reads and resolves a schema and what it includes. Time is linear in the size of the files, apart from
    /// references nested in references, which are bounded.
    package func compile(_ file: String) -> Result {
        var problems = ProblemList()
        var includes = IncludeResolver(source: source ?? .files(root: Self.folder(of: file)))
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
