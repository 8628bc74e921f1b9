import SBECompiler

/// `zcsbe describe schema.xml`: messages, offsets and sizes as tables.
enum DescribeCommand {
    static func run(_ arguments: Arguments) throws {
        try arguments.require("schema.xml")
        Terminal.say(SchemaDescription(try Files.schema(arguments)).text)
    }
}
