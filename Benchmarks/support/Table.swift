/// Figures in rows and columns.
public struct Table: Codable, Sendable {
    /// What the table shows.
    public var title: String
    /// What stands in each column, with its unit.
    public var columns: [String]
    /// As many cells as columns in each.
    public var rows: [[Cell]]

    /// A table; rows may be added.
    public init(_ title: String, columns: [String], rows: [[Cell]] = []) {
        self.title = title
        self.columns = columns
        self.rows = rows
    }

    /// For a terminal: columns aligned, figures to the right.
    public var text: String {
        let lines = [columns] + rows.map { $0.map(\.description) }
        let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let isFigures = columns.indices.map { column in
            rows.contains { $0[column].number != nil }
        }
        var result = title + "\n"
        for line in lines {
            let cells = columns.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - line[column].count)
                return isFigures[column] ? space + line[column] : line[column] + space
            }
            var joined = "  " + cells.joined(separator: "  ")
            while joined.last == " " { joined.removeLast() }
            result += joined + "\n"
        }
        return result
    }

    /// For a document.
    public var markdown: String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        let rule = "|" + String(repeating: "---|", count: columns.count) + "\n"
        return "\(title):\n\n" + line(columns) + rule + rows.map { line($0.map(\.description)) }.joined()
    }
}
