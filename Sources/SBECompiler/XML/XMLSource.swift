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

/// Finds the line that each start tag begins on. Why: the XML parser reports a tag at its end, and the root
/// element of a schema usually spans ten lines.
struct StartTagLines {
    /// One line per start tag, in the order of the document.
    private(set) var lines: [Int] = []

    private static let comment = (open: Array("<!--".utf8), close: Array("-->".utf8))
    private static let data = (open: Array("<![CDATA[".utf8), close: Array("]]>".utf8))
    private static let instruction = (open: Array("<?".utf8), close: Array("?>".utf8))
    private static let declaration = Array("<!".utf8)
    private static let endTag = Array("</".utf8)

    /// Scans a well-formed document once, in linear time. Documents whose text is not a superset of ASCII
    /// have no start tags to this scan; a declaration of a document type makes it stop, for entities may
    /// hold tags.
    init(_ bytes: [UInt8]) {
        var line = 1
        var index = 0
        while index < bytes.count {
            var end = index + 1
            if bytes[index] == UInt8(ascii: "<") {
                if let (open, close) = [Self.comment, Self.data, Self.instruction].first(where: {
                    Self.hasPrefix(bytes, $0.open, at: index)
                }) {
                    end = Self.position(of: close, in: bytes, from: index + open.count)
                } else if Self.hasPrefix(bytes, Self.declaration, at: index) {
                    return
                } else if !Self.hasPrefix(bytes, Self.endTag, at: index) {
                    lines.append(line)
                }
            }
            while index < end {
                if bytes[index] == UInt8(ascii: "\n") { line += 1 }
                index += 1
            }
        }
    }

    private static func hasPrefix(_ bytes: [UInt8], _ prefix: [UInt8], at index: Int) -> Bool {
        bytes.count - index >= prefix.count && bytes[index..<index + prefix.count].elementsEqual(prefix)
    }

    /// The index behind the next `pattern`, or the end of the document.
    private static func position(of pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index + pattern.count <= bytes.count {
            if bytes[index] == pattern[0], hasPrefix(bytes, pattern, at: index) {
                return index + pattern.count
            }
            index += 1
        }
        return bytes.count
    }
}
