import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// A file that a schema includes: regular, and below a folder.
enum IncludedFile {
    /// Reads a file. It is looked at through one descriptor, so that nothing can be put in its place between
    /// looking and reading; and at first by a descriptor that only names it, because opening a device or a
    /// pipe may already do something.
    static func read(_ path: String, below root: String) -> SchemaSource.Reading {
        // O_PATH of open(2), which Glibc's module does not have.
        let named = open(path, 0o10000000 | O_CLOEXEC)
        guard named >= 0 else { return .missing }
        defer { close(named) }
        var status = stat()
        guard fstat(named, &status) == 0 else { return .missing }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return .refused("expected a regular file \(path), got \(kind(status.st_mode))")
        }
        let link = "/proc/self/fd/\(named)"
        guard let real = target(of: link), let folder = resolved(root) else {
            return .refused("expected a file \(path) whose place can be told, got none")
        }
        guard real.hasPrefix(folder == "/" ? "/" : folder + "/") else {
            return .refused("expected a file below \(folder), got \(real)")
        }
        guard let handle = FileHandle(forReadingAtPath: link) else { return .missing }
        defer { try? handle.close() }
        return SchemaSource.read(handle)
    }

    /// The path without links and dots.
    private static func resolved(_ path: String) -> String? {
        guard let pointer = realpath(path.isEmpty ? "." : path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    private static func target(of link: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: link)
    }

    private static func kind(_ mode: mode_t) -> String {
        switch mode & S_IFMT {
        case S_IFDIR: "a folder"
        case S_IFIFO: "a pipe"
        case S_IFCHR, S_IFBLK: "a device"
        case S_IFSOCK: "a socket"
        default: "something else"
        }
    }
}
