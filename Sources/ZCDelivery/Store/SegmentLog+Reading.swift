import ZCLibC
import ZCNet

extension SegmentLog {
    /// Whole batches from the one that holds `sequence` on, checked as they are read.
    package func read(
        from sequence: MessageSequence, limit: ReadLimit
    ) throws(MessageStoreError) -> [StoredBatch] {
        try check()
        try head.check(sequence)
        var result: [StoredBatch] = []
        var (messages, bytes) = (0, 0)
        guard var index = segments.lastIndex(where: { $0.first <= sequence }) else { return [] }
        var (next, offset) = segments[index].place(for: sequence)
        while index < segments.count {
            let segment = segments[index]
            var window = LogWindow(segment.file, byteCount: segment.end, stepBytes: options.indexSpacingBytes)
            while offset < segment.end {
                let (header, stored) = try batch(
                    &window, at: offset, of: next, in: segment, wantedFrom: sequence)
                offset += header.recordBytes
                next = header.range.upperBound
                guard let stored else { continue }
                let (count, size) = (stored.batch.messages.count, stored.batch.byteCount)
                guard limit.allows(count, size, afterMessages: messages, bytes: bytes) else { return result }
                messages += count
                bytes += size
                result.append(stored)
            }
            index += 1
            offset = SegmentHeader.byteCount
        }
        return result
    }

    /// Removes a message and all behind it: files from the last one backwards, so that a crash leaves a log
    /// that is longer than wanted, never one with a hole.
    package func truncate(from sequence: MessageSequence) throws(MessageStoreError) {
        try check()
        try head.check(sequence)
        if sequence == head.next { return }
        guard let keep = segments.lastIndex(where: { $0.first <= sequence }) else { return }
        let offset = try boundary(of: sequence, in: segments[keep])
        do throws(SystemError) {
            while segments.count > keep + 1, let last = segments.last {
                try folder.files.remove(last.path)
                try folder.sync()
                segments.removeLast()
            }
            try segments[keep].file.truncate(to: offset)
            try segments[keep].file.sync()
        } catch {
            throw fail(error)
        }
        // From the beginning: a producer's last batch may now be an earlier one. What was found half-way is
        // no log to go on with.
        do throws(MessageStoreError) { try recover() } catch {
            fail(error.system ?? SystemError("recovery", on: folder.path, errno: Errno(rawValue: EIO)))
            throw error
        }
    }

    /// Removes files whose messages all come before a number; the one that holds it stays, and so does the
    /// last. One after the other, so that a crash leaves no hole.
    package func release(before sequence: MessageSequence) throws(MessageStoreError) {
        try check()
        while segments.count > 1, segments[1].first <= sequence {
            let path = segments[0].path
            try Self.io { [folder] () throws(SystemError) in try folder.files.remove(path) }
            segments.removeFirst()
            head.first = segments[0].first
            do throws(SystemError) { try folder.sync() } catch { throw fail(error) }
        }
    }

    /// Where the batch that begins with a message lies.
    private func boundary(
        of sequence: MessageSequence, in segment: Segment
    ) throws(MessageStoreError) -> Int {
        var window = LogWindow(segment.file, byteCount: segment.end, stepBytes: options.indexSpacingBytes)
        var (next, offset) = segment.place(for: sequence)
        while offset < segment.end {
            let (header, _) = try batch(
                &window, at: offset, of: next, in: segment, wantedFrom: .init(rawValue: .max))
            if header.range.contains(sequence) {
                guard header.first == sequence else {
                    throw MessageStoreError(.insideBatch, expected: "\(header.first)", got: "\(sequence)")
                }
                return offset
            }
            offset += header.recordBytes
            next = header.range.upperBound
        }
        throw Self.corrupt(segment.path, "message \(sequence)", "the end of the file")
    }

    /// The record at an offset, which begins with the message `first`; its batch only if it has messages from
    /// `sequence` on. What is passed over is not summed up, but has to lead on without a gap.
    private func batch(
        _ window: inout LogWindow, at offset: Int, of first: MessageSequence, in segment: Segment,
        wantedFrom sequence: MessageSequence
    ) throws(MessageStoreError) -> (RecordHeader, StoredBatch?) {
        do throws(SystemError) {
            let header = try window.withBytes(at: offset, count: RecordHeader.byteCount) {
                RecordHeader($0, tag: segment.tag, bytesMax: segment.end - offset)
            }
            if let header, !header.isMark, header.first == first {
                if header.range.upperBound <= sequence { return (header, nil) }
                let stored = try window.withBytes(at: offset, count: header.recordBytes) {
                    Self.decode(header, $0, at: offset)
                }
                if let stored { return (header, stored) }
            }
        } catch {
            throw Self.refusal(error)
        }
        throw Self.corrupt(segment.path, "a record at byte \(offset)", "bytes that do not check")
    }

    /// The batch of a whole record, in one copy that its messages share.
    private static func decode(_ header: RecordHeader, _ record: RawSpan, at offset: Int) -> StoredBatch? {
        guard record.byteCount == header.recordBytes,
            RecordCodec.checksum(record, at: offset) == header.checksum,
            let ranges = RecordCodec.messageRanges(header, record)
        else { return nil }
        let bytes = SharedBytes(copying: record)
        var batch = MessageBatch(ranges.map { bytes.slice($0) })
        batch.term = header.term
        batch.identity = header.identity
        return StoredBatch(first: header.first, batch: batch)
    }
}

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
        return body(bytes.span.rawBytes.extracting(wanted))
    }
}
