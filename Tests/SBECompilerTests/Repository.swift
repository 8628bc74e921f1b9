import Foundation

@testable import SBECompiler

/// The files that stand beside the tests.
enum Repository {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    static func bytes(_ name: String) -> [UInt8] {
        FileManager.default.contents(atPath: path(name)).map { [UInt8]($0) } ?? []
    }

    /// Paths below a folder that end like this, in order.
    static func files(below name: String, ending: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: path(name))?.compactMap { $0 as? String } ?? []
        return all.filter { $0.hasSuffix(ending) }.sorted().map { "\(name)/\($0)" }
    }

    /// The layout of a schema that must be good.
    static func layout(_ name: String) throws -> SchemaLayout {
        let result = SchemaCompiler().compile(path(name))
        guard let layout = result.layout else { throw Refused(problems: result.problems) }
        return layout
    }

    /// The layout of a schema given as text, with the files that it includes.
    static func layout(text: String, files: [String: String] = [:]) throws -> SchemaLayout {
        let result = compile(text, files: files)
        guard let layout = result.layout else { throw Refused(problems: result.problems) }
        return layout
    }

    static func compile(_ text: String, files: [String: String] = [:]) -> SchemaCompiler.Result {
        let all = files.merging(["dir/schema.xml": text]) { $1 }
        let source = SchemaSource { path in all[path].map { Array($0.utf8) } }
        return SchemaCompiler(source: source).compile("dir/schema.xml")
    }

    /// A schema around types and messages, with the usual header and dimensions.
    static func schema(_ types: String, _ messages: String, version: Int = 0, attributes: String = "")
        -> String
    {
        """
        <messageSchema id="5" version="\(version)" \(attributes)>
        <types><composite name="messageHeader"><type name="blockLength" primitiveType="uint16"/>\
        <type name="templateId" primitiveType="uint16"/><type name="schemaId" primitiveType="uint16"/>\
        <type name="version" primitiveType="uint16"/></composite>\
        <composite name="groupSizeEncoding"><type name="blockLength" primitiveType="uint16"/>\
        <type name="numInGroup" primitiveType="uint16"/></composite>\
        <composite name="blob"><type name="length" primitiveType="uint8"/>\
        <type name="varData" primitiveType="uint8" length="0"/></composite></types>
        <types>
        \(types)
        </types>
        \(messages)
        </messageSchema>
        """
    }

    /// A schema that was to be good and was not.
    struct Refused: Error { let problems: [SchemaProblem] }
}
