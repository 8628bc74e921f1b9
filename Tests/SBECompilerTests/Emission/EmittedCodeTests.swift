import Foundation
import Testing

@testable import SBECompiler

/// Emitted code, compiled as a user's module is, with warnings as errors.
struct EmittedCodeTests {
    /// One that deprecates everything, one of everything, and one of nothing.
    static let schemas = ["../SBEVectors/Schemas/deprecated.sbe.xml", "Fixtures/everything.sbe.xml", ""]

    /// It used to warn of the deprecated values of enumerations that it names itself. Access is the same
    /// matter for all schemas.
    @Test(
        arguments: [
            (schemas[0], .public), (schemas[1], .public), (schemas[1], .internal), (schemas[1], .package),
            (schemas[2], .public),
        ] as [(String, SwiftOptions.Access)])
    func noGeneratedFileWarns(_ schema: String, _ access: SwiftOptions.Access) async throws {
        let layout =
            schema.isEmpty
            ? try Repository.layout(text: Repository.schema("", "")) : try Repository.layout(schema)
        var files: [String: String] = [:]
        for (name, hasValues, namespace) in [
            ("a", false, nil), ("b", true, "Space"), ("c", false, "Deprecated"),
        ] as [(String, Bool, String?)] {
            let options = SwiftOptions(access: access, namespace: namespace, hasValues: hasValues)
            files[name] = SwiftEmitter(layout, from: "\(name).sbe.xml", options: options).text()
        }
        try await expectNoWarning(files)
        // Twins without a namespace, in a module of their own.
        let options = SwiftOptions(access: access, hasValues: true)
        try await expectNoWarning(["d": SwiftEmitter(layout, from: "d.sbe.xml", options: options).text()])
    }

    /// Names that Swift, the runtime or other members have already, in every place where a name stands.
    @Test func everyNameCanBeHad() async throws {
        let layout = try Repository.layout("Fixtures/names.sbe.xml")
        let options = SwiftOptions(access: .internal, hasValues: true)
        let text = SwiftEmitter(layout, from: "names.sbe.xml", options: options).text()
        try await expectNoWarning(["names": text])
    }

    /// What is deprecated is marked, so that its users are warned.
    @Test func whatIsDeprecatedWarnsItsUsers() async throws {
        let layout = try Repository.layout(Self.schemas[0])
        let user = """
            func use(_ view: borrowing SBEView<Current>, _ side: Side) {
                _ = view.oldNumber
                _ = view.oldSide
                _ = view.oldPrice.mantissa
                _ = view.oldName
                var group = view.oldGroup
                _ = group.next()
                _ = view.oldData
                _ = Flags.high
                _ = side == .old
                _ = Old.templateID
                _ = view.number
                _ = view.flags
                _ = view.newGroup.count
            }
            """
        let options = SwiftOptions(access: .public)
        let text = SwiftEmitter(layout, from: "a.sbe.xml", options: options).text()
        let outcome = try await compile(["a": text + user], flags: [])
        let warned = Set(
            outcome.split(separator: "\n").compactMap { line -> Substring? in
                guard let range = line.range(of: ": warning: '") else { return nil }
                return line[range.upperBound...].prefix { $0 != "'" }
            })
        let expected: Set<Substring> = [
            "oldNumber", "oldSide", "oldPrice", "oldName", "oldGroup", "oldData", "high", "old", "Old",
        ]
        #expect(warned.isSuperset(of: expected), "\(outcome)")
        #expect(warned.isDisjoint(with: ["number", "flags", "newGroup"]), "\(outcome)")
    }

    private func expectNoWarning(_ files: [String: String]) async throws {
        let outcome = try await compile(files, flags: ["-warnings-as-errors", "-strict-memory-safety"])
        #expect(outcome.isEmpty, "\(outcome)")
    }

    /// What the compiler says of a module of these files; nothing where it is content.
    private func compile(_ files: [String: String], flags: [String]) async throws -> String {
        let folder = try TemporaryFolder()
        let products = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        ).deletingLastPathComponent().path
        var arguments = [
            "-c", "-parse-as-library", "-wmo", "-swift-version", "6", "-module-name", "Emitted",
            "-package-name", "p",
            "-I", products + "/Modules", "-o", folder.path("emitted.o"),
        ]
        arguments += flags
        for (name, text) in files.sorted(by: { $0.key < $1.key }) {
            arguments.append(try folder.file(name + ".swift", text.utf8))
        }
        return try await ToolProcess.output(of: "swiftc", arguments, in: folder)
    }
}
