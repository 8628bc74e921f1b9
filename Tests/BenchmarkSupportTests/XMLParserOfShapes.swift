/// Looks whether a plot's elements open and close in order, and counts them.
///
/// Of XML only what plots are made of: elements with attributes, text, no comments.
struct XMLParserOfShapes {
    /// How many elements of each name; nil where something is not closed, or not escaped.
    func shapes(of text: String) -> [String: Int]? {
        var counts: [String: Int] = [:]
        var open: [String] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            guard isEscaped(rest[..<start]), let end = rest[start...].firstIndex(of: ">") else { return nil }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.first == "/" {
                guard open.popLast() == String(tag.dropFirst()) else { return nil }
                continue
            }
            let name = String(tag.prefix { $0.isLetter })
            guard !name.isEmpty, tag.filter({ $0 == "\"" }).count % 2 == 0 else { return nil }
            counts[name, default: 0] += 1
            if tag.last != "/" { open.append(name) }
        }
        return open.isEmpty ? counts : nil
    }

    private func isEscaped(_ text: Substring) -> Bool {
        text.split(separator: "&", omittingEmptySubsequences: false).dropFirst().allSatisfy {
            $0.hasPrefix("amp;") || $0.hasPrefix("lt;")
        }
    }
}
