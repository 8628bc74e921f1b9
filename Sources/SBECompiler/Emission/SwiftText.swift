/// Source text in the making: lines with an indentation.
struct SwiftText {
    private var lines: [String] = []
    private var depth = 0

    /// The text, with a line feed at its end.
    var text: String { lines.joined(separator: "\n") + "\n" }

    /// A line; an empty one is never indented.
    mutating func line(_ code: String = "") {
        lines.append(code.isEmpty ? "" : String(repeating: "    ", count: depth) + code)
    }

    /// A block in braces.
    mutating func block(_ head: String, _ body: (inout SwiftText) -> Void) {
        line(head + " {")
        depth += 1
        body(&self)
        depth -= 1
        // No empty line before a closing brace.
        while lines.last == "" { lines.removeLast() }
        line("}")
    }

    /// An empty line between members, unless there is one.
    mutating func gap() {
        if let last = lines.last, last != "", !last.hasSuffix("{") { line() }
    }

    /// Documentation: the schema's words, or ours, made harmless and broken into lines.
    mutating func documentation(_ text: String) {
        var row = "///"
        for word in text.split(whereSeparator: { $0.isWhitespace || $0.isNewline }) {
            let clean = word.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
            let next = String(String.UnicodeScalarView(clean))
            if row.count > 3, row.count + next.count + depth * 4 > 104 {
                line(row)
                row = "///"
            }
            row += " " + next
        }
        if row.count > 3 { line(row) }
    }
}
