import Foundation
import FoundationXML

/// Reads an XML document into elements that know their lines.
struct XMLSource {
    /// A schema is read whole; nothing sensible comes near this.
    static let bytesMax = 64 << 20
    /// Deeper nesting than this is refused, so that recursion over elements is safe, and trees of messages
    /// are no deeper than a JSON text may be.
    static let depthMax = 96
    /// Elements of a schema, those of included files counted. Schemas of exchanges have a few thousand.
    static let elementsMax = 1 << 17

    /// Parses a document. The element is missing where it is not well-formed or too deep, and `problems` says
    /// where and why.
    static func parse(_ bytes: [UInt8], file: String, problems: inout ProblemList) -> SourceElement? {
        if let (line, message) = XMLGuard.problem(bytes) {
            problems.error(SourceLocation(file: file, line: line), "document", message)
            return nil
        }
        let parser = XMLParser(data: Data(bytes))
        let builder = ElementBuilder(file: file, lines: StartTagLines(bytes).lines)
        parser.delegate = builder
        parser.shouldProcessNamespaces = true
        parser.shouldResolveExternalEntities = false
        let isParsed = parser.parse()
        if let failure = builder.failure {
            problems.error(failure.location, "document", failure.message)
            return nil
        }
        guard isParsed, let root = builder.root else {
            problems.error(
                SourceLocation(file: file, line: max(parser.lineNumber, 1)), "document",
                "expected an XML document, got \(bytes.isEmpty ? "nothing" : "something else")")
            return nil
        }
        return root
    }

    /// Collects what the parser reports.
    private final class ElementBuilder: NSObject, XMLParserDelegate {
        private let file: String
        private let lines: [Int]
        private var count = 0
        private var open: [SourceElement] = []
        private(set) var root: SourceElement?
        private(set) var failure: (location: SourceLocation, message: String)?

        init(file: String, lines: [Int]) {
            self.file = file
            self.lines = lines
        }

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
            qualifiedName: String?, attributes: [String: String]
        ) {
            let line = count < lines.count ? lines[count] : max(parser.lineNumber, 1)
            count += 1
            let element = SourceElement(
                name: name.split(separator: ":").last.map(String.init) ?? name,
                namespace: namespaceURI.flatMap { $0.isEmpty ? nil : $0 }, attributes: attributes,
                location: SourceLocation(file: file, line: line))
            if open.count >= XMLSource.depthMax {
                fail(element.location, "expected at most \(XMLSource.depthMax) nested elements")
                parser.abortParsing()
            }
            if count > XMLSource.elementsMax {
                fail(element.location, "expected at most \(XMLSource.elementsMax) elements, got more")
                parser.abortParsing()
            }
            open.append(element)
        }

        func parser(
            _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
        ) {
            guard let element = open.popLast() else { return }
            if open.isEmpty {
                root = element
            } else {
                open[open.count - 1].children.append(element)
            }
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { append(string) }

        func parser(_ parser: XMLParser, foundCDATA block: Data) {
            append(String(decoding: block, as: UTF8.self))
        }

        func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
            let code = (error as NSError).code
            let line = max(parser.lineNumber, 1)
            fail(
                SourceLocation(file: file, line: line),
                "expected well-formed XML, got \(Self.words(for: code)) in or before this line")
        }

        private func append(_ text: String) {
            guard !open.isEmpty else { return }
            open[open.count - 1].text += text
        }

        /// Keeps the first failure: what follows it is mostly its consequence.
        private func fail(_ location: SourceLocation, _ message: String) {
            if failure == nil { failure = (location, message) }
        }

        /// The commonest error codes of libxml2, in words.
        private static func words(for code: Int) -> String {
            switch code {
            case 4: "an empty document"
            case 5: "content that is not part of the document"
            case 26: "an undefined entity"
            case 38, 68: "a broken name or attribute"
            case 39, 40, 41: "a broken attribute"
            case 42: "an attribute twice"
            case 73: "a tag that is not closed by >"
            case 76: "an end tag without its start tag"
            case 77: "an element without its end tag"
            case 201: "an undeclared namespace prefix"
            default: "an error (libxml2's \(code))"
            }
        }
    }
}
