/// Rows of cells in columns as wide as their widest cell.
struct TextTable {
    private var rows: [[String]]

    init(header: [String]) { rows = [header] }

    mutating func append(_ row: [String]) { rows.append(row) }

    /// The table, a line of dashes below the header, each line indented by so many blanks.
    func text(indentation: Int = 0) -> String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column < widths.count {
                    widths[column] = max(widths[column], cell.count)
                } else {
                    widths.append(cell.count)
                }
            }
        }
        var lines = rows.map { row in line(row, widths) }
        lines.insert(line(widths.map { String(repeating: "-", count: $0) }, widths), at: 1)
        let margin = String(repeating: " ", count: indentation)
        return lines.map { margin + $0 + "\n" }.joined()
    }

    private func line(_ row: [String], _ widths: [Int]) -> String {
        var text = ""
        for (column, cell) in row.enumerated() {
            text += cell
            if column + 1 < row.count {
                text += String(repeating: " ", count: widths[column] - cell.count + 2)
            }
        }
        while text.last == " " { text.removeLast() }
        return text
    }
}
