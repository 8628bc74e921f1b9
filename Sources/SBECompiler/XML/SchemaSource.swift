import Foundation

/// Where schema files come from: the file system, or in tests a dictionary.
package struct SchemaSource: Sendable {
    /// Reads a file whole, nil when it cannot be read.
    package let read: @Sendable (_ path: String) -> [UInt8]?

    /// A source of one's own.
    package init(read: @escaping @Sendable (_ path: String) -> [UInt8]?) { self.read = read }

    /// The file system. Files larger than 64 MiB are not read.
    package static let files = SchemaSource { path in
        guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int,
            size <= XMLSource.bytesMax
        else { return nil }
        return FileManager.default.contents(atPath: path).map { [UInt8]($0) }
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
