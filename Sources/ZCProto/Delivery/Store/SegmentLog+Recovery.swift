import ZCNet

extension SegmentLog {
    /// Reads all files, checks every record, and removes what a crash left unfinished at the end.
    ///
    /// Linear in the bytes of the log. Throws `corrupt`, and changes nothing, when something that was stored
    /// is missing or not what it was.
    func recover() throws(MessageStoreError) {
        let (folder, files) = (folder, files)
        let names = try Self.io { () throws(SystemError) in try files.names(in: folder) }
        let firsts = names.compactMap { SegmentHeader.first(inName: $0) }.sorted()
        segments = []
        head = StoreHead(first: firsts.first ?? .first, producersMax: options.producersMax)
        recovery = StoreRecovery()
        noteMark(false)
        for (index, first) in firsts.enumerated() {
            let isLast = index == firsts.count - 1
            guard first == head.next else {
                throw Self.corrupt(
                    path(of: first), "a file that goes on with \(head.next)", "one that begins with \(first)")
            }
            try recover(first, isLast: isLast)
        }
    }

    private func path(of first: MessageSequence) -> String { folder + "/" + SegmentHeader.name(first) }

    private func recover(_ first: MessageSequence, isLast: Bool) throws(MessageStoreError) {
        let path = path(of: first)
        let (file, byteCount) = try Self.io { [files] () throws(SystemError) in
            let file = try files.open(path)
            return (file, try file.byteCount())
        }
        var window = LogWindow(file, byteCount: byteCount, stepBytes: 1 << 20)
        let header = try read(&window, 0, SegmentHeader.byteCount) { SegmentHeader($0) }
        guard let header, header.first == first else {
            guard isLast, try !hasRecord(&window, from: 0, thatSaysDurable: 0) else {
                throw Self.corrupt(path, "the head of a file that begins with \(first)", "something else")
            }
            // A crash while the file was begun: nothing was stored in it.
            recovery.tornBytes += byteCount
            try Self.io { [files, folder] () throws(SystemError) in
                try files.remove(path)
                try files.syncFolder(folder)
            }
            return
        }
        var segment = Segment(
            first: first, path: path, file: file, spacingBytes: options.indexSpacingBytes)
        if header.term > head.term { head.record(head.next..<head.next, term: header.term, nil) }
        try walk(&segment, &window)
        if segment.end < byteCount { try removeTail(segment, &window, isLast: isLast) }
        segments.append(segment)
    }

    /// Goes through the records of a file for as long as they are whole.
    private func walk(_ segment: inout Segment, _ window: inout LogWindow) throws(MessageStoreError) {
        var isMarked = false
        while let header = try record(&window, at: segment.end), header.first == head.next,
            header.term >= head.term
        {
            isMarked = header.isMark
            if !header.isMark {
                head.record(header.range, term: header.term, header.identity)
                recovery.batches += 1
            }
            segment.note(header.range, at: segment.end, bytes: header.recordBytes)
        }
        noteMark(isMarked)
        recovery.wasClosed = isMarked
    }

    /// Removes what follows the last whole record, unless it was stored once.
    private func removeTail(
        _ segment: Segment, _ window: inout LogWindow, isLast: Bool
    ) throws(MessageStoreError) {
        let torn = window.byteCount - segment.end
        guard isLast, try !hasRecord(&window, from: segment.end, thatSaysDurable: segment.end) else {
            throw Self.corrupt(
                segment.path, "message \(segment.next) at byte \(segment.end)", "bytes that do not check")
        }
        recovery.tornBytes += torn
        try Self.io { () throws(SystemError) in
            try segment.file.truncate(to: segment.end)
            try segment.file.sync()
        }
    }

    /// The head of the record at an offset; nil when there is none, or its bytes are not what was written.
    private func record(_ window: inout LogWindow, at offset: Int) throws(MessageStoreError) -> RecordHeader?
    {
        let bytesMax = min(window.byteCount - offset, options.batchBytesMax)
        let header = try read(&window, offset, RecordHeader.byteCount) {
            RecordHeader($0, bytesMax: bytesMax)
        }
        guard let header else { return nil }
        let isWhole = try read(&window, offset, header.recordBytes) { bytes in
            bytes.byteCount == header.recordBytes && RecordCodec.checksum(bytes) == header.checksum
                && RecordCodec.messageRanges(header, bytes) != nil
        }
        return isWhole ? header : nil
    }

    /// Whether a whole record behind `offset` says that the byte at `durable` had been durable before it was
    /// written.
    ///
    /// Bytes are checked at most four times as many as there are, whatever they pretend to be; where that is
    /// not enough the answer is yes, which refuses to throw anything away.
    private func hasRecord(
        _ window: inout LogWindow, from offset: Int, thatSaysDurable durable: Int
    ) throws(MessageStoreError) -> Bool {
        var allowance = 4 * (window.byteCount - offset)
        var place = (offset + 7) & ~7
        while place + RecordHeader.byteCount <= window.byteCount {
            defer { place += 8 }
            let bytesMax = min(window.byteCount - place, options.batchBytesMax)
            let header = try read(&window, place, RecordHeader.byteCount) {
                RecordHeader($0, bytesMax: bytesMax)
            }
            guard let header, header.durableBytes > UInt64(durable), header.durableBytes <= UInt64(place)
            else { continue }
            allowance -= header.recordBytes
            if allowance < 0 { return true }
            if try record(&window, at: place) != nil { return true }
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
