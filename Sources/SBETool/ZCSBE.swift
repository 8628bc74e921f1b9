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
