import SBECompiler

/// `zcsbe encode schema.xml FILE.json --output FILE.bin`: the inverse of `decode`.
enum EncodeCommand {
    static func run(_ arguments: Arguments) throws {
        try arguments.require("schema.xml", "FILE.json")
        guard let output = arguments.value(of: "--output") else {
            throw CommandFailure.usage("expected --output FILE.bin (- for the standard output), got none")
        }
        let layout = try Files.schema(arguments.plain[0])
        let text = try Files.read(arguments.plain[1])
        let bytes: [UInt8]
        do {
            bytes = try DynamicEncoder(layout).encode(JSONParser.parse(text))
        } catch {
            throw CommandFailure.refused("\(arguments.plain[1]): \(error)")
        }
        try Files.write(bytes, to: output)
    }
}
