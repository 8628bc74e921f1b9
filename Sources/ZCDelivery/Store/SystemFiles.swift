import ZCLibC
import ZCNet

/// The file system of the machine.
struct SystemFiles: StoreFiles {
    func makeFolder(_ path: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            _ = try Self.call("mkdir", path) { unsafe mkdir(path, 0o700) }
            return true
        } catch {
            if error.errno.rawValue != EEXIST { throw error }
            return false
        }
    }

    func names(in folder: String) throws(SystemError) -> [String] {
        guard let stream = unsafe opendir(folder) else {
            throw SystemError("opendir", on: folder, errno: Errno(rawValue: errno))
        }
        defer { _ = unsafe closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else { break }
            // SAFETY: the name ends with a zero within the entry, which is valid until the next call.
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw SystemError("readdir", on: folder, errno: Errno(rawValue: errno)) }
        return names
    }

    func open(_ path: String) throws(SystemError) -> any StoreFile {
        let descriptor = try Self.call("open", path) { unsafe ZCLibC.open(path, O_RDWR | O_CLOEXEC) }
        return SystemFile(descriptor, path)
    }

    func create(_ path: String) throws(SystemError) -> any StoreFile {
        let descriptor = try Self.call("open", path) {
            unsafe ZCLibC.open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        }
        return SystemFile(descriptor, path)
    }

    func rename(_ path: String, to newPath: String) throws(SystemError) {
        _ = try Self.call("rename", path) { unsafe ZCLibC.rename(path, newPath) }
    }

    func remove(_ path: String) throws(SystemError) {
        _ = try Self.call("unlink", path) { unsafe unlink(path) }
    }

    func syncFolder(_ path: String) throws(SystemError) {
        let descriptor = try Self.call("open", path) {
            unsafe ZCLibC.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        defer { _ = close(descriptor) }
        _ = try Self.call("fsync", path) { fsync(descriptor) }
    }

    func lock(_ path: String) throws(SystemError) -> AnyObject? {
        let descriptor = try Self.call("open", path) {
            unsafe ZCLibC.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        }
        let lock = SystemLock(descriptor)
        do throws(SystemError) {
            _ = try Self.call("flock", path) { flock(descriptor, LOCK_EX | LOCK_NB) }
        } catch {
            if error.errno == .wouldBlock { return nil }
            throw error
        }
        return lock
    }

    /// Makes a system call, again for as long as signals interrupt it.
    static func call<Count: SignedInteger>(
        _ operation: String, _ path: String, _ call: () -> Count
    ) throws(SystemError) -> Count {
        while true {
            let result = call()
            if result >= 0 { return result }
            let code = Errno(rawValue: errno)
            if code != .interrupted { throw SystemError(operation, on: path, errno: code) }
        }
    }
}
