import ZCLibC
import ZCNet

/// A file read in large steps for one who goes through it record by record. One thread at a time.
struct LogWindow {
    let file: any StoreFile
    /// The file's length, which must not shrink meanwhile.
    let byteCount: Int
    private let stepBytes: Int
    private var bytes: [UInt8] = []
    private var start = 0

    init(_ file: any StoreFile, byteCount: Int, stepBytes: Int) {
        self.file = file
        self.byteCount = byteCount
        self.stepBytes = stepBytes
    }

    /// Shows `count` bytes from `offset` on, or fewer at the end of the file. Memory is for what the file
    /// really has. A file that turns out shorter than it was is an error, not an end.
    mutating func withBytes<Result>(
        at offset: Int, count: Int, _ body: (RawSpan) -> Result
    ) throws(SystemError) -> Result {
        let end = min(offset + count, byteCount)
        if offset < start || end > start + bytes.count {
            let wanted = min(max(count, stepBytes), byteCount - offset)
            bytes = try file.read(count: max(0, wanted), at: offset)
            start = offset
            guard bytes.count == max(0, wanted) else {
                bytes = []
                throw SystemError("pread", on: "a file that was cut", errno: Errno(rawValue: EIO))
            }
        }
        let available = min(end, start + bytes.count)
        let wanted = offset - start..<max(offset - start, available - start)
        // SAFETY: bytes are plain memory; the span is of this call.
        return unsafe body(bytes.span.bytes.extracting(wanted))
    }
}
