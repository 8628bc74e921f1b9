import ZCLibC
import ZCNet

/// A log of batches in files, without threads: the machine inside a ``FileMessageStore``.
///
/// Batches are staged one by one and committed together: one write and one sync for the group. Between
/// commits all that the log shows is durable. Every method may block on the disk; one thread at a time.
package final class SegmentLog {
    let options: FileStoreOptions
    let folder: StoreFolder
    /// Where the tags of new segments come from.
    private let random: () -> UInt64
    /// Keeps other processes out.
    private var lock: AnyObject?
    package internal(set) var segments: [Segment] = []
    package internal(set) var head: StoreHead
    package internal(set) var recovery = StoreRecovery()
    /// Why the log cannot go on.
    package private(set) var failure: MessageStoreError?
    /// Groups that were made durable.
    package private(set) var commits = 0

    /// Records that are staged, and what takes each of them back.
    private var group: WriteBuffer
    private var undos: [StoreHead.Undo] = []
    private var staged: [(range: Range<MessageSequence>, offset: Int, bytes: Int, checksum: UInt32)] = []

    /// Opens the log in a folder, or begins one, and checks every record in it.
    ///
    /// - Parameter random: numbers that nobody else can guess.
    package init(
        _ folder: String, _ options: FileStoreOptions, _ files: any StoreFiles,
        random: @escaping () -> UInt64 = { .random(in: .min ... .max) }
    ) throws(MessageStoreError) {
        do throws(ConfigurationError) { try options.validate() } catch {
            throw MessageStoreError(
                .configuration, expected: "\(error.field) \(error.expected)", got: error.got)
        }
        self.options = options
        self.folder = StoreFolder(path: folder, files: files)
        self.random = random
        head = StoreHead(producersMax: options.producersMax)
        group = WriteBuffer(limit: options.groupBytesMax + options.batchBytesMax)
        lock = try Self.io { [store = self.folder] () throws(SystemError) -> AnyObject? in
            try store.make()
            return try files.lock(folder + "/lock")
        }.orThrow(MessageStoreError(.inUse, expected: "one process", got: "another one in \(folder)"))
        try recover()
    }

    /// Bytes staged and not committed.
    package var stagedBytes: Int { group.count }

    /// Puts a batch into the group. Answers its numbers, which hold once the group is committed.
    package func stage(_ batch: MessageBatch) throws(MessageStoreError) -> StoreHead.Ruling {
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
        let start = group.count
        var place = place(in: segment)
        place.offset += start
        place.previous = staged.last?.checksum ?? segment.checksum
        let checksum: UInt32
        do throws(WriteBufferError) {
            checksum = try RecordCodec.encode(batch, first: range.lowerBound, at: place, into: &group)
        } catch {
            throw MessageStoreError(.tooLarge, expected: "a group that fits", got: "\(error)")
        }
        undos.append(head.record(range, term: batch.term, batch.identity))
        staged.append((range, place.offset, group.count - start, checksum))
        return ruling
    }

    /// Writes the group and makes it durable. When it throws, nothing of it is in the log; unless the error
    /// is `failed`, nothing of it ever will be.
    package func commit() throws(MessageStoreError) {
        guard !staged.isEmpty, let segment = segments.last else { return }
        defer {
            group.clear()
            undos.removeAll(keepingCapacity: true)
            staged.removeAll(keepingCapacity: true)
        }
        do throws(SystemError) {
            try segment.file.writeAll(group.bytes, at: segment.end)
        } catch {
            try takeBack(segment)
            throw Self.refusal(error)
        }
        // Why for good: after a failed sync the kernel may have dropped the pages and call them clean.
        do throws(SystemError) { try segment.file.sync() } catch { throw fail(error) }
        commits += 1
        for record in staged {
            segments[segments.count - 1].note(
                record.range, at: record.offset, bytes: record.bytes, checksum: record.checksum)
        }
        head.settle()
        markIfPossible(segments[segments.count - 1])
    }

    /// Closes the files and lets others in; the log is of no use afterwards. A log that did not fail is
    /// marked as closed in good order.
    package func close() {
        if failure == nil, staged.isEmpty, let segment = segments.last {
            do throws(SystemError) {
                try writeMark(segment, isClosing: true)
                try segment.file.sync()
            } catch {
                // Without the mark the log is as it is after a crash: whole.
            }
        }
        failure = failure ?? MessageStoreError(.closed)
        segments = []
        lock = nil
    }

    func check() throws(MessageStoreError) { if let failure { throw failure } }

    /// Gives the log up: what is on the disk is not known any more.
    @discardableResult
    func fail(_ error: SystemError) -> MessageStoreError {
        let failure = MessageStoreError(.failed, expected: "a disk that keeps", system: error)
        self.failure = self.failure ?? failure
        return failure
    }

    /// Where the next record or mark of a segment is to stand.
    private func place(in segment: Segment) -> RecordPlace {
        RecordPlace(
            tag: segment.tag, offset: segment.end, previous: segment.checksum, durableBytes: segment.end)
    }

    /// Starts a file if there is none, or the last one is full; that one is made durable first, its mark too.
    private func beginGroup() throws(MessageStoreError) {
        if let segment = segments.last {
            if segment.end < options.segmentBytesMax { return }
            if !segment.isSealed { try seal(segment) }
        }
        let header = SegmentHeader(
            first: head.next, term: head.term, tag: random(), previous: segments.last?.checksum ?? 0)
        var bytes = WriteBuffer(limit: SegmentHeader.byteCount)
        do throws(WriteBufferError) { try header.encode(into: &bytes) } catch {
            preconditionFailure("a segment's head has a fixed size")
        }
        let file: any StoreFile
        do throws(SystemError) { file = try folder.create(header.first, bytes.bytes) } catch {
            // What could not be finished has no name yet, and is written over the next time.
            throw Self.refusal(error)
        }
        do throws(SystemError) { try folder.sync() } catch { throw fail(error) }
        segments.append(
            Segment(
                header, path: folder.path(of: header.first), file: file,
                spacingBytes: options.indexSpacingBytes))
    }

    /// Makes the mark at a segment's end durable, so that in a file with a successor everything is known to
    /// have been whole.
    private func seal(_ segment: Segment) throws(MessageStoreError) {
        try Self.io { () throws(SystemError) in try writeMark(segment, isClosing: false) }
        do throws(SystemError) { try segment.file.sync() } catch { throw fail(error) }
        segments[segments.count - 1].isSealed = true
    }

    /// Writes the mark that says that all of a segment is durable, which it must be. The mark itself is as
    /// durable as the next sync makes it.
    private func writeMark(_ segment: Segment, isClosing: Bool) throws(SystemError) {
        var mark = WriteBuffer(limit: 4096)
        do throws(WriteBufferError) {
            try RecordCodec.encodeMark(
                isClosing: isClosing, next: head.next, term: head.term, at: place(in: segment),
                into: &mark)
        } catch {
            preconditionFailure("a mark has a fixed size")
        }
        try segment.file.writeAll(mark.bytes, at: segment.end)
    }

    /// Writes the mark that tells a last group that decayed from one that a crash cut short.
    func markIfPossible(_ segment: Segment) {
        // Where it fails, all is as durable as before, and only decay of the last group would go unnoticed.
        do throws(SystemError) { try writeMark(segment, isClosing: false) } catch { return }
    }

    /// Removes what a failed write left, so that a refused batch never turns up later. Where that fails too,
    /// it is not known whether it will.
    private func takeBack(_ segment: Segment) throws(MessageStoreError) {
        for undo in undos.reversed() { head.takeBack(undo) }
        do throws(SystemError) {
            try segment.file.truncate(to: segment.end)
            markIfPossible(segment)
            try segment.file.sync()
        } catch {
            throw fail(error)
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
