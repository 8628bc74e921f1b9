import Foundation
import PackagePlugin

/// Compiles the `*.sbe.xml` of a package's targets to sources that are checked in:
/// `swift package --allow-writing-to-package-directory sbe-generate [--target NAME]…`. What else is said goes
/// to `zcsbe generate`, such as `--values yes`.
///
/// Each target's Swift goes into its folder `Generated`. Such a target does not use the build-tool plugin,
/// and excludes its schemas; so they are looked for in its folder.
@main
struct SBEGenerate: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) throws {
        var extractor = ArgumentExtractor(arguments)
        let names = extractor.extractOption(named: "target")
        let targets = names.isEmpty ? context.package.targets : try context.package.targets(named: names)
        let tool = try context.tool(named: "zcsbe").url
        var count = 0
        for case let module as SourceModuleTarget in targets {
            let output = module.directoryURL.appending(path: "Generated")
            for schema in schemas(below: module.directoryURL) {
                let options = schema.deletingLastPathComponent().appending(path: "sbe.options")
                var call = ["generate", schema.path, "--output", output.path] + extractor.remainingArguments
                if FileManager.default.fileExists(atPath: options.path), !call.contains("--options") {
                    call += ["--options", options.path]
                }
                let process = try Process.run(tool, arguments: call)
                process.waitUntilExit()
                guard process.terminationStatus == 0 else {
                    Diagnostics.error("expected \(schema.lastPathComponent) to compile; see above")
                    return
                }
                print("\(module.name): \(schema.lastPathComponent)")
                count += 1
            }
        }
        if count == 0 {
            let places = targets.map(\.name).joined(separator: ", ")
            Diagnostics.error("expected schemas *.sbe.xml in the targets \(places), got none")
        }
    }

    /// The schemas of a target, in order.
    private func schemas(below folder: URL) -> [URL] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let schemas = (files?.allObjects ?? []).compactMap { $0 as? URL }
            .filter { $0.lastPathComponent.hasSuffix(".sbe.xml") }
        return schemas.sorted { $0.path < $1.path }
    }
}
