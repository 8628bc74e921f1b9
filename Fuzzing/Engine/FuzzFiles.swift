import Glibc

/// The files of a run: the corpus that is read, and the input at hand, which outlives a crash.
@safe
final class FuzzFiles {
    private let corpusFolder: String
    /// Where the input at hand is: what a failed run failed with.
    let currentPath: String
    // SAFETY: a shared mapping of `capacity` bytes for the life of the program; what is written to it is in
    // the file when the process is gone, however it went.
    private let current: UnsafeMutableRawPointer
    private static let capacity = 1 << 20

    init(corpus: String, current path: String) throws {
        corpusFolder = corpus
        currentPath = path
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0, ftruncate(descriptor, off_t(Self.capacity)) == 0 else {
            throw Broken("cannot write \(path): errno \(errno)")
        }
        defer { close(descriptor) }
        let mapping = unsafe mmap(nil, Self.capacity, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else {
            throw Broken("cannot map \(path): errno \(errno)")
        }
        unsafe current = mapping
    }

    /// Notes the input at hand: its length in eight bytes, the lowest first, then its bytes.
    func remember(_ input: [UInt8]) {
        precondition(input.count <= Self.capacity - 8, "an input larger than the file for it")
        unsafe current.storeBytes(of: UInt64(input.count).littleEndian, as: UInt64.self)
        unsafe input.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe (current + 8).copyMemory(from: base, byteCount: bytes.count)
        }
    }

    /// The corpus of a target, in the order of its files' names.
    func corpus(of name: String) throws -> [[UInt8]] {
        let folder = "\(corpusFolder)/\(name)"
        guard let directory = unsafe opendir(folder) else { throw Broken("no corpus in \(folder)") }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return try names.sorted().map { try Self.read("\(folder)/\($0)") }
    }

    /// The bytes of a file.
    static func read(_ path: String) throws -> [UInt8] {
        guard let file = unsafe fopen(path, "rb") else { throw Broken("cannot read \(path): errno \(errno)") }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Makes a file of these bytes.
    static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = unsafe fopen(path, "wb") else {
            throw Broken("cannot write \(path): errno \(errno)")
        }
        let count = unsafe fwrite(bytes, 1, bytes.count, file)
        guard unsafe fclose(file) == 0, count == bytes.count else {
            throw Broken("cannot write all of \(path)")
        }
    }
}
