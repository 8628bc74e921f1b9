import ZCLibC

/// A file's bytes as memory: read by the kernel when they are touched, shared with its page cache, never
/// copied.
///
/// ```swift
/// let page = try MappedFile(path: "index.html")
/// connection.send(page.sharedBytes(0..<page.count))
/// ```
/// **Ownership.** The value and every ``SharedBytes`` made from it keep the mapping; the file itself is
/// closed at once. The last of them unmaps it, on whichever thread that happens.
///
/// **Threads.** Any.
///
/// **Complexity.** O(1); pages are read when first touched, which may block the touching thread on the disk.
///
/// **Limits.** The file must keep its size: when somebody truncates it, touching a page behind the new end
/// raises SIGBUS, which ends the process. When somebody writes to it, the bytes change under their readers.
/// Map files that are replaced by `rename`, never ones that are rewritten in place, and copy what is not
/// under your control.
public struct MappedFile: Sendable {
    /// All mapped bytes; keeps the mapping.
    public let allBytes: SharedBytes
    /// How many bytes the file had when it was mapped.
    public let fileBytes: Int

    /// How many bytes are mapped.
    public var count: Int { allBytes.count }

    /// The mapped bytes. Valid as long as the value.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get { allBytes.bytes }
    }

    /// Some of the bytes, without a copy; they keep the mapping. O(1).
    ///
    /// - Precondition: the range lies within `0..<count`.
    public func sharedBytes(_ range: Range<Int>) -> SharedBytes { allBytes.slice(range) }

    /// Maps a file, or a part of it, for reading.
    ///
    /// - Parameters:
    ///   - path: the file, absolute or relative to the working directory. Symbolic links are followed.
    ///   - range: the bytes wanted; nil for all. It needs no alignment.
    /// - Throws: ``MappedFileError``: the file is missing, cannot be read, is no regular file, is empty, or
    ///   is shorter than the range.
    public init(path: String, range: Range<Int>? = nil) throws(MappedFileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.systemError("open", path) }
        // The result is of no use: nothing was written, and Linux has closed the descriptor whatever it says.
        defer { _ = close(descriptor) }

        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Self.systemError("fstat", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw MappedFileError(
                .notARegularFile, path, expected: "a regular file", got: "something else")
        }
        let fileBytes = Int(status.st_size)
        let range = range ?? 0..<fileBytes
        guard range.lowerBound >= 0, range.upperBound <= fileBytes else {
            throw MappedFileError(
                .rangeOutsideOfFile, path, expected: "a range within \(fileBytes) bytes", got: "\(range)")
        }
        guard !range.isEmpty else {
            throw MappedFileError(.empty, path, expected: "at least 1 byte", got: "\(range) of \(fileBytes)")
        }

        // A mapping begins at a page, so the bytes before the range within its first page are mapped as well.
        let page = max(4096, sysconf(Int32(_SC_PAGESIZE)))
        let before = range.lowerBound % page
        let length = range.count + before
        let pages = unsafe mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, range.lowerBound - before)
        guard let pages = unsafe pages, unsafe pages != MAP_FAILED else {
            throw Self.systemError("mmap", path)
        }
        self.fileBytes = fileBytes
        // SAFETY: the mapping has `length` readable bytes and lives as long as its owner.
        allBytes = unsafe SharedBytes(
            unsafeStart: pages + before, count: range.count,
            owner: FileMapping(start: pages, byteCount: length))
    }

    private static func systemError(_ operation: String, _ path: String) -> MappedFileError {
        MappedFileError(SystemError(operation, on: path, errno: .current))
    }
}

/// Why a file could not be mapped.
public struct MappedFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// A system call failed: see ``MappedFileError/system``.
        public static let system = Code(description: "system error")
        /// A regular file is expected, not a directory, a device or a pipe.
        public static let notARegularFile = Code(description: "not a regular file")
        /// At least one byte is expected: nothing cannot be mapped.
        public static let empty = Code(description: "nothing to map")
        /// The range does not lie within the file.
        public static let rangeOutsideOfFile = Code(description: "the range exceeds the file")
    }

    /// The kind of error.
    public let code: Code
    /// The path that was given.
    public let path: String
    /// What was expected of the file; empty where a system call failed.
    public let expected: String
    /// What it is instead; empty where a system call failed.
    public let got: String
    /// The system call that failed, if one did.
    public let system: SystemError?

    init(_ code: Code, _ path: String, expected: String, got: String) {
        self.code = code
        self.path = path
        self.expected = expected
        self.got = got
        system = nil
    }

    init(_ system: SystemError) {
        code = .system
        path = system.subject
        expected = ""
        got = ""
        self.system = system
    }

    /// The path and the reason, in words.
    public var description: String {
        system?.description ?? "map \(path): \(code), expected \(expected), got \(got)"
    }
}
