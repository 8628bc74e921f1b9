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
