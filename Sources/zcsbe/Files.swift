import Foundation
import SBECompiler

/// Files of the command line; `-` is a standard stream.
enum Files {
    static func read(_ path: String) throws -> [UInt8] {
        if path == "-" { return [UInt8](FileHandle.standardInput.readDataToEndOfFile()) }
        // A handle, because pipes are files too.
        guard let handle = FileHandle(forReadingAtPath: path), let bytes = try? handle.readToEnd() ?? Data()
        else { throw CommandFailure.usage("expected a readable file \(path), got none") }
        return [UInt8](bytes)
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        if path == "-" { return Terminal.write(bytes) }
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure.usage("expected a writable file \(path), got: \(error.localizedDescription)")
        }
    }

    /// Reads a schema. Its warnings and errors are reported; with errors the command ends.
    static func schema(_ path: String, warnings: Bool = false) throws -> SchemaLayout {
        var isFolder = ObjCBool(false)
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
            FileManager.default.isReadableFile(atPath: path)
        else {
            throw CommandFailure.usage("expected a readable schema \(path), got none")
        }
        let result = SchemaCompiler().compile(path)
        for problem in result.problems where warnings || problem.severity == .error {
            Terminal.report(problem.description)
        }
        guard let layout = result.layout else { throw CommandFailure.refused() }
        return layout
    }
}
