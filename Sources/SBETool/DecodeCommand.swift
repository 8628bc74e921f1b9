import SBECompiler

/// `zcsbe decode schema.xml FILE`: a binary message as JSON.
enum DecodeCommand {
    static func run(_ arguments: Arguments) throws {
        try arguments.require("schema.xml", "FILE")
        let layout = try Files.schema(arguments)
        let bytes = try Files.read(arguments.plain[1])
        do {
            Terminal.say(try DynamicDecoder(layout).decode(bytes).json.text + "\n")
        } catch {
            throw CommandFailure.refused("\(arguments.plain[1]): \(error)")
        }
    }
}
