#if TLS
import ZCLibC
import ZCNet

extension PEMSource {
    /// More than any chain has, or any list of roots.
    private static var fileBytesMax: Int { 4 << 20 }

    /// The bytes. `field` names the source in complaints.
    func read(_ field: String) throws(ConfigurationError) -> [UInt8] {
        let path: String
        switch self {
        case .bytes(let bytes) where bytes.count > Self.fileBytesMax:
            throw ConfigurationError(
                field: field, expected: "at most \(Self.fileBytesMax) bytes", got: "\(bytes.count)")
        case .bytes(let bytes): return bytes
        case .file(let name): path = name
        }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ConfigurationError(
                field: field, expected: "a file that can be read", got: "\(path): \(Errno(rawValue: errno))")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var count = 0
        while count <= Self.fileBytesMax {
            if count == bytes.count { bytes += [UInt8](repeating: 0, count: max(16 << 10, count)) }
            let got = unsafe bytes.withUnsafeMutableBytes { room in
                unsafe ZCLibC.read(descriptor, room.baseAddress?.advanced(by: count), room.count - count)
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else {
                throw ConfigurationError(
                    field: field, expected: "a file that can be read",
                    got: "\(path): \(Errno(rawValue: errno))")
            }
            if got == 0 { break }
            count += got
        }
        guard count <= Self.fileBytesMax else {
            throw ConfigurationError(
                field: field, expected: "a file of at most \(Self.fileBytesMax) bytes",
                got: "\(path), which is longer")
        }
        bytes.removeSubrange(count...)
        return bytes
    }
}
#endif
