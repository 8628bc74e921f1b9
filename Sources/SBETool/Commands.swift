import Foundation
import SBECompiler

/// `zcsbe generate schema.xml --output DIR`: the Swift of a schema.
enum GenerateCommand {
    static let options: Set<String> = [
        "--output", "--options", "--namespace", "--access", "--values", "--warnings", "--runtime",
        "--include-root",
    ]

    static func run(_ arguments: Arguments) throws {
        try arguments.require("schema.xml")
        let path = arguments.plain[0]
        let name = URL(fileURLWithPath: path).lastPathComponent
        guard let directory = arguments.value(of: "--output") else {
            throw CommandFailure.usage("expected --output DIR, got none")
        }
        var options = SwiftOptions()
        do {
            if let file = arguments.value(of: "--options") {
                try options.read(String(decoding: Files.read(file), as: UTF8.self), for: name)
                // What the file says is relative to the file.
                if let root = options.includeRoot, !root.hasPrefix("/") {
                    options.includeRoot = SchemaCompiler.folder(of: file) + "/" + root
                }
            }
            for key in ["namespace", "access", "values", "warnings", "runtime", "include-root"] {
                if let value = arguments.value(of: "--" + key) { try options.set(key, to: value) }
            }
        } catch let error as SwiftOptionsError {
            throw CommandFailure.usage(error.description)
        }
        let layout = try Files.schema(
            path, root: options.includeRoot, warnings: options.reportsWarnings)
        let text = SwiftEmitter(layout, from: name, options: options).text()
        guard directory != "-" else { return Terminal.say(text) }
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure.usage(
                "expected a directory \(directory), got: \(error.localizedDescription)")
        }
        let target = URL(fileURLWithPath: directory).appendingPathComponent(SwiftEmitter.fileName(for: name))
        // A file that stays as it is keeps its date, and what depends on it is not built again.
        let bytes = Array(text.utf8)
        if let old = FileManager.default.contents(atPath: target.path), Array(old) == bytes { return }
        try Files.write(bytes, to: target.path)
    }
}

/// `zcsbe check schema.xml`: all problems of a schema in one run.
enum CheckCommand {
    static func run(_ arguments: Arguments) throws {
        try arguments.require("schema.xml")
        let layout = try Files.schema(arguments, warnings: true)
        let count = layout.messages.count
        Terminal.say("\(arguments.plain[0]): good, \(count) message\(count == 1 ? "" : "s")\n")
    }
}

/// `zcsbe describe schema.xml`: messages, offsets and sizes as tables.
enum DescribeCommand {
    static func run(_ arguments: Arguments) throws {
        try arguments.require("schema.xml")
        Terminal.say(SchemaDescription(try Files.schema(arguments)).text)
    }
}

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
