import ZCLibC

/// A range of an open file, or so many bytes of a pipe, on its way to a connection.
///
/// Owns its descriptor, a duplicate of the caller's, and closes it when the transfer is over or given up.
package final class FileTransfer {
    let descriptor: Descriptor
    /// The next byte's position; nil for a pipe, which has none.
    private(set) var offset: Int64?
    /// Bytes still to send.
    private(set) var remaining: Int

    /// Duplicates `descriptor`, so that the caller may close its own at once.
    init(_ descriptor: Descriptor, range: Range<Int64>?) throws(SystemError) {
        let status = try SystemCalls.status(of: descriptor)
        let kind = status.st_mode & S_IFMT
        let isPipe = kind == S_IFIFO
        guard isPipe || kind == S_IFREG else {
            throw SystemError("send(file:), which takes a regular file or a pipe,", errno: .invalidArgument)
        }
        // A pipe counts what is in it now: waiting for more would need its own place in the poller.
        let whole = 0..<(isPipe ? try SystemCalls.bytesInPipe(descriptor) : Int64(status.st_size))
        let range = range ?? whole
        guard range.lowerBound >= 0, range.upperBound <= whole.upperBound, !isPipe || range.lowerBound == 0
        else {
            let subject = "range \(range) of a \(isPipe ? "pipe" : "file") of \(whole.upperBound) bytes"
            throw SystemError("send(file:)", on: subject, errno: .invalidArgument)
        }
        offset = isPipe ? nil : range.lowerBound
        remaining = range.count
        self.descriptor = Descriptor(
            rawValue: try systemCall("dup") { fcntl(descriptor.rawValue, F_DUPFD_CLOEXEC, 0) })
    }

    deinit { KernelSocket.closeNow(descriptor) }

    /// What the driver is offered next.
    var source: FileSource {
        FileSource(descriptor: descriptor, offset: offset, count: min(remaining, 1 << 30))
    }

    /// Moves on.
    func advance(_ count: Int) {
        offset = offset.map { $0 + Int64(count) }
        remaining -= count
    }
}
