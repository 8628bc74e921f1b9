import Foundation

/// Where schema files come from: the file system, or in tests a dictionary.
package struct SchemaSource: Sendable {
    /// What became of reading a file.
    package enum Reading: Sendable {
        case bytes([UInt8])
        /// There is none, or it cannot be read.
        case missing
        /// It is none that a schema may include: what was expected, and what it is.
        case refused(String)
    }

    /// Reads the schema's own file.
    package let schema: @Sendable (_ path: String) -> Reading
    /// Reads a file that a schema includes.
    package let included: @Sendable (_ path: String) -> Reading

    /// A source of one's own, nil for what cannot be read.
    package init(read: @escaping @Sendable (_ path: String) -> [UInt8]?) {
        let reading: @Sendable (String) -> Reading = { path in read(path).map { .bytes($0) } ?? .missing }
        schema = reading
        included = reading
    }

    private init(
        schema: @escaping @Sendable (String) -> Reading, included: @escaping @Sendable (String) -> Reading
    ) {
        self.schema = schema
        self.included = included
    }

    /// The file system. The schema is read from wherever its user names it, a pipe too. What it includes is
    /// read from regular files below `root` alone, symbolic links resolved: a schema comes from strangers,
    /// and must not show their messages' readers what else is on the machine, nor wait for ever at a pipe.
    ///
    /// Files larger than 64 MiB are not read.
    package static func files(root: String) -> SchemaSource {
        SchemaSource(schema: { readAny($0) }, included: { IncludedFile.read($0, below: root) })
    }

    private static func readAny(_ path: String) -> Reading {
        // A handle and no size before: pipes are files too.
        guard let handle = FileHandle(forReadingAtPath: path) else { return .missing }
        defer { try? handle.close() }
        return read(handle)
    }

    /// Reads a file to its end.
    static func read(_ handle: FileHandle) -> Reading {
        var bytes: [UInt8] = []
        do {
            while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
                bytes += piece
                if bytes.count > XMLSource.bytesMax {
                    return .refused("expected at most \(XMLSource.bytesMax) bytes, got more")
                }
            }
        } catch {
            return .missing
        }
        return .bytes(bytes)
    }

    /// Finds what `reference` means inside `file`: relative to its folder, unless it begins with a slash.
    static func resolve(_ reference: String, in file: String) -> String {
        var path = reference
        if path.hasPrefix("file://") { path = String(path.dropFirst("file://".count)) }
        path = path.removingPercentEncoding ?? path
        if path.hasPrefix("/") { return path }
        guard let slash = file.lastIndex(of: "/") else { return path }
        return String(file[...slash]) + path
    }
}
