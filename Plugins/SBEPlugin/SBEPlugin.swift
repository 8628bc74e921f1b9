import Foundation
import PackagePlugin

/// Compiles each `*.sbe.xml` of a target to Swift that becomes a part of it.
///
/// A file `sbe.options` beside the schemas says what `zcsbe generate` is told; all `*.xml` of the target
/// count as includes, so that changing one compiles anew.
@main
struct SBEPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
        guard let module = target as? SourceModuleTarget else { return [] }
        let files = module.sourceFiles.map(\.url)
        let schemas = files.filter { $0.lastPathComponent.hasSuffix(".sbe.xml") }
        let tool = try context.tool(named: "zcsbe").url
        let others = files.filter {
            $0.pathExtension == "xml" && !$0.lastPathComponent.hasSuffix(".sbe.xml")
                || $0.lastPathComponent == "sbe.options"
        }
        return schemas.map { schema in
            let folder = schema.deletingLastPathComponent()
            let name = schema.lastPathComponent
            let output = context.pluginWorkDirectoryURL
            var arguments = ["generate", schema.path, "--output", output.path]
            let options = folder.appending(path: "sbe.options")
            if others.contains(options) { arguments += ["--options", options.path] }
            return .buildCommand(
                displayName: "Compiling schema \(name)", executable: tool, arguments: arguments,
                inputFiles: [schema] + others,
                outputFiles: [output.appending(path: name.dropLast(4) + ".swift")])
        }
    }
}
