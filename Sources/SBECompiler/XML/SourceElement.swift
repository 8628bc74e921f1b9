/// An element of an XML document, with the line that its start tag begins on.
package struct SourceElement: Sendable {
    /// The name without its prefix.
    package let name: String
    /// The namespace, nil for none.
    package let namespace: String?
    /// By name, those with a prefix under prefix and name.
    package let attributes: [String: String]
    package let location: SourceLocation
    /// The element's own text and CDATA, without that of its children.
    package var text: String
    package var children: [SourceElement]

    /// An element without content yet.
    package init(
        name: String, namespace: String?, attributes: [String: String], location: SourceLocation,
        text: String = "", children: [SourceElement] = []
    ) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.location = location
        self.text = text
        self.children = children
    }

    /// The start tag, shortened to what tells elements apart: `<field name="price">`.
    package var tag: String {
        if let name = attributes["name"] { return "<\(self.name) name=\"\(name)\">" }
        if let href = attributes["href"] { return "<\(name) href=\"\(href)\">" }
        return "<\(name)>"
    }

    /// The text without surrounding white space (an `xs:token`), nil when nothing is left. A single blank
    /// stays: it is how enums of characters list the blank, and all that the reference accepts for it.
    package var token: String? {
        if text == " " { return text }
        let trimmed = text.trimmedToken
        return trimmed.isEmpty ? nil : trimmed
    }
}

extension String {
    /// Without the white space of XML at both ends.
    var trimmedToken: String {
        func isSpace(_ character: Character) -> Bool {
            character == " " || character == "\n" || character == "\t" || character == "\r"
                || character == "\r\n"
        }
        var rest = self[...]
        while let first = rest.first, isSpace(first) { rest.removeFirst() }
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return String(rest)
    }
}
