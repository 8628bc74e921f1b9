import ZCLibC
import ZCNet

extension SegmentLog {
    /// Reads all files, checks every record, removes what a crash left unfinished at the end, and makes what
    /// is left durable before it is shown to anybody.
    ///
    /// Records are judged by the format alone, never by how this store is configured. Linear in the bytes of
    /// the log. Throws `corrupt`, and changes nothing, when something that was stored is missing or not what
    /// it was.
    func recover() throws(MessageStoreError) {
        let firsts = try Self.io { [folder] () throws(SystemError) in try folder.firsts() }
        segments = []
        head = StoreHead(first: firsts.first ?? .first, producersMax: options.producersMax)
        recovery = StoreRecovery()
        for (index, first) in firsts.enumerated() {
            let path = folder.path(of: first)
            guard first == head.next else {
                throw Self.corrupt(
                    path, "a file that goes on with \(head.next)", "one that begins with \(first)")
            }
            let isLast = index == firsts.count - 1
            try recover(first, path, after: segments.last?.checksum, isLast: isLast)
        }
        try Self.io { [folder] () throws(SystemError) in
            // Before the first file is made its folder is there to stay; so the files say that it is.
            if firsts.isEmpty { try folder.syncAbove() }
            try folder.sync()
        }
    }

    private func recover(
        _ first: MessageSequence, _ path: String, after previous: UInt32?, isLast: Bool
    ) throws(MessageStoreError) {
        let (file, byteCount) = try Self.io { [folder] () throws(SystemError) in
            let file = try folder.files.open(path)
            return (file, try file.byteCount())
        }
        var window = LogWindow(file, byteCount: byteCount, stepBytes: 1 << 20)
        let header = try readHeader(&window, path)
        guard header.first == first, header.previous == previous ?? header.previous,
            header.term >= head.term
        else { throw Self.corrupt(path, "the file that goes on with \(first)", "another one") }
        var segment = Segment(header, path: path, file: file, spacingBytes: options.indexSpacingBytes)
        if header.term > head.term { head.record(head.next..<head.next, term: header.term, nil) }
        let walk = try walk(&segment, &window)
        if walk.end < byteCount || !(isLast || walk.isMarked) {
            guard isLast, try !isStored(behind: walk.end, in: segment, &window) else {
                throw Self.corrupt(
                    path, "message \(segment.next) at byte \(walk.end)", "bytes that do not check")
            }
        }
        recovery.tornBytes += byteCount - walk.end
        recovery.wasClosed = walk.isClosed && walk.end == byteCount
        segment.isSealed = !isLast
        if isLast { try settle(segment, walk) }
        segments.append(segment)
    }

    /// A file's head. A file gets its name when its head is durable, so there is no excuse for another one.
    private func readHeader(_ window: inout LogWindow, _ path: String) throws(MessageStoreError)
        -> SegmentHeader
    {
        let (header, older) = try read(&window, 0, SegmentHeader.byteCount) {
            (SegmentHeader($0), SegmentHeader.olderVersion($0))
        }
        if let header { return header }
        guard let older else {
            throw Self.corrupt(
                path, "the head of a file of version \(SegmentHeader.version)", "something else")
        }
        throw MessageStoreError(
            .unsupportedFormat, expected: "in \(path) version \(SegmentHeader.version)", got: "\(older)")
    }

    /// What is known of a file once its records were gone through.
    private struct Walk {
        /// Behind the last whole record, or the mark behind it.
        var end = SegmentHeader.byteCount
        /// Where the group of the last record begins: all before was durable when that was written.
        var groupStart = SegmentHeader.byteCount
        var isMarked = false
        var isClosed = false
    }

    /// Goes through the records of a file for as long as they are whole and follow one another.
    private func walk(
        _ segment: inout Segment, _ window: inout LogWindow
    ) throws(MessageStoreError) -> Walk {
        var walk = Walk()
        while let header = try record(&window, at: segment.end, in: segment), header.first == head.next,
            header.term >= head.term, header.previous == segment.checksum
        {
            if header.isMark {
                walk.isMarked = true
                walk.isClosed = header.isClosing
                walk.end = segment.end + header.recordBytes
                return walk
            }
            head.record(header.range, term: header.term, header.identity)
            head.settle()
            recovery.batches += 1
            walk.groupStart = Int(min(header.durableBytes, UInt64(segment.end)))
            segment.note(
                header.range, at: segment.end, bytes: header.recordBytes, checksum: header.checksum)
            walk.end = segment.end
        }
        return walk
    }

    /// Makes the last file durable as far as it is whole, and cuts the rest off.
    ///
    /// After a sync that failed, Linux takes the pages that it could not write for written: they read well
    /// until they are evicted, and further syncs pass them over. This process cannot know whether the one
    /// before it went through that. So nothing counts as durable because it can be read and a sync
    /// succeeds: unless a mark says that the last group was durable, the group is written again, and unless
    /// the log was closed in good order, the length is changed and changed back.
    private func settle(_ segment: Segment, _ walk: Walk) throws(MessageStoreError) {
        if !walk.isMarked && !segment.isEmpty { try rewrite(segment, from: walk.groupStart) }
        let isClosed = recovery.wasClosed
        try Self.io { () throws(SystemError) in
            if !isClosed {
                try segment.file.truncate(to: walk.end + 8)
                try segment.file.truncate(to: walk.end)
            }
            try segment.file.sync()
        }
        if !walk.isMarked && !segment.isEmpty { markIfPossible(segment) }
    }

    /// Writes the last group again as it reads, and sees that it still reads as whole records: a page may
    /// have been evicted since it was checked, but none can be between being written and being synced.
    private func rewrite(_ segment: Segment, from start: Int) throws(MessageStoreError) {
        try Self.io { () throws(SystemError) in
            var window = LogWindow(segment.file, byteCount: segment.end, stepBytes: 1 << 20)
            var offset = start
            while offset < segment.end {
                let count = min(1 << 20, segment.end - offset)
                let bytes = try window.withBytes(at: offset, count: count) { SharedBytes(copying: $0) }
                try segment.file.writeAll(bytes.bytes, at: offset)
                offset += count
            }
        }
        var window = LogWindow(segment.file, byteCount: segment.end, stepBytes: 1 << 20)
        var (offset, checksum) = (start, UInt32?.none)
        while offset < segment.end {
            guard let header = try record(&window, at: offset, in: segment),
                header.previous == checksum ?? header.previous
            else { break }
            offset += header.recordBytes
            checksum = header.checksum
        }
        guard offset == segment.end, checksum == segment.checksum else {
            throw MessageStoreError(
                .failed, expected: "in \(segment.path) what was there a moment ago", got: "something else")
        }
    }

    /// The head of the record at an offset; nil when there is none, or its bytes are not what was written.
    private func record(
        _ window: inout LogWindow, at offset: Int, in segment: Segment
    ) throws(MessageStoreError) -> RecordHeader? {
        let bytesMax = window.byteCount - offset
        let header = try read(&window, offset, RecordHeader.byteCount) {
            RecordHeader($0, tag: segment.tag, bytesMax: bytesMax)
        }
        guard let header else { return nil }
        let isWhole = try read(&window, offset, header.recordBytes) {
            RecordCodec.isWhole(header, $0, at: offset)
        }
        return isWhole ? header : nil
    }

    /// Whether something behind `end` may have been stored: a whole record says that more than what was found
    /// whole had been durable before it was written, or stands right where the next record is missed.
    ///
    /// What begins with the segment's tag was written by the log, so that there is little to check. In case
    /// somebody did find out the tag, bytes are checked at most four times as many as there are; where that
    /// is not enough the answer is yes, which refuses to throw anything away.
    private func isStored(
        behind end: Int, in segment: Segment, _ window: inout LogWindow
    ) throws(MessageStoreError) -> Bool {
        var allowance = 4 * (window.byteCount - end)
        var place = end
        while place + RecordHeader.byteCount <= window.byteCount {
            let bytesMax = window.byteCount - place
            let header = try read(&window, place, RecordHeader.byteCount) {
                RecordHeader($0, tag: segment.tag, bytesMax: bytesMax)
            }
            var step = 8
            if let header {
                allowance -= header.recordBytes
                if allowance < 0 { return true }
                if try record(&window, at: place, in: segment) != nil {
                    if place == end || header.durableBytes > UInt64(segment.end) { return true }
                    step = header.recordBytes
                }
            }
            place += step
        }
        return false
    }

    private func read<Value>(
        _ window: inout LogWindow, _ offset: Int, _ count: Int, _ body: (RawSpan) -> Value
    ) throws(MessageStoreError) -> Value {
        do throws(SystemError) {
            return try window.withBytes(at: offset, count: count, body)
        } catch {
            throw Self.refusal(error)
        }
    }

    static func corrupt(_ path: String, _ expected: String, _ got: String) -> MessageStoreError {
        MessageStoreError(.corrupt, expected: "in \(path) \(expected)", got: got)
    }
}
