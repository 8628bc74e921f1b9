import Foundation

/// Where schema files come from: the file system, or in tests a dictionary.
package struct SchemaSource: Sendable {
    /// Reads a file whole, nil when it cannot be read.
    package let read: @Sendable (_ path: String) -> [UInt8]?

    /// A source of one's own.
    package init(read: @escaping @Sendable (_ path: String) -> [UInt8]?) { self.read = read }

    /// The file system. Files larger than 64 MiB are not read.
    package static let files = SchemaSource { path in
        // A handle and no size before: pipes are files too.
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        var bytes: [UInt8] = []
        while let piece = try? handle.read(upToCount: 1 << 20), !piece.isEmpty {
            bytes += piece
            if bytes.count > XMLSource.bytesMax { return nil }
        }
        return bytes
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
