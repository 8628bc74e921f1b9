import SBECompiler

/// `zcsbe check schema.xml`: all problems of a schema in one run.
enum CheckCommand {
    static func run(_ arguments: Arguments) throws {
        try arguments.require("schema.xml")
        let layout = try Files.schema(arguments, warnings: true)
        let count = layout.messages.count
        Terminal.say("\(arguments.plain[0]): good, \(count) message\(count == 1 ? "" : "s")\n")
    }
}
