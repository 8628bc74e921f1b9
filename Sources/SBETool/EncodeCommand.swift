import SBECompiler

/// `zcsbe encode schema.xml FILE.json --output FILE.bin`: the inverse of `decode`.
enum EncodeCommand {
    static func run(_ arguments: Arguments) throws {
        try arguments.require("schema.xml", "FILE.json")
        guard let output = arguments.value(of: "--output") else {
            throw CommandFailure.usage("expected --output FILE.bin (- for the standard output), got none")
        }
        let layout = try Files.schema(arguments)
        let text = try Files.read(arguments.plain[1])
        let message: EncodedMessage
        do {
            message = try DynamicEncoder(layout).message(JSONParser.parse(text))
        } catch {
            throw CommandFailure.refused("\(arguments.plain[1]): \(error)")
        }
        if let newer = message.newerVersion {
            Terminal.complain(
                "\(arguments.plain[1]): a message of version \(newer), newer than the schema: written as "
                    + "one of version \(layout.version), with what the schema knows")
        }
        try Files.write(message.bytes, to: output)
    }
}
