import ZCLibC
import ZCNet

/// A store's folder: which files are in it, and how they come and go so that a crash at any moment leaves
/// files that are whole. One thread at a time.
struct StoreFolder {
    let path: String
    let files: any StoreFiles

    /// What a file is called until its head is durable. One that a crash left is written over.
    private var unfinishedPath: String { path + "/next.tmp" }

    func path(of first: MessageSequence) -> String { path + "/" + SegmentHeader.name(first) }

    /// Makes the folder, and those above it that are missing.
    func make() throws(SystemError) { try make(path) }

    private func make(_ path: String) throws(SystemError) {
        do throws(SystemError) {
            _ = try files.makeFolder(path)
        } catch {
            guard error.errno.rawValue == ENOENT, let above = Self.above(path) else { throw error }
            try make(above)
            _ = try files.makeFolder(path)
        }
    }

    /// The first messages of the segments, in order.
    func firsts() throws(SystemError) -> [MessageSequence] {
        try files.names(in: path).compactMap { SegmentHeader.first(inName: $0) }.sorted()
    }

    /// Makes the names of the segments durable.
    func sync() throws(SystemError) { try files.syncFolder(path) }

    /// Makes the folder's own name durable, and those of the folders above it.
    ///
    /// All of them, as any may have been made by a process that a crash ended before it had synced anything.
    /// A folder that may not be read, or whose file system has nothing to sync, is none that was made here.
    func syncAbove() throws(SystemError) {
        var folder = path
        while let above = Self.above(folder) {
            do throws(SystemError) {
                try files.syncFolder(above)
            } catch {
                guard [EACCES, EPERM, EINVAL, EROFS, ENOTSUP].contains(error.errno.rawValue) else {
                    throw error
                }
            }
            folder = above
        }
    }

    /// Makes a file with these bytes, durable with its name once the folder is synced too. The name is given
    /// last, so that a file that has it has the bytes.
    func create(_ first: MessageSequence, _ bytes: RawSpan) throws(SystemError) -> any StoreFile {
        let file = try files.create(unfinishedPath)
        try file.writeAll(bytes, at: 0)
        try file.sync()
        try files.rename(unfinishedPath, to: path(of: first))
        return file
    }

    /// The folder that a path stands in; nil for the root and for where the process is.
    private static func above(_ path: String) -> String? {
        let trimmed = path.reversed().drop { $0 == "/" }
        guard !trimmed.isEmpty, path != "." else { return nil }
        let folder = trimmed.drop { $0 != "/" }
        guard !folder.isEmpty else { return "." }
        let above = String(folder.drop { $0 == "/" }.reversed())
        return above.isEmpty ? "/" : above
    }
}

/// A lock on an open file, given back with its last reference.
final class SystemLock {
    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        // Closing alone is not enough: the lock belongs to the open file, which a child that is being started
        // right now shares until it runs its own program.
        _ = flock(descriptor, LOCK_UN)
        _ = close(descriptor)
    }
}
