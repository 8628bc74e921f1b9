/// Replaces `<xi:include href="…"/>` by the root element of the file that it names.
struct IncludeResolver {
    /// The namespaces of XInclude, the recommendation's and its draft's.
    static let namespaces = ["http://www.w3.org/2001/XInclude", "http://www.w3.org/2003/XInclude"]
    /// Files inside files, at most.
    static let depthMax = 16
    /// Files of one schema, at most; files that include others twice would else double at each level.
    static let filesMax = 256

    let source: SchemaSource
    private var filesRead = 0
    private var bytesRead = 0
    private var elements = 0

    init(source: SchemaSource) { self.source = source }

    /// Reads a file and everything that it includes.
    mutating func read(_ file: String, problems: inout ProblemList) -> SourceElement? {
        let bytes: [UInt8]
        switch source.schema(file) {
        case .bytes(let read): bytes = read
        case .missing, .refused:
            problems.error(
                SourceLocation(file: file, line: 1), "document",
                "expected a readable file of at most \(XMLSource.bytesMax) bytes, got none")
            return nil
        }
        filesRead = 1
        bytesRead = bytes.count
        guard let root = XMLSource.parse(bytes, file: file, problems: &problems) else { return nil }
        return resolved(root, open: [file], depth: 1, problems: &problems)
    }

    private mutating func resolved(
        _ element: SourceElement, open: [String], depth: Int, problems: inout ProblemList
    ) -> SourceElement {
        var result = element
        result.children = []
        elements += 1
        guard elements <= XMLSource.elementsMax else {
            problems.error(
                SourceLocation(file: open[0], line: 1), "document",
                "expected at most \(XMLSource.elementsMax) elements in all files, got more")
            return result
        }
        guard depth <= XMLSource.depthMax else {
            problems.error(
                element.location, element.tag,
                "expected at most \(XMLSource.depthMax) nested elements, included files counted, got more")
            return result
        }
        for child in element.children {
            if child.name == "include", Self.namespaces.contains(child.namespace ?? "") {
                result.children += included(child, open: open, depth: depth, problems: &problems)
            } else {
                let inner = resolved(child, open: open, depth: depth + 1, problems: &problems)
                result.children.append(inner)
            }
        }
        return result
    }

    /// What stands in place of an include element: one element, or those of its fallback, or none.
    private mutating func included(
        _ element: SourceElement, open: [String], depth: Int, problems: inout ProblemList
    ) -> [SourceElement] {
        func refuse(_ message: String) -> [SourceElement] {
            problems.error(element.location, element.tag, message)
            return []
        }
        guard let href = element.attributes["href"], !href.isEmpty else {
            return refuse("expected the attribute href, got none")
        }
        if let parse = element.attributes["parse"], parse != "xml" {
            return refuse("expected parse=\"xml\", got \"\(parse)\"")
        }
        if let pointer = element.attributes["xpointer"] {
            return refuse("expected a whole file, got xpointer=\"\(pointer)\"")
        }
        let file = SchemaSource.resolve(href, in: element.location.file)
        if open.contains(file) { return refuse("expected no circle of files, got \(file) inside itself") }
        if open.count >= Self.depthMax {
            return refuse("expected files at most \(Self.depthMax) deep inside each other")
        }
        if filesRead >= Self.filesMax { return refuse("expected at most \(Self.filesMax) files") }
        filesRead += 1
        let bytes: [UInt8]
        switch source.included(file) {
        case .bytes(let read): bytes = read
        case .refused(let reason): return refuse(reason)
        case .missing:
            if let fallback = element.children.first(where: { $0.name == "fallback" }) {
                return resolved(fallback, open: open, depth: depth, problems: &problems).children
            }
            return refuse("expected a readable file \(file), got none")
        }
        bytesRead += bytes.count
        if bytesRead > XMLSource.bytesMax {
            return refuse("expected at most \(XMLSource.bytesMax) bytes in all files, got more")
        }
        guard let root = XMLSource.parse(bytes, file: file, problems: &problems) else { return [] }
        return [resolved(root, open: open + [file], depth: depth + 1, problems: &problems)]
    }
}
