import Foundation
import SBECompiler

/// The command line of the compiler of SBE schemas. `zcsbe --help` says what it can do.
@main
struct ZCSBE {
    static func main() {
        var arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first else {
            Terminal.complain("expected a command; `zcsbe --help` lists them")
            exit(ExitCode.usage.rawValue)
        }
        arguments.removeFirst()
        if ["--help", "-h", "help"].contains(name) || arguments.contains("--help") {
            Terminal.say(Usage.text)
            exit(ExitCode.good.rawValue)
        }
        guard let command = Command(rawValue: name) else {
            let names = Command.allCases.map(\.rawValue).joined(separator: ", ")
            Terminal.complain("expected one of \(names), got \(name)")
            exit(ExitCode.usage.rawValue)
        }
        do {
            try command.run(Arguments(arguments, options: command.options))
            exit(ExitCode.good.rawValue)
        } catch let failure as CommandFailure {
            if let message = failure.message { Terminal.complain(message) }
            exit(failure.code.rawValue)
        } catch {
            Terminal.complain("\(error)")
            exit(ExitCode.refused.rawValue)
        }
    }
}

/// What the tool can do; `Commands.swift` has each.
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

/// Why a command ends.
struct CommandFailure: Error {
    let code: ExitCode
    /// Nil where everything has been said.
    let message: String?

    /// A wrong command line, or a file that could not be read or written.
    static func usage(_ message: String) -> CommandFailure { CommandFailure(code: .usage, message: message) }

    /// A schema or a message that was refused.
    static func refused(_ message: String? = nil) -> CommandFailure {
        CommandFailure(code: .refused, message: message)
    }
}

/// What the tool tells the shell.
enum ExitCode: Int32 {
    /// All was done as asked.
    case good = 0
    /// The schema or the message was refused.
    case refused = 1
    /// The command line was wrong, or a file could not be read or written.
    case usage = 2
}
