import ZCLibC
import ZCNet

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
