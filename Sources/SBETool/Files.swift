import Foundation
import SBECompiler

/// Files of the command line; `-` is a standard stream.
enum Files {
    static func read(_ path: String) throws -> [UInt8] {
        if path == "-" { return try read(FileHandle.standardInput, path) }
        // A handle, because pipes are files too.
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure.usage("expected a readable file \(path), got none")
        }
        return try read(handle, path)
    }

    /// Messages and their JSON, at most: JSON takes ten times the room in memory.
    static let bytesMax = 256 << 20

    private static func read(_ handle: FileHandle, _ path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
                bytes += piece
                if bytes.count > bytesMax {
                    throw CommandFailure.refused("\(path): expected at most \(bytesMax) bytes, got more")
                }
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure.usage("expected a readable file \(path), got none")
        }
        return bytes
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        if path == "-" { return Terminal.write(bytes) }
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure.usage("expected a writable file \(path), got: \(error.localizedDescription)")
        }
    }

    /// Reads the schema that a command names first, with what it includes.
    static func schema(_ arguments: Arguments, warnings: Bool = false) throws -> SchemaLayout {
        try schema(arguments.plain[0], root: arguments.value(of: "--include-root"), warnings: warnings)
    }

    /// Reads a schema. Its warnings and errors are reported; with errors the command ends. What it includes
    /// must lie below `root`, or else below its own folder.
    static func schema(_ path: String, root: String?, warnings: Bool) throws -> SchemaLayout {
        var isFolder = ObjCBool(false)
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
            FileManager.default.isReadableFile(atPath: path)
        else {
            throw CommandFailure.usage("expected a readable schema \(path), got none")
        }
        if let root {
            guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder), isFolder.boolValue
            else { throw CommandFailure.usage("expected a folder as include-root, got \(root)") }
        }
        let source = root.map { SchemaSource.files(root: $0) }
        let result = SchemaCompiler(source: source).compile(path)
        for problem in result.problems where warnings || problem.severity == .error {
            Terminal.report(problem.description)
        }
        guard let layout = result.layout else { throw CommandFailure.refused() }
        return layout
    }
}

/// The standard streams: results on one, complaints on the other.
enum Terminal {
    /// Writes a result, as it is.
    static func say(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    /// Writes octets of a result.
    static func write(_ bytes: [UInt8]) { FileHandle.standardOutput.write(Data(bytes)) }

    /// Writes a line that says what is wrong.
    static func complain(_ message: String) {
        FileHandle.standardError.write(Data("zcsbe: \(message)\n".utf8))
    }

    /// Writes a line for editors and build systems, without the name of the tool before it.
    static func report(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
}
