import Foundation

/// What every benchmark takes on its command line beside its own arguments.
public struct ReportOptions: Sendable {
    /// Where the figures go as JSON.
    public var jsonPath: String?
    /// Where the plots go as SVG.
    public var svgPath: String?
    /// Whether tables are printed for a document instead of a terminal.
    public var isMarkdown = false
    /// Whether to measure just long enough to show that it works.
    public var isQuick = false
    /// What is left of the command line.
    public private(set) var rest: [String] = []

    /// What is printed for `--help`, behind a program's own.
    public static let usage = "[--json FILE] [--svg FILE] [--markdown] [--quick]"

    /// Reads the command line; ends the program where an option lacks its value.
    public init(_ arguments: [String] = Array(CommandLine.arguments.dropFirst())) {
        var left = arguments[...]
        while let argument = left.popFirst() {
            switch argument {
            case "--json": jsonPath = Self.value(of: argument, &left)
            case "--svg": svgPath = Self.value(of: argument, &left)
            case "--markdown": isMarkdown = true
            case "--quick": isQuick = true
            default: rest.append(argument)
            }
        }
    }

    private static func value(of name: String, _ left: inout ArraySlice<String>) -> String {
        guard let value = left.popFirst() else {
            print("\(name) needs a file; usage: \(usage)")
            exit(2)
        }
        return value
    }

    /// How often something is repeated: at least once, and seldom for `--quick`.
    public func repetitions(_ usual: Int) -> Int { isQuick ? 1 : usual }
}

extension Report {
    /// Prints the report, and writes the files that were asked for.
    public func publish(_ options: ReportOptions) {
        print(options.isMarkdown ? markdown : text, terminator: "")
        do {
            if let path = options.jsonPath { try json.write(to: URL(fileURLWithPath: path)) }
            if let path = options.svgPath {
                try Data(Plot(charts, machine: machine).svg.utf8).write(to: URL(fileURLWithPath: path))
            }
        } catch {
            print("cannot write: \(error)")
            exit(1)
        }
    }
}
