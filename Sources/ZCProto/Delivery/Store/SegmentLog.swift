import Glibc
import ZCNet

/// A log of batches in files, without threads: the machine inside a ``FileMessageStore``.
///
/// Batches are staged one by one and committed together: one write and one sync for the group. Between
/// commits all that the log shows is durable. Every method may block on the disk; one thread at a time.
final class SegmentLog {
    let options: FileStoreOptions
    let files: any StoreFiles
    let folder: String
    /// Keeps other processes out.
    private var lock: AnyObject?
    var segments: [Segment] = []
    var head: StoreHead
    var recovery = StoreRecovery()
    /// Why the log cannot go on.
    private(set) var failure: MessageStoreError?
    /// Groups that were made durable.
    private(set) var commits = 0

    /// Records that are staged, and what takes each of them back.
    private var group: WriteBuffer
    private var undos: [StoreHead.Undo] = []
    private var staged: [(range: Range<MessageSequence>, offset: Int, bytes: Int)] = []
    /// Whether the last record of the log says that all before it is durable.
    private var isMarked = false

    /// Opens the log in a folder, or begins one, and checks every record in it.
    init(_ folder: String, _ options: FileStoreOptions, _ files: any StoreFiles) throws(MessageStoreError) {
        do throws(ConfigurationError) { try options.validate() } catch {
            throw MessageStoreError(
                .configuration, expected: "\(error.field) \(error.expected)", got: error.got)
        }
        self.options = options
        self.files = files
        self.folder = folder
        head = StoreHead(producersMax: options.producersMax)
        group = WriteBuffer(limit: options.groupBytesMax + options.batchBytesMax)
        lock = try Self.io { () throws(SystemError) -> AnyObject? in
            try files.makeFolder(folder)
            return try files.lock(folder + "/lock")
        }.orThrow(MessageStoreError(.inUse, expected: "one process", got: "another one in \(folder)"))
        try recover()
    }

    /// Bytes staged and not committed.
    var stagedBytes: Int { group.count }

    /// Puts a batch into the group. Answers its numbers, which hold once the group is committed.
    func stage(_ batch: MessageBatch) throws(MessageStoreError) -> StoreHead.Ruling {
        try check()
        let ruling = try head.rule(batch)
        guard case .append(let range) = ruling else { return ruling }
        // In this order, so that a sum that does not fit is never formed.
        guard batch.messages.count <= options.batchBytesMax / 4,
            RecordHeader.recordBytes(of: batch.messages) <= options.batchBytesMax
        else {
            throw MessageStoreError(
                .tooLarge, expected: "at most \(options.batchBytesMax) bytes", got: "\(batch.byteCount)")
        }
        if staged.isEmpty { try beginGroup() }
        guard let segment = segments.last else { throw MessageStoreError(.closed) }
        let offset = group.count
        do throws(WriteBufferError) {
            try RecordCodec.encode(
                batch.messages, first: range.lowerBound, term: batch.term, identity: batch.identity,
                durableBytes: segment.end, into: &group)
        } catch {
            throw MessageStoreError(.tooLarge, expected: "a group that fits", got: "\(error)")
        }
        undos.append(head.record(range, term: batch.term, batch.identity))
        staged.append((range, segment.end + offset, group.count - offset))
        return ruling
    }

    /// Writes the group and makes it durable. When it throws, nothing of it is in the log.
    func commit() throws(MessageStoreError) {
        guard !staged.isEmpty, let segment = segments.last else { return }
        defer {
            group.clear()
            undos.removeAll(keepingCapacity: true)
            staged.removeAll(keepingCapacity: true)
        }
        do throws(SystemError) {
            try Self.write(group.bytes, to: segment.file, at: segment.end)
        } catch {
            takeBack(segment)
            throw Self.refusal(error)
        }
        do throws(SystemError) { try segment.file.sync() } catch {
            // Why for good: after a failed sync the kernel may have dropped the pages and call them clean.
            throw fail(error)
        }
        commits += 1
        isMarked = false
        for record in staged {
            segments[segments.count - 1].note(record.range, at: record.offset, bytes: record.bytes)
        }
    }

    /// Closes the files and lets others in; the log is of no use afterwards. A log that did not fail is
    /// marked as closed in good order, so that whatever decays from now on is noticed.
    func close() {
        if failure == nil, staged.isEmpty, !isMarked, let segment = segments.last { mark(segment) }
        failure = failure ?? MessageStoreError(.closed)
        segments = []
        lock = nil
    }

    private func mark(_ segment: Segment) {
        var mark = WriteBuffer(limit: 4096)
        do {
            try RecordCodec.encode(
                [], first: head.next, term: head.term, identity: nil, durableBytes: segment.end, into: &mark)
            try Self.write(mark.bytes, to: segment.file, at: segment.end)
            try segment.file.sync()
        } catch {
            // Without the mark the log is as it is after a crash: whole.
        }
    }

    /// Notes that the log was found with a mark at its end.
    func noteMark(_ isMarked: Bool) { self.isMarked = isMarked }

    func check() throws(MessageStoreError) { if let failure { throw failure } }

    /// Gives the log up: what is on the disk is not known any more.
    @discardableResult
    func fail(_ error: SystemError) -> MessageStoreError {
        let failure = MessageStoreError(.failed, expected: "a disk that keeps", system: error)
        self.failure = self.failure ?? failure
        return failure
    }

    /// Starts a file if there is none, or the last one is full.
    private func beginGroup() throws(MessageStoreError) {
        if let segment = segments.last, segment.end < options.segmentBytesMax { return }
        let path = folder + "/" + SegmentHeader.name(head.next)
        // A file that was begun and has no message in it has the name of the next.
        guard segments.last?.path != path else { return }
        do throws(SystemError) {
            let file = try files.open(path)
            try file.truncate(to: 0)
            var bytes = WriteBuffer(limit: SegmentHeader.byteCount)
            do throws(WriteBufferError) {
                try SegmentHeader(first: head.next, term: head.term).encode(into: &bytes)
            } catch {
                preconditionFailure("a segment's head has a fixed size")
            }
            try Self.write(bytes.bytes, to: file, at: 0)
            try file.sync()
            try files.syncFolder(folder)
            segments.append(
                Segment(
                    first: head.next, path: path, file: file, spacingBytes: options.indexSpacingBytes))
        } catch {
            throw Self.refusal(error)
        }
    }

    /// Removes what a failed write left, so that a refused batch never turns up later.
    private func takeBack(_ segment: Segment) {
        for undo in undos.reversed() { head.takeBack(undo) }
        do throws(SystemError) {
            try segment.file.truncate(to: segment.end)
            try segment.file.sync()
        } catch {
            fail(error)
        }
    }

    private static func write(_ bytes: RawSpan, to file: any StoreFile, at offset: Int) throws(SystemError) {
        var done = 0
        while done < bytes.byteCount {
            done += try file.write(bytes.extracting(done..<bytes.byteCount), at: offset + done)
        }
    }

    /// A clean failure in the store's words.
    static func refusal(_ error: SystemError) -> MessageStoreError {
        let isFull = [ENOSPC, EDQUOT, EFBIG].contains(error.errno.rawValue)
        return MessageStoreError(isFull ? .full : .io, system: error)
    }

    /// Runs file operations outside of a commit.
    static func io<Value>(_ body: () throws(SystemError) -> Value) throws(MessageStoreError) -> Value {
        do throws(SystemError) { return try body() } catch { throw refusal(error) }
    }
}

extension Optional {
    /// The value, or the error that stands for its absence.
    func orThrow(_ error: MessageStoreError) throws(MessageStoreError) -> Wrapped {
        guard let self else { throw error }
        return self
    }
}
