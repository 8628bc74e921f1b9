import Foundation
import PackagePlugin

/// Compiles the `*.sbe.xml` of a package's targets to sources that are checked in: `swift package
/// sbe-generate`.
///
/// Each target's Swift goes into its folder `Generated`. Such a target does not use the build-tool plugin.
@main
struct SBEGenerate: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) throws {
        var extractor = ArgumentExtractor(arguments)
        let names = extractor.extractOption(named: "target")
        let targets = names.isEmpty ? context.package.targets : try context.package.targets(named: names)
        let tool = try context.tool(named: "zcsbe").url
        for case let module as SourceModuleTarget in targets {
            let schemas = module.sourceFiles.map(\.url).filter { $0.lastPathComponent.hasSuffix(".sbe.xml") }
            let output = module.directoryURL.appending(path: "Generated")
            for schema in schemas {
                let options = schema.deletingLastPathComponent().appending(path: "sbe.options")
                var call = ["generate", schema.path, "--output", output.path] + extractor.remainingArguments
                if FileManager.default.fileExists(atPath: options.path) {
                    call += ["--options", options.path]
                }
                let process = try Process.run(tool, arguments: call)
                process.waitUntilExit()
                guard process.terminationStatus == 0 else {
                    Diagnostics.error("expected \(schema.lastPathComponent) to compile; see above")
                    return
                }
                print("\(module.name): \(schema.lastPathComponent)")
            }
        }
    }
}
