import Glibc
import ZCNet
internal import ZCDelivery
import ZCNetTesting

/// A disk in memory, and a kernel's page cache before it, with everything that may go wrong: writes that fall
/// short, fill the disk up or fail; syncs that fail or lie; processes that end and power that fails in the
/// middle of any operation; bytes that decay. All chance comes from a seed.
///
/// Names are as real as bytes: a file or folder that was made, renamed or removed is so on the platter once
/// its folder was synced, and may be so before. Unlike pages, names are not forgotten when a sync fails: the
/// file systems of Linux that have a journal keep them for the next sync, or refuse everything from then on.
package final class SimulatedDisk: StoreFiles {
    /// The names in a folder: a file's place among the contents, or nil for a folder.
    struct Folder {
        var durable: [String: Int?] = [:]
        var current: [String: Int?] = [:]
        /// What was done since the last sync: names with what they stand for from then on.
        var pending: [[(name: String, node: Int??)]] = []

        mutating func change(_ changes: [(name: String, node: Int??)]) {
            for (name, node) in changes { current[name] = node }
            pending.append(changes)
        }
    }

    package struct State {
        package var random: SimulatedRandom
        var folders: [String: Folder] = [".": Folder()]
        package var contents: [SimulatedContent] = []
        var locked: Set<String> = []
        /// How often the disk was asked for something.
        package var operations = 0
        package var syncs = 0

        /// With this operation the process ends, or the power fails; it may or may not be carried out.
        package var diesAt = Int.max
        package var isDead = false
        /// These operations fail.
        package var fails: Range<Int> = .max ..< .max
        package var errno = EIO
        /// Operations that did.
        package var failures = 0
        /// Bytes that fit on the disk.
        package var capacity = Int.max
        package var writesFallShort = false
        package var nextSyncFails = false
        /// Whether syncs claim to have done what they did not.
        package var lies = false

        /// Bytes in all files.
        package var used: Int { contents.reduce(0) { $0 + $1.current.count } }
    }

    package let state: Locked<State>
    /// Called before each sync; may block.
    let beforeSync: (@Sendable () -> Void)?

    package init(seed: UInt64 = 1, beforeSync: (@Sendable () -> Void)? = nil) {
        state = Locked(State(random: SimulatedRandom(seed: seed)))
        self.beforeSync = beforeSync
    }

    package func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
    package var syncs: Int { state.withLock { $0.syncs } }
    package var operations: Int { state.withLock { $0.operations } }

    /// The files that are there, whole paths in order.
    package var paths: [String] {
        state.withLock { state in
            state.folders.flatMap { path, folder in
                folder.current.compactMap { $0.value == nil ? nil : Self.path($0.key, in: path) }
            }.sorted()
        }
    }

    /// The bytes of a file as a program reads them.
    package func bytes(of path: String) -> [UInt8] {
        state.withLock { state in state.place(of: path).map { state.contents[$0].current } ?? [] }
    }

    /// Changes a file behind everybody's back.
    package func decay(_ path: String, _ body: (inout [UInt8]) -> Void) {
        change { state in
            if let place = state.place(of: path) { state.contents[place].decay(body) }
        }
    }

    /// A new disk with one file changed; everything on it is durable.
    package func changing(_ path: String, _ body: (inout [UInt8]) -> Void) -> SimulatedDisk {
        let copy = copy()
        copy.change { state in
            for place in state.contents.indices {
                state.contents[place] = SimulatedContent(state.contents[place].current)
            }
            for name in state.folders.keys { state.folders[name]?.settle() }
        }
        copy.decay(path, body)
        return copy
    }

    /// A new disk as it is found after the power was lost.
    package func crashed(seed: UInt64) -> SimulatedDisk {
        let copy = copy()
        copy.change { $0.random = SimulatedRandom(seed: seed) }
        copy.losePower()
        return copy
    }

    private func copy() -> SimulatedDisk {
        let copy = SimulatedDisk(seed: 7)
        let (folders, contents) = state.withLock { ($0.folders, $0.contents) }
        copy.change { ($0.folders, $0.contents) = (folders, contents) }
        return copy
    }

    static func path(_ name: String, in folder: String) -> String {
        folder == "." ? name : folder + "/" + name
    }

    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }
}

extension SimulatedDisk {
    // MARK: What may happen to it

    /// The process that used the disk is gone, and another one may come. What was in the cache is there, but
    /// for what the cache takes for written and drops.
    package func restart() {
        change { state in
            for place in state.contents.indices where state.contents[place].isForgetful {
                if state.random.next() % 3 == 0 {
                    state.contents[place].forget()
                } else {
                    var random = state.random
                    state.contents[place].evict(&random)
                    state.random = random
                }
            }
            state.revive()
        }
    }

    /// The power fails and comes back: what was not synced is there in part, in sectors and names, or not at
    /// all.
    package func losePower() {
        change { state in
            var random = state.random
            for place in state.contents.indices { state.contents[place].losePower(&random) }
            for path in state.folders.keys.sorted() { state.folders[path]?.losePower(&random) }
            state.random = random
            state.dropLostFolders()
            state.lies = false
            state.revive()
        }
    }
}

extension SimulatedDisk.State {
    fileprivate mutating func revive() {
        locked = []
        isDead = false
        diesAt = .max
        fails = .max ..< .max
    }

    /// The contents' place of the file with a path.
    func place(of path: String) -> Int? {
        let (folder, name) = SimulatedDisk.split(path)
        return (folders[folder]?.current[name] ?? nil) ?? nil
    }

    /// Folders whose names were lost are gone with all that is in them.
    fileprivate mutating func dropLostFolders() {
        for path in folders.keys.sorted() where path != "." {
            let (folder, name) = SimulatedDisk.split(path)
            if folders[folder]?.current[name] == nil { folders[path] = nil }
        }
    }
}

extension SimulatedDisk.Folder {
    /// Makes the names durable.
    mutating func settle() {
        durable = current
        pending = []
    }

    fileprivate mutating func losePower(_ random: inout SimulatedRandom) {
        // In the order of a journal, up to a point; or each by itself.
        let isOrdered = random.next() % 2 == 0
        let count = Int(random.next() % UInt64(pending.count + 1))
        for (index, changes) in pending.enumerated()
        where isOrdered ? index < count : random.next() % 2 == 0 {
            for (name, node) in changes { durable[name] = node }
        }
        current = durable
        pending = []
    }
}
