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
