import ZCNet
package import ZCDelivery
import ZCNetTesting

/// A store that a history is played on, whole or with a part taken out on purpose, to see that histories find
/// it missing.
package struct StoreVariant: Sendable {
    package let name: String
    /// What comes between the store and the disk.
    let files: @Sendable (SimulatedDisk) -> any StoreFiles
    /// Where tags come from.
    let tag: @Sendable (inout SimulatedRandom) -> UInt64

    package init(
        _ name: String, files: @escaping @Sendable (SimulatedDisk) -> any StoreFiles = { $0 },
        tag: @escaping @Sendable (inout SimulatedRandom) -> UInt64 = { $0.next() }
    ) {
        self.name = name
        self.files = files
        self.tag = tag
    }

    /// The store as it is.
    package static let whole = StoreVariant("whole")
}

extension StoreVariant {
    /// The tag of ``withoutChance``, and of what forgers write in every history.
    static let guessedTag: UInt64 = 42

    /// Tags that can be guessed.
    package static let withoutChance = StoreVariant("tags without chance", tag: { _ in guessedTag })
    /// What was found is shown before it is durable.
    package static let withoutSyncInOpening = StoreVariant(
        "no sync in opening", files: { CarelessFiles($0, .syncInOpening) })
    /// After a failed sync the page cache is trusted.
    package static let withoutRewriting = StoreVariant(
        "no rewriting in opening", files: { CarelessFiles($0, .rewriting) })
    /// Folders are not synced.
    package static let withoutFolderSync = StoreVariant(
        "no sync of folders", files: { CarelessFiles($0, .folderSync) })
    /// The folders above a new folder are not synced.
    package static let withoutSyncAbove = StoreVariant(
        "no sync above the folder", files: { CarelessFiles($0, .syncAbove) })
    /// Files have their name before their head is durable.
    package static let withoutHeadSync = StoreVariant(
        "no sync of heads", files: { CarelessFiles($0, .headSync) })
    /// What is refused is not cut off.
    package static let withoutCutting = StoreVariant(
        "no cutting", files: { CarelessFiles($0, .cutting) })

    package static let broken = [
        withoutChance, withoutSyncInOpening, withoutRewriting, withoutFolderSync, withoutSyncAbove,
        withoutHeadSync, withoutCutting,
    ]
}

/// Files that leave something out, as a store would that forgot it.
private final class CarelessFiles: StoreFiles {
    enum Omission { case syncInOpening, rewriting, folderSync, syncAbove, headSync, cutting }

    let disk: SimulatedDisk
    let omission: Omission

    init(_ disk: SimulatedDisk, _ omission: Omission) {
        self.disk = disk
        self.omission = omission
    }

    func makeFolder(_ path: String) throws(SystemError) -> Bool { try disk.makeFolder(path) }
    func names(in folder: String) throws(SystemError) -> [String] { try disk.names(in: folder) }
    func rename(_ path: String, to newPath: String) throws(SystemError) {
        try disk.rename(path, to: newPath)
    }
    func remove(_ path: String) throws(SystemError) { try disk.remove(path) }
    func lock(_ path: String) throws(SystemError) -> AnyObject? { try disk.lock(path) }

    func open(_ path: String) throws(SystemError) -> any StoreFile {
        File(try disk.open(path), omission, isNew: false)
    }

    func create(_ path: String) throws(SystemError) -> any StoreFile {
        File(try disk.create(path), omission, isNew: true)
    }

    func syncFolder(_ path: String) throws(SystemError) {
        let isAbove = !path.hasSuffix("log")
        if omission == .folderSync && !isAbove || omission == .syncAbove && isAbove { return }
        try disk.syncFolder(path)
    }

    private final class File: StoreFile {
        let file: any StoreFile
        let omission: Omission
        /// Whether the file was made in this life, or opened: then it is being recovered until its first
        /// sync.
        let isNew: Bool
        let syncs = Locked(0)

        init(_ file: any StoreFile, _ omission: Omission, isNew: Bool) {
            (self.file, self.omission, self.isNew) = (file, omission, isNew)
        }

        private var isFirst: Bool { syncs.withLock { $0 == 0 } }
        func byteCount() throws(SystemError) -> Int { try file.byteCount() }
        func read(count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
            try file.read(count: count, at: offset)
        }
        func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) -> Int {
            if omission == .rewriting, isFirst, !isNew { return bytes.byteCount }
            return try file.write(bytes, at: offset)
        }
        func sync() throws(SystemError) {
            let isOmitted = isFirst && (isNew ? omission == .headSync : omission == .syncInOpening)
            syncs.withLock { $0 += 1 }
            if !isOmitted { try file.sync() }
        }
        func truncate(to byteCount: Int) throws(SystemError) {
            if omission != .cutting { try file.truncate(to: byteCount) }
        }
    }
}
