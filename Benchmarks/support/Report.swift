import Foundation

/// What a benchmark has measured: the one form that all of them write, whatever they are written in.
///
/// As JSON it is what `--json` writes and what the program `plot` reads; scripts write the same.
public struct Report: Codable, Sendable {
    /// A short name, which is also the file's.
    public var name: String
    /// What was measured.
    public var title: String
    /// What has to be known to read the figures.
    public var notes: [String]
    /// On what.
    public var machine: String
    /// The figures.
    public var tables: [Table]
    /// Plots of them.
    public var charts: [Chart]

    /// A report without figures yet.
    public init(_ name: String, _ title: String, notes: [String] = []) {
        self.name = name
        self.title = title
        self.notes = notes
        machine = Self.thisMachine
        tables = []
        charts = []
    }

    /// Reads what `json` wrote.
    public init(json: Data) throws { self = try JSONDecoder().decode(Report.self, from: json) }

    /// The whole report, keys in order so that two runs can be compared line by line.
    public var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }

    /// For a terminal.
    public var text: String {
        let head = "\(title)\n(\(machine))\n\n"
        return head + tables.map(\.text).joined(separator: "\n") + notes.map { "\n\($0)\n" }.joined()
    }

    /// For a document.
    public var markdown: String {
        tables.map(\.markdown).joined(separator: "\n") + notes.map { "\n\($0)\n" }.joined()
    }

    /// Processors and kernel.
    private static var thisMachine: String {
        let information = ProcessInfo.processInfo
        let kernel = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
        let version = kernel.map {
            " " + $0.split(separator: "-")[0].trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return "\(information.activeProcessorCount) processors, Linux\(version ?? "")"
    }
}
