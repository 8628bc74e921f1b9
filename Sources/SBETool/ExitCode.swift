/// What the tool tells the shell.
enum ExitCode: Int32 {
    /// Done.
    case good = 0
    /// The schema or the message was refused.
    case refused = 1
    /// The command line was wrong, or a file could not be read or written.
    case usage = 2
}
