/// What the tool can do; each command has a file of its own.
enum Command: String, CaseIterable {
    case check, describe, decode, encode

    /// The options that take a value.
    var options: Set<String> {
        switch self {
        case .check, .describe, .decode: []
        case .encode: ["--output"]
        }
    }

    func run(_ arguments: Arguments) throws {
        switch self {
        case .check: try CheckCommand.run(arguments)
        case .describe: try DescribeCommand.run(arguments)
        case .decode: try DecodeCommand.run(arguments)
        case .encode: try EncodeCommand.run(arguments)
        }
    }
}
