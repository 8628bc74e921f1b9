import Foundation
import Testing

@testable import SBECompiler

/// The commands of `zcsbe`, as processes: statuses, streams and files.
@Suite struct ToolTests {
    private let folder: TemporaryFolder
    private let tool: ToolProcess
    private let car = Repository.path("Vectors/car/example-schema.xml")
    private let message = Repository.path("Vectors/car/sample.bin")

    init() throws {
        folder = try TemporaryFolder()
        tool = try ToolProcess(in: folder)
    }

    private func schema(_ types: String, _ messages: String, _ name: String = "s.xml") throws -> String {
        try folder.file(name, Repository.schema(types, messages).utf8)
    }

    // MARK: check

    @Test func checkSaysThatASchemaIsGood() async throws {
        let outcome = try await tool.run("check", car)
        #expect(outcome.status == 0 && outcome.complaint.isEmpty)
        #expect(outcome.text == "\(car): good, 1 message\n")
    }

    @Test func checkReportsAllProblemsInOneRun() async throws {
        let path = try schema(
            #"<type name="a b" primitiveType="int8"/>"# + "\n"
                + #"<type name="c" primitiveType="int8" maxValue="200"/>"#,
            #"<message name="m" id="1"><field name="f" id="1" type="nope"/></message>"#)
        let outcome = try await tool.run("check", path)
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        let lines = outcome.complaint.split(separator: "\n")
        #expect(lines.count == 3)
        for (line, words) in zip(lines, ["<type name=\"a b\">", "got \"200\"", "got \"nope\""]) {
            #expect(line.hasPrefix(path + ":") && line.contains(": error: ") && line.contains(words))
            #expect(line.contains("expected "))
        }
    }

    @Test func checkWarnsAndIsContent() async throws {
        let path = try schema(
            #"<enum name="e" encodingType="int8"><validValue name="a">1</validValue></enum>"#, "")
        let outcome = try await tool.run("check", path)
        #expect(outcome.status == 0 && outcome.text.hasSuffix("good, 0 messages\n"))
        #expect(outcome.complaint.contains(": warning: <enum name=\"e\">: expected "))
    }

    @Test func whatIsNoXMLIsRefused() async throws {
        let outcome = try await tool.run("check", folder.file("s.xml", "messageSchema".utf8))
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.complaint.contains("s.xml:1: error: document: expected "))
    }

    // MARK: The command line

    @Test(arguments: [
        [], ["nonsense"], ["check"], ["check", "a", "b"], ["check", "--output", "x", "a"], ["describe"],
        ["decode", "a"], ["decode", "a", "b", "c"], ["encode", "a", "b"], ["encode", "a", "--output"],
        ["generate", "a"], ["generate", "--output", "x"],
        ["generate", "a", "--output", "x", "--output", "y"],
        ["generate", "a", "--output", "x", "--values", "maybe"],
        ["generate", "a", "--output", "x", "--access", "private"],
        ["generate", "a", "--output", "x", "--namespace", "a b"],
    ])
    func wrongCommandLinesAreExplained(_ arguments: [String]) async throws {
        let outcome = try await tool.run(arguments)
        #expect(outcome.status == 2 && outcome.output.isEmpty)
        #expect(outcome.complaint.hasPrefix("zcsbe: expected "), "\(outcome.complaint)")
    }

    @Test(arguments: ["--help", "-h", "help"]) func helpIsNoMistake(_ word: String) async throws {
        let outcome = try await tool.run(word)
        #expect(outcome.status == 0 && outcome.complaint.isEmpty)
        for command in ["generate", "check", "describe", "decode", "encode"] {
            #expect(outcome.text.contains("zcsbe \(command) schema.xml"))
        }
    }

    @Test(arguments: ["check", "describe", "decode", "encode", "generate"])
    func missingFilesAndFoldersAreExplained(_ command: String) async throws {
        for path in [folder.path("none.xml"), folder.path] {
            let outcome: ToolProcess.Outcome
            switch command {
            case "decode": outcome = try await tool.run(command, path, message)
            case "encode": outcome = try await tool.run(command, path, message, "--output", "-")
            case "generate": outcome = try await tool.run(command, path, "--output", "-")
            default: outcome = try await tool.run(command, path)
            }
            #expect(outcome.status == 2 && outcome.output.isEmpty)
            #expect(outcome.complaint == "zcsbe: expected a readable schema \(path), got none\n")
        }
        for path in [folder.path("none.bin"), folder.path] where ["decode", "encode"].contains(command) {
            let outcome =
                command == "decode"
                ? try await tool.run(command, car, path)
                : try await tool.run(command, car, path, "--output", "-")
            #expect(outcome.status == 2 && outcome.output.isEmpty)
            #expect(outcome.complaint == "zcsbe: expected a readable file \(path), got none\n")
        }
    }

    @Test func unreadableFilesAreExplained() async throws {
        let path = try schema("", "")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        let outcome = try await tool.run(["check", path], isPrivileged: false)
        #expect(outcome.status == 2)
        #expect(outcome.complaint == "zcsbe: expected a readable schema \(path), got none\n")
    }

    // MARK: Includes

    private static let including = Repository.schema(
        "", #"<message name="m" id="1"><field name="f" id="1" type="t"/></message>"#,
        attributes: #"xmlns:xi="http://www.w3.org/2001/XInclude""#)
    private static let types = #"<types><type name="t" primitiveType="int32"/></types>"#

    /// A schema `inner/s.xml` that includes something.
    private func schema(including href: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: folder.path("inner"), withIntermediateDirectories: true)
        let text = Self.including.replacing(
            "</messageSchema>", with: #"<xi:include href="\#(href)"/></messageSchema>"#)
        return try folder.file("inner/s.xml", text.utf8)
    }

    /// It used to wait for ever for somebody to write.
    @Test func includesOfPipesAreRefused() async throws {
        let path = try schema(including: "pipe.xml")
        #expect(mkfifo(folder.path("inner/pipe.xml"), 0o600) == 0)
        let outcome = try await tool.run("check", path)
        #expect(outcome.status == 1 && outcome.complaint.contains("expected a regular file"))
        #expect(outcome.complaint.contains("pipe.xml, got a pipe"))
    }

    @Test(arguments: ["/dev/zero", "/dev/null", "/proc/self/environ", "../outside.xml", "link.xml", "."])
    func includesStayBelowTheSchemasFolder(_ href: String) async throws {
        _ = try folder.file("outside.xml", Self.types.utf8)
        let path = try schema(including: href)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("inner/link.xml"), withDestinationPath: "../outside.xml")
        let outcome = try await tool.run("check", path)
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(
            outcome.complaint.contains("expected a file below")
                || outcome.complaint.contains("expected a regular file"), "\(outcome.complaint)")
    }

    @Test func includeRootOpensAnotherFolder() async throws {
        _ = try folder.file("outside.xml", Self.types.utf8)
        let path = try schema(including: "../outside.xml")
        for command in ["check", "describe"] {
            let outcome = try await tool.run(command, path, "--include-root", folder.path)
            #expect(outcome.status == 0, "\(outcome.complaint)")
        }
        // In sbe.options it is relative to the file.
        let options = try folder.file("inner/sbe.options", "* include-root=..\n".utf8)
        let generated = try await tool.run("generate", path, "--output", "-", "--options", options)
        #expect(generated.status == 0 && generated.text.contains("enum M: SBEMessage"))
        let none = try await tool.run("check", path, "--include-root", folder.path("none"))
        #expect(none.status == 2 && none.complaint.contains("expected a folder as include-root, got "))
        let inner = try await tool.run("check", path, "--include-root", folder.path("inner"))
        #expect(inner.status == 1)
    }

    /// A link below the folder to a file below the folder is one of its files.
    @Test func includesFollowLinksWithinTheFolder() async throws {
        let path = try schema(including: "link.xml")
        _ = try folder.file("inner/real.xml", Self.types.utf8)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("inner/link.xml"), withDestinationPath: "real.xml")
        let outcome = try await tool.run("check", path)
        #expect(outcome.status == 0, "\(outcome.complaint)")
    }

    // MARK: describe, decode, encode

    @Test func describePrintsTables() async throws {
        let outcome = try await tool.run("describe", car)
        #expect(outcome.status == 0 && outcome.complaint.isEmpty)
        for words in [
            "Message Car, template id 1", "serialNumber", "Header messageHeader, 8 bytes", "enum Model",
        ] {
            #expect(outcome.text.contains(words), "\(words)")
        }
    }

    @Test func decodePrintsOneObjectAndEncodeIsItsInverse() async throws {
        let octets = Repository.bytes("Vectors/car/sample.bin")
        let decoded = try await tool.run("decode", car, message)
        #expect(decoded.status == 0 && decoded.complaint.isEmpty)
        let tree = try JSONParser.parse(decoded.output)
        #expect(tree["message"] == .string("Car") && tree["templateId"] == .number("1"))
        #expect(tree["consumed"] == .integer(octets.count) && tree["absent"] == .array([]))
        #expect(tree["header"]?["schemaId"] == .number("1") && tree["fields"] != nil)

        let json = try folder.file("car.json", decoded.output)
        let encoded = try await tool.run("encode", car, json, "--output", folder.path("car.bin"))
        #expect(encoded.status == 0 && encoded.output.isEmpty && encoded.complaint.isEmpty)
        #expect(folder.bytes("car.bin") == octets)
        // The same through the standard streams.
        let again = try await tool.run("encode", car, "-", "--output", "-", input: decoded.output)
        #expect(again.status == 0 && again.output == octets)
        let last = try await tool.run("decode", car, "-", input: again.output)
        #expect(last.status == 0 && last.output == decoded.output)
    }

    /// `decode | encode` of a newer message used to keep its version and counts before an older body.
    @Test func encodeDoesNotContradictItsHeader() async throws {
        let newer = Repository.path("Vectors/car/from-newer-v1.bin")
        let decoded = try await tool.run("decode", car, newer)
        #expect(decoded.status == 0)
        let encoded = try await tool.run("encode", car, "-", "--output", "-", input: decoded.output)
        #expect(encoded.status == 0)
        #expect(
            encoded.complaint.hasPrefix("zcsbe: -: a message of version 1, newer than the schema: written as")
        )
        let again = try await tool.run("decode", car, "-", input: encoded.output)
        #expect(again.status == 0)
        let (first, last) = (try JSONParser.parse(decoded.output), try JSONParser.parse(again.output))
        #expect(last["fields"] == first["fields"] && last["header"]?["version"] == .number("0"))
    }

    @Test func messagesThatAreNoneAreRefused() async throws {
        let octets = Repository.bytes("Vectors/car/sample.bin")
        let cut = try await tool.run("decode", car, "-", input: Array(octets.prefix(20)))
        #expect(cut.status == 1 && cut.output.isEmpty)
        #expect(cut.complaint == "zcsbe: -: message: expected 53 bytes, got 20\n")
        var other = octets
        other[4] = 9
        let schema = try await tool.run("decode", car, "-", input: other)
        #expect(schema.status == 1 && schema.complaint.contains("expected schema id 1, got 9"))
        for (json, words) in [
            ("{", "expected a name in quotes"), ("[]", "expected an object"),
            (#"{"message": "Bus", "fields": {}}"#, "got \"Bus\""),
            (#"{"message": "Car", "fields": {}}"#, "serialNumber: expected a value, got null"),
        ] {
            let outcome = try await tool.run(
                "encode", car, "-", "--output", folder.path("no.bin"), input: Array(json.utf8))
            #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.complaint.contains(words))
        }
        #expect(!folder.names.contains("no.bin"))
    }

    @Test func outputThatCannotBeWrittenIsExplained() async throws {
        let decoded = try await tool.run("decode", car, message)
        let json = try folder.file("car.json", decoded.output)
        for path in [folder.path("none/car.bin"), folder.path] {
            let outcome = try await tool.run("encode", car, json, "--output", path)
            #expect(outcome.status == 2 && outcome.output.isEmpty)
            #expect(outcome.complaint.hasPrefix("zcsbe: expected a writable file \(path), got: "))
        }
        // A file stands where the folder should be.
        let outcome = try await tool.run("generate", car, "--output", json)
        #expect(
            outcome.status == 2 && outcome.complaint.hasPrefix("zcsbe: expected a directory \(json), got"))
    }

    // MARK: generate

    @Test func generateMakesTheFolderAndTheFile() async throws {
        let outcome = try await tool.run("generate", car, "--output", folder.path("a/b"))
        #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.complaint.isEmpty)
        let text = String(decoding: folder.bytes("a/b/example-schema.swift"), as: UTF8.self)
        #expect(text.hasPrefix("// Generated from example-schema.xml by zcsbe."))
        #expect(text.contains("public enum Car: SBEMessage {") && !text.contains("struct Value"))
        let printed = try await tool.run("generate", car, "--output", "-")
        #expect(printed.status == 0 && printed.text == text)
    }

    /// A source that stays as it is keeps its date, so that nothing is built again.
    @Test func generateLeavesAnEqualFileAlone() async throws {
        let file = folder.path("out/example-schema.swift")
        _ = try await tool.run("generate", car, "--output", folder.path("out"))
        let past = Date(timeIntervalSince1970: 1_000_000_000)
        try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: file)
        _ = try await tool.run("generate", car, "--output", folder.path("out"))
        let kept = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
        #expect(kept == past)
        _ = try await tool.run("generate", car, "--output", folder.path("out"), "--access", "internal")
        let changed = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
        #expect(changed != past)
    }

    @Test func generateTakesOptions() async throws {
        let options = try folder.file(
            "sbe.options", "* values=yes\nexample-schema.xml namespace=Garage access=package\n".utf8)
        let outcome = try await tool.run("generate", car, "--output", "-", "--options", options)
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("package enum Garage {"))
        #expect(outcome.text.contains("package struct Value: SBEValue {"))
        // The command line has the last word.
        let other = try await tool.run(
            "generate", car, "--output", "-", "--options", options, "--namespace", "Cars")
        #expect(other.text.contains("package enum Cars {"))
        let broken = try folder.file("sbe.options", "* values\n".utf8)
        let refused = try await tool.run("generate", car, "--output", "-", "--options", broken)
        #expect(refused.status == 2)
        #expect(refused.complaint == "zcsbe: sbe.options:1: expected name=value, got values\n")
        let missing = try await tool.run("generate", car, "--output", "-", "--options", folder.path("none"))
        #expect(missing.status == 2 && missing.output.isEmpty)
    }

    @Test func generateWritesNothingOfABrokenSchema() async throws {
        let path = try schema("", #"<message name="m" id="1"><field name="f" id="1" type="nope"/></message>"#)
        let outcome = try await tool.run("generate", path, "--output", folder.path("out"))
        #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.complaint.contains("got \"nope\""))
        #expect(folder.names == ["s.xml"])
    }
}
