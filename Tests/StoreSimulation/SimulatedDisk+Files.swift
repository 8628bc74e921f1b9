import Glibc
import ZCNet
package import ZCDelivery

extension SimulatedDisk {
    /// Carries an operation out, unless it is one that fails, or the last one.
    fileprivate func attempt<Value>(
        _ name: String, _ path: String, failing: ((inout State) -> Void)? = nil,
        _ body: (inout State) throws(SystemError) -> Value
    ) throws(SystemError) -> Value {
        let result = state.withLock { state -> Result<Value, SystemError> in
            do throws(SystemError) {
                if state.isDead { throw SystemError(name, on: path, errno: Errno(rawValue: EIO)) }
                state.operations += 1
                if state.operations >= state.diesAt {
                    state.isDead = true
                    if state.random.next() % 2 == 0 { _ = try body(&state) }
                    throw SystemError(name, on: path, errno: Errno(rawValue: EIO))
                }
                if state.fails.contains(state.operations) {
                    state.failures += 1
                    failing?(&state)
                    throw SystemError(name, on: path, errno: Errno(rawValue: state.errno))
                }
                return .success(try body(&state))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static func missing(_ operation: String, _ path: String) -> SystemError {
        SystemError(operation, on: path, errno: Errno(rawValue: ENOENT))
    }

    package func makeFolder(_ path: String) throws(SystemError) -> Bool {
        try attempt("mkdir", path) { (state) throws(SystemError) in
            let (folder, name) = Self.split(path)
            guard state.folders[folder] != nil else { throw Self.missing("mkdir", path) }
            if state.folders[path] != nil { return false }
            state.folders[path] = Folder()
            state.folders[folder]?.change([(name, .some(nil))])
            return true
        }
    }

    package func names(in folder: String) throws(SystemError) -> [String] {
        try attempt("opendir", folder) { (state) throws(SystemError) in
            guard let names = state.folders[folder]?.current.keys else {
                throw Self.missing("opendir", folder)
            }
            return Array(names)
        }
    }

    package func open(_ path: String) throws(SystemError) -> any StoreFile {
        let place = try attempt("open", path) { (state) throws(SystemError) -> Int in
            guard let place = state.place(of: path) else { throw Self.missing("open", path) }
            return place
        }
        return File(disk: self, place: place, path: path)
    }

    package func create(_ path: String) throws(SystemError) -> any StoreFile {
        let place = try attempt("open", path) { (state) throws(SystemError) -> Int in
            if let place = state.place(of: path) {
                state.contents[place].setLength(0)
                return place
            }
            let (folder, name) = Self.split(path)
            guard state.folders[folder] != nil else { throw Self.missing("open", path) }
            state.contents.append(SimulatedContent())
            state.folders[folder]?.change([(name, state.contents.count - 1)])
            return state.contents.count - 1
        }
        return File(disk: self, place: place, path: path)
    }

    package func rename(_ path: String, to newPath: String) throws(SystemError) {
        try attempt("rename", path) { (state) throws(SystemError) in
            let ((folder, name), newName) = (Self.split(path), Self.split(newPath).name)
            guard let place = state.place(of: path) else { throw Self.missing("rename", path) }
            state.folders[folder]?.change([(name, nil), (newName, place)])
        }
    }

    package func remove(_ path: String) throws(SystemError) {
        try attempt("unlink", path) { (state) throws(SystemError) in
            let (folder, name) = Self.split(path)
            guard state.place(of: path) != nil else { throw Self.missing("unlink", path) }
            state.folders[folder]?.change([(name, nil)])
        }
    }

    package func syncFolder(_ path: String) throws(SystemError) {
        try attempt("fsync", path) { (state) throws(SystemError) in
            guard state.folders[path] != nil else { throw Self.missing("fsync", path) }
            if !state.lies { state.folders[path]?.settle() }
        }
    }

    package func lock(_ path: String) throws(SystemError) -> AnyObject? {
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
            let given = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
            return try disk.attempt("pwrite", path) { (state) throws(SystemError) in
                var count = given.count
                if state.writesFallShort || state.isDead {
                    count = Int(state.random.next() % UInt64(count)) + 1
                }
                let growth = offset + count - state.contents[place].current.count
                if growth > 0, state.capacity != .max {
                    count -= max(0, growth - max(0, state.capacity - state.used))
                }
                guard count > 0 else { throw SystemError("pwrite", on: path, errno: Errno(rawValue: ENOSPC)) }
                state.contents[place].write(
                    count == given.count ? given : Array(given.prefix(count)), at: offset)
                return count
            }
        }

        func read(count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
            try disk.attempt("pread", path) { (state) throws(SystemError) in
                if state.contents[place].isForgetful, state.random.next() % 4 == 0 {
                    var random = state.random
                    state.contents[place].evict(&random)
                    state.random = random
                }
                return Array(state.contents[place].current.dropFirst(offset).prefix(count))
            }
        }

        func sync() throws(SystemError) {
            disk.beforeSync?()
            let fail = { [place] (state: inout State) in
                var random = state.random
                state.contents[place].failSync(&random)
                state.random = random
            }
            try disk.attempt("fdatasync", path, failing: fail) { (state) throws(SystemError) in
                state.syncs += 1
                if state.nextSyncFails {
                    state.nextSyncFails = false
                    fail(&state)
                    throw SystemError("fdatasync", on: path, errno: Errno(rawValue: EIO))
                }
                if !state.lies { state.contents[place].sync() }
            }
        }

        func truncate(to byteCount: Int) throws(SystemError) {
            try disk.attempt("ftruncate", path) { (state) throws(SystemError) in
                state.contents[place].setLength(byteCount)
            }
        }
    }
}
