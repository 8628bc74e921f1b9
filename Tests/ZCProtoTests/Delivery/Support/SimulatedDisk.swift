import Glibc
import ZCNet

@testable import ZCProto

/// A disk in memory that can fall short, fill up, fail, and lose power: what was not synced is then there in
/// part, in sectors, or not at all.
final class SimulatedDisk: StoreFiles {
    enum Change {
        case write(Int, [UInt8])
        case truncate(Int)
    }

    struct Content {
        var durable: [UInt8] = []
        var current: [UInt8] = []
        /// What was done since the last sync.
        var changes: [Change] = []
    }

    struct State {
        var random: SimulatedRandom
        var names: [String: Int] = [:]
        var durableNames: [String: Int] = [:]
        var contents: [Content] = []
        var locked: Set<String> = []
        var operations = 0
        var syncs = 0
        var writes = 0

        /// Power goes with this operation and never comes back.
        var powerOffAt = Int.max
        /// Bytes that fit on the disk.
        var capacity = Int.max
        var writesFallShort = false
        var nextSyncFails = false

        mutating func operate(_ name: String, _ path: String) throws(SystemError) {
            operations += 1
            if operations >= powerOffAt { throw SystemError(name, on: path, errno: Errno(rawValue: EIO)) }
        }
    }

    let state: Locked<State>
    /// Called before each sync; may block.
    let beforeSync: (@Sendable () -> Void)?

    init(seed: UInt64 = 1, beforeSync: (@Sendable () -> Void)? = nil) {
        state = Locked(State(random: SimulatedRandom(seed: seed)))
        self.beforeSync = beforeSync
    }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
    var syncs: Int { state.withLock { $0.syncs } }
    var operations: Int { state.withLock { $0.operations } }
    var paths: [String] { state.withLock { $0.names.keys.sorted() } }

    func bytes(of path: String) -> [UInt8] {
        state.withLock { state in state.names[path].map { state.contents[$0].current } ?? [] }
    }

    /// A new disk with one file changed.
    func changing(_ path: String, _ body: (inout [UInt8]) -> Void) -> SimulatedDisk {
        let copy = copy(keeping: { $0.current })
        copy.change { state in
            guard let place = state.names[path] else { return }
            body(&state.contents[place].current)
            state.contents[place].durable = state.contents[place].current
        }
        return copy
    }

    /// A new disk as it is found after the power was lost.
    func crashed(seed: UInt64) -> SimulatedDisk {
        var random = SimulatedRandom(seed: seed)
        let mode = random.next() % 4
        func survives() -> Bool {
            switch mode {
            case 0: false
            case 1: true
            default: random.next() % 2 == 0
            }
        }
        let copy = copy { content in
            var bytes = content.durable
            for change in content.changes {
                switch change {
                case .truncate(let count):
                    if survives() && count < bytes.count { bytes.removeLast(bytes.count - count) }
                case .write(let offset, let written):
                    var start = 0
                    while start < written.count {
                        let end = min(written.count, ((offset + start) / 512 + 1) * 512 - offset)
                        if survives() {
                            let filler: UInt8 = random.next() % 2 == 0 ? 0 : 0xDB
                            while bytes.count < offset + end { bytes.append(filler) }
                            bytes.replaceSubrange(offset + start..<offset + end, with: written[start..<end])
                        }
                        start = end
                    }
                }
            }
            return bytes
        }
        copy.change { after in
            let before = state.withLock { ($0.names, $0.durableNames) }
            after.names = [:]
            for (name, place) in before.0.sorted(by: { $0.key < $1.key })
            where before.1[name] == place || survives() { after.names[name] = place }
            for (name, place) in before.1.sorted(by: { $0.key < $1.key })
            where before.0[name] == nil && survives() { after.names[name] = place }
            after.durableNames = after.names
        }
        return copy
    }

    private func copy(keeping: (Content) -> [UInt8]) -> SimulatedDisk {
        let copy = SimulatedDisk(seed: 7)
        let (names, contents) = state.withLock { ($0.names, $0.contents) }
        copy.change { state in
            state.names = names
            state.durableNames = names
            state.contents = contents.map { content in
                let bytes = keeping(content)
                return Content(durable: bytes, current: bytes)
            }
        }
        return copy
    }

    private func attempt<Value>(
        _ name: String, _ path: String, _ body: (inout State) throws(SystemError) -> Value
    ) throws(SystemError) -> Value {
        let result = state.withLock { state -> Result<Value, SystemError> in
            do throws(SystemError) {
                try state.operate(name, path)
                return .success(try body(&state))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    // MARK: StoreFiles

    func makeFolder(_ path: String) throws(SystemError) {}

    func names(in folder: String) throws(SystemError) -> [String] {
        try attempt("opendir", folder) { (state) throws(SystemError) in
            state.names.keys.map { String($0.dropFirst(folder.count + 1)) }
        }
    }

    func open(_ path: String) throws(SystemError) -> any StoreFile {
        let place = try attempt("open", path) { (state) throws(SystemError) -> Int in
            if let place = state.names[path] { return place }
            state.contents.append(Content())
            state.names[path] = state.contents.count - 1
            return state.contents.count - 1
        }
        return File(disk: self, place: place, path: path)
    }

    func remove(_ path: String) throws(SystemError) {
        try attempt("unlink", path) { (state) throws(SystemError) in state.names[path] = nil }
    }

    func syncFolder(_ path: String) throws(SystemError) {
        try attempt("fsync", path) { (state) throws(SystemError) in state.durableNames = state.names }
    }

    func lock(_ path: String) throws(SystemError) -> AnyObject? {
        let isMine = state.withLock { $0.locked.insert(path).inserted }
        return isMine ? Lock(disk: self, path: path) : nil
    }

    private final class Lock {
        let disk: SimulatedDisk
        let path: String
        init(disk: SimulatedDisk, path: String) {
            self.disk = disk
            self.path = path
        }
        deinit {
            let path = path
            disk.change { $0.locked.remove(path) }
        }
    }

    private final class File: StoreFile {
        let disk: SimulatedDisk
        let place: Int
        let path: String

        init(disk: SimulatedDisk, place: Int, path: String) {
            self.disk = disk
            self.place = place
            self.path = path
        }

        func byteCount() throws(SystemError) -> Int {
            try disk.attempt("fstat", path) { (state) throws(SystemError) in
                state.contents[place].current.count
            }
        }

        func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) -> Int {
            var all: [UInt8] = []
            for index in 0..<bytes.byteCount {
                all.append(bytes.unsignedInteger(at: index, as: UInt8.self))
            }
            let given = all
            return try disk.attempt("pwrite", path) { (state) throws(SystemError) in
                state.writes += 1
                var count = given.count
                if state.writesFallShort { count = Int(state.random.next() % UInt64(count)) + 1 }
                let used = state.contents.reduce(0) { $0 + $1.current.count }
                let growth = offset + count - state.contents[place].current.count
                if growth > 0, growth > state.capacity - used { count -= growth - (state.capacity - used) }
                guard count > 0 else { throw SystemError("pwrite", on: path, errno: Errno(rawValue: ENOSPC)) }
                let written = Array(given.prefix(count))
                state.contents[place].changes.append(.write(offset, written))
                while state.contents[place].current.count < offset + count {
                    state.contents[place].current.append(0)
                }
                state.contents[place].current.replaceSubrange(offset..<offset + count, with: written)
                return count
            }
        }

        func read(count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
            try disk.attempt("pread", path) { (state) throws(SystemError) in
                Array(state.contents[place].current.dropFirst(offset).prefix(count))
            }
        }

        func sync() throws(SystemError) {
            disk.beforeSync?()
            try disk.attempt("fdatasync", path) { (state) throws(SystemError) in
                state.syncs += 1
                if state.nextSyncFails {
                    state.nextSyncFails = false
                    throw SystemError("fdatasync", on: path, errno: Errno(rawValue: EIO))
                }
                state.contents[place].durable = state.contents[place].current
                state.contents[place].changes = []
            }
        }

        func truncate(to byteCount: Int) throws(SystemError) {
            try disk.attempt("ftruncate", path) { (state) throws(SystemError) in
                let excess = state.contents[place].current.count - byteCount
                if excess > 0 { state.contents[place].current.removeLast(excess) }
                state.contents[place].changes.append(.truncate(byteCount))
            }
        }
    }
}
