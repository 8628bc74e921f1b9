import ZCLibC
import ZCNet

/// The file system as a store needs it, so that tests can have writes fail, fall short, and get lost.
///
/// Nothing that is done here is durable before the sync that says so: not a file's bytes or length before
/// ``StoreFile/sync()``, not a name before ``syncFolder(_:)`` of the folder that it stands in.
package protocol StoreFiles: Sendable {
    /// Makes a folder that only this user enters, in one that is there; answers whether it was made, as it
    /// may be there already.
    func makeFolder(_ path: String) throws(SystemError) -> Bool
    /// The names in a folder, in any order.
    func names(in folder: String) throws(SystemError) -> [String]
    /// Opens a file that is there for reading and writing.
    func open(_ path: String) throws(SystemError) -> any StoreFile
    /// Makes an empty file that only this user reads; one that is there is emptied.
    func create(_ path: String) throws(SystemError) -> any StoreFile
    /// Gives a file another name, taking it from the file that has it: at once, or not at all.
    func rename(_ path: String, to newPath: String) throws(SystemError)
    /// Removes a file from its folder.
    func remove(_ path: String) throws(SystemError)
    /// Makes the folder's list of names durable.
    func syncFolder(_ path: String) throws(SystemError)
    /// Keeps other processes out until the answer goes away; nil when one is in.
    func lock(_ path: String) throws(SystemError) -> AnyObject?
}

/// An open file. One thread at a time; the last reference closes it.
package protocol StoreFile: AnyObject, Sendable {
    /// How many bytes the file has.
    func byteCount() throws(SystemError) -> Int
    /// Writes from `offset` on and answers how many bytes it took, at least one.
    func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) -> Int
    /// Reads up to `count` bytes from `offset` on into an array; fewer at the end of the file only.
    func read(count: Int, at offset: Int) throws(SystemError) -> [UInt8]
    /// Makes what was written since the last sync, and the length, durable. When it throws, the system may
    /// take for durable what is not: only what is written again is of concern to the next sync.
    func sync() throws(SystemError)
    /// Sets the length: cuts the file, or adds zeros without taking space for them.
    func truncate(to byteCount: Int) throws(SystemError)
}

extension StoreFile {
    /// Writes all of some bytes.
    func writeAll(_ bytes: RawSpan, at offset: Int) throws(SystemError) {
        var done = 0
        while done < bytes.byteCount {
            done += try write(bytes.extracting(done..<bytes.byteCount), at: offset + done)
        }
    }
}

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

/// An open file of the machine; closed with its last reference.
final class SystemFile: StoreFile {
    private let descriptor: Int32
    private let path: String

    init(_ descriptor: Int32, _ path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    // The result is of no use: what matters was synced, and Linux closes whatever it says.
    deinit { _ = close(descriptor) }

    func byteCount() throws(SystemError) -> Int {
        var status = stat()
        _ = try SystemFiles.call("fstat", path) { unsafe fstat(descriptor, &status) }
        return Int(status.st_size)
    }

    func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) -> Int {
        let (count, code) = unsafe bytes.withUnsafeBytes { buffer in
            // SAFETY: the kernel reads `count` bytes at most, which are lent for the call.
            let count = unsafe pwrite(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            return (count, errno)
        }
        if count > 0 { return count }
        if count < 0 && Errno(rawValue: code) == .interrupted { return try write(bytes, at: offset) }
        // Why ENOSPC: a write of nothing is what some file systems answer when they have no room.
        throw SystemError("pwrite", on: path, errno: Errno(rawValue: count < 0 ? code : ENOSPC))
    }

    func read(count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            done = 0
            while done < count {
                // SAFETY: `count` bytes of room, of which `done` are filled.
                let step = unsafe pread(
                    descriptor, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
                if step == 0 { return }
                if step > 0 {
                    done += step
                } else if Errno(rawValue: errno) != .interrupted {
                    failure = SystemError("pread", on: path, errno: Errno(rawValue: errno))
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    func sync() throws(SystemError) {
        // The data and the length, which is all that reading it back needs.
        _ = try SystemFiles.call("fdatasync", path) { fdatasync(descriptor) }
    }

    func truncate(to byteCount: Int) throws(SystemError) {
        _ = try SystemFiles.call("ftruncate", path) { ftruncate(descriptor, off_t(byteCount)) }
    }
}
