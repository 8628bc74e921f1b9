/// What the tool can do; each command has a file of its own.
enum Command: String, CaseIterable {
    case generate, check, describe, decode, encode

    /// The options that take a value.
    var options: Set<String> {
        switch self {
        case .generate: GenerateCommand.options
        case .check, .describe, .decode: ["--include-root"]
        case .encode: ["--output", "--include-root"]
        }
    }

    func run(_ arguments: Arguments) throws {
        switch self {
        case .generate: try GenerateCommand.run(arguments)
        case .check: try CheckCommand.run(arguments)
        case .describe: try DescribeCommand.run(arguments)
        case .decode: try DecodeCommand.run(arguments)
        case .encode: try EncodeCommand.run(arguments)
        }
    }
}
