import Glibc
import ZCNet
internal import ZCDelivery
import ZCNetTesting

extension StoreHistory {
    /// Plays the history, and throws the first promise that the store breaks.
    package func run(on variant: StoreVariant = .whole) throws(StoreViolation) {
        let run = StoreRun(self, variant)
        defer { run.end() }
        do throws(StoreRun.Over) {
            for step in steps { try run.perform(step) }
            try run.finish()
        } catch {
            if case .violation(let violation) = error { throw violation }
        }
    }
}

/// One playing of a history: the disk, the store's log on it, and the ledger of what it promised.
final class StoreRun {
    enum Over: Error {
        case violation(StoreViolation)
        /// The store said that the disk is not what it was, and it is not: there is nothing more to see.
        case refused
    }

    private let history: StoreHistory
    private let variant: StoreVariant
    private let disk: SimulatedDisk
    private let files: any StoreFiles
    private var random: SimulatedRandom
    private var options = LogScript.options()
    private var log: SegmentLog?
    private var ledger = StoreLedger()
    private var hasLied = false
    /// Operations that had failed when the store was opened.
    private var failuresBefore = 0
    /// When the process or the power ends while the store is opened.
    private var ends: [Int] = []
    private var nextEnd = StoreHistory.End.process
    private var number: UInt64 = 0
    private var term: UInt64 = 0
    /// Each producer's batch that is not known to be stored.
    private var unknown: [UInt64: MessageBatch] = [:]
    /// Where the last group ends in its file, to look for the mark.
    private var lastGroup: (path: String, tag: UInt64, end: Int)?

    init(_ history: StoreHistory, _ variant: StoreVariant) {
        self.history = history
        self.variant = variant
        random = SimulatedRandom(seed: history.seed &+ 1)
        disk = SimulatedDisk(seed: history.seed &+ 2)
        files = variant.files(disk)
    }

    func perform(_ step: StoreHistory.Step) throws(Over) {
        if log == nil { try open() }
        switch step {
        case .append(let batches, let isLarge, let isForged):
            try append((0..<batches).map { _ in batch(isLarge: isLarge, isForged: isForged) })
        case .retry: try retry()
        case .truncate(let choice): try truncate(choice)
        case .release(let choice): release(choice)
        case .close(let end): try close(end)
        case .end(let end, let after, let again):
            nextEnd = end
            ends = again
            disk.change { $0.diesAt = $0.operations + after }
        case .fail(let after, let count, let isFull):
            disk.change {
                $0.fails = $0.operations + after..<$0.operations + after + count
                $0.errno = isFull ? ENOSPC : EIO
            }
        case .fallShort(let does): disk.change { $0.writesFallShort = does }
        case .limits(let batch, let segment):
            (options.batchBytesMax, options.segmentBytesMax) = (batch, segment)
        case .lie:
            hasLied = true
            disk.change { $0.lies = true }
        case .decay(let end, let choice): try decay(end, choice)
        case .decayWhileOpen(let choice): try decayWhileOpen(choice)
        }
        if disk.state.withLock({ $0.isDead }) {
            stop(nextEnd)
        } else if log?.failure != nil {
            // Whoever opens it again may do so at once, or after the machine was started again.
            stop(random.next() % 2 == 0 ? .process : .power)
        }
    }

    func finish() throws(Over) {
        ends = []
        if log == nil { try open() }
        stop(.power)
        try open()
    }

    /// Lets go of the log, which holds on to where its tags come from.
    func end() { log = nil }

    // MARK: Lives

    /// The process is gone, or the whole machine.
    private func stop(_ end: StoreHistory.End) {
        log = nil
        switch end {
        case .process: disk.restart()
        case .power: disk.losePower()
        }
    }

    private func open() throws(Over) {
        for _ in 0..<20 {
            if !ends.isEmpty {
                let after = ends.removeFirst()
                disk.change { $0.diesAt = $0.operations + after }
            }
            let failures = disk.state.withLock { $0.failures }
            switch opened() {
            case .success(let log):
                try check(log)
                self.log = log
                return
            case .failure(let error):
                if disk.state.withLock({ $0.isDead }) {
                    stop(nextEnd)
                } else if disk.state.withLock({ $0.failures }) > failures || error.code == .failed {
                    // Another opening finds out.
                    stop(.process)
                } else if hasLied && error.code == .corrupt {
                    throw .refused
                } else {
                    throw .violation(StoreViolation("opening failed: \(error)"))
                }
            }
        }
        throw .violation(StoreViolation("opening never ends"))
    }

    private func opened() -> Result<SegmentLog, MessageStoreError> {
        do throws(MessageStoreError) {
            return .success(
                try SegmentLog(history.folder, options, files) { [self] in variant.tag(&random) })
        } catch {
            return .failure(error)
        }
    }

    /// What can be read of a log.
    private func read(_ log: SegmentLog) -> Result<[StoredBatch], MessageStoreError> {
        do throws(MessageStoreError) { return .success(try LogScript.stored(in: log)) } catch {
            return .failure(error)
        }
    }

    private func check(
        _ log: SegmentLog, but damage: (path: String, bytes: Range<Int>)? = nil
    ) throws(Over) {
        // The disk may fail while it is read, which says nothing about what is on it.
        disk.change { ($0.diesAt, $0.fails) = (.max, .max ..< .max) }
        switch read(log) {
        case .success(let found):
            do throws(StoreViolation) {
                if hasLied {
                    try ledger.settle(lied: found, log.head.extent)
                } else {
                    try ledger.settle(found, log.head.extent, but: damage)
                }
                try checkProducers(found, log)
            } catch {
                throw .violation(error)
            }
        case .failure(let error):
            if hasLied { throw .refused }
            throw .violation(StoreViolation("what was opened cannot be read: \(error)"))
        }
        hasLied = hasLied && disk.state.withLock { $0.lies }
        failuresBefore = disk.state.withLock { $0.failures }
        lastGroup = log.segments.last.map { ($0.path, $0.tag, $0.end) }
    }

    /// Each producer's last batch is known again.
    private func checkProducers(_ found: [StoredBatch], _ log: SegmentLog) throws(StoreViolation) {
        var lasts: [UInt64: StoredBatch] = [:]
        for stored in found {
            if let identity = stored.batch.identity { lasts[identity.producer] = stored }
        }
        for last in lasts.values {
            var batch = last.batch
            (batch.position, batch.term) = (nil, log.head.term)
            guard case .repeated(last.range)? = try? log.stage(batch) else {
                throw StoreViolation("a batch that was stored as \(last.range) was stored again")
            }
        }
    }

    private func close(_ end: StoreHistory.End) throws(Over) {
        let failures = disk.state.withLock { $0.failures }
        guard let log else { return }
        let isCalm = ends.isEmpty && !log.segments.isEmpty
        log.close()
        let isDead = disk.state.withLock { $0.isDead || $0.failures > failures || $0.lies }
        stop(end)
        try open()
        guard isDead || hasLied || !isCalm || self.log?.recovery.wasClosed ?? true else {
            throw .violation(StoreViolation("a log that was closed does not know"))
        }
    }

    // MARK: Work

    private func batch(isLarge: Bool, isForged: Bool) -> MessageBatch {
        number += 1
        if random.next() % 8 == 0 { term += 1 }
        let count = Int(random.next() % 3) + 1
        // Few lengths, so that what is written may fit into what was there before to the byte.
        let length = (Int(random.next() % 4) + 1) * (isLarge ? 300 : 16)
        var batch = MessageBatch(
            (0..<count).map { index in
                var bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: length)
                bytes[0] = UInt8(truncatingIfNeeded: number >> 8)
                bytes[1] = UInt8(index)
                return SharedBytes(copying: bytes)
            })
        if isForged { batch.messages = [forgery()] }
        batch.term = term
        if random.next() % 4 != 0 {
            batch.identity = BatchIdentity(producer: random.next() % 3, number: number)
        }
        return batch
    }

    /// A message of records that say that everything was durable, with the tag that a store would have that
    /// had none of chance, for the place where the message is about to stand.
    private func forgery() -> SharedBytes {
        var buffer = WriteBuffer()
        let start = (log?.segments.last?.end ?? 48) + (log?.stagedBytes ?? 0) + RecordHeader.byteCount + 4
        while (start + buffer.count) & 7 != 0 { try? buffer.append(UInt8(0x70), .littleEndian) }
        for _ in 0..<12 {
            let offset = start + buffer.count
            let place = RecordPlace(
                tag: StoreVariant.guessedTag, offset: offset, previous: 0, durableBytes: offset)
            try? RecordCodec.encodeMark(
                isClosing: false, next: .first, term: 0, at: place, into: &buffer)
        }
        return buffer.freeze()
    }

    private func append(_ batches: [MessageBatch]) throws(Over) {
        guard let log else { return }
        var group: [(MessageBatch, Range<MessageSequence>)] = []
        for batch in batches {
            let ruling: StoreHead.Ruling
            do throws(MessageStoreError) { ruling = try log.stage(batch) } catch {
                if log.failure != nil { remember(group.map(\.0) + [batch]) }
                if error.code == .tooLarge || log.failure != nil || isExpected(error) { continue }
                throw .violation(StoreViolation("a batch was refused: \(error)"))
            }
            guard case .append(let range) = ruling else {
                throw .violation(StoreViolation("a batch that is not there was taken for one that is"))
            }
            group.append((batch, range))
            if let producer = batch.identity?.producer { unknown[producer] = nil }
        }
        if log.failure != nil { return }
        guard let segment = log.segments.last, !group.isEmpty else { return }
        ledger.begin(group, in: segment.path, at: segment.end..<segment.end + log.stagedBytes)
        do throws(MessageStoreError) {
            try log.commit()
            ledger.acknowledge()
            lastGroup = log.segments.last.map { ($0.path, $0.tag, $0.end) }
        } catch {
            guard isExpected(error) else {
                throw .violation(StoreViolation("a group was refused: \(error)"))
            }
            // What was refused cleanly must never turn up. What the process was not told may.
            if error.code != .failed, !disk.state.withLock({ $0.isDead }) { ledger.refuse() }
            remember(group.map(\.0))
        }
    }

    private func remember(_ batches: [MessageBatch]) {
        for batch in batches {
            if let producer = batch.identity?.producer { unknown[producer] = batch }
        }
    }

    /// Whether the disk was told to do this.
    private func isExpected(_ error: MessageStoreError) -> Bool {
        error.system != nil && disk.state.withLock { $0.isDead || $0.failures > 0 }
    }

    /// What is not known to be stored is appended again, and then once more, which stores nothing.
    private func retry() throws(Over) {
        guard let log else { return }
        for (producer, batch) in unknown.sorted(by: { $0.key < $1.key }) {
            var batch = batch
            batch.term = max(batch.term, log.head.term)
            unknown[producer] = nil
            let stored = ledger.entries.last { $0.batch.identity == batch.identity }
            if let stored {
                guard case .repeated(stored.range)? = try? log.stage(batch) else {
                    throw .violation(StoreViolation("\(stored.range) was found, and stored again"))
                }
            } else {
                term = max(term, batch.term)
                try append([batch])
                if log.failure != nil || disk.state.withLock({ $0.isDead }) { return }
            }
        }
    }

    private func truncate(_ choice: UInt64) throws(Over) {
        guard let log, let (index, sequence) = place(choice) else { return }
        ledger.beginTruncating(at: index)
        do throws(MessageStoreError) {
            try log.truncate(from: sequence)
            ledger.refuse()
            lastGroup = log.segments.last.map { ($0.path, $0.tag, $0.end) }
        } catch {
            guard isExpected(error) else {
                throw .violation(StoreViolation("truncating failed: \(error)"))
            }
            if log.failure == nil {
                // It was refused before anything was touched: all is there.
                ledger.acknowledge()
            }
        }
    }

    private func release(_ choice: UInt64) {
        guard let log, let (_, sequence) = place(choice) else { return }
        ledger.beginReleasing(before: sequence)
        try? log.release(before: sequence)
        if log.failure == nil, !disk.state.withLock({ $0.isDead }) {
            ledger.released(before: log.head.first)
        }
    }

    /// A batch that can be read: which of the ledger's, and its first number.
    private func place(_ choice: UInt64) -> (Int, MessageSequence)? {
        let readable = ledger.readable
        guard !readable.isEmpty else { return nil }
        let index = readable.startIndex + Int(choice % UInt64(readable.count))
        return (index, readable[index].range.lowerBound)
    }

    // MARK: Decay

    /// The store is stopped, something on the disk changes, and opening either says so or has lost nothing.
    private func decay(_ end: StoreHistory.End, _ choice: UInt64) throws(Over) {
        let isCalm = end == .process && disk.state.withLock { $0.failures } == failuresBefore
        stop(end)
        ends = []
        let paths = disk.paths.filter { $0.hasSuffix(".zclog") }
        guard !hasLied, !paths.isEmpty else { return try open() }
        if isCalm, let lastGroup, paths.last == lastGroup.path, !isMarked(lastGroup) {
            throw .violation(StoreViolation("nothing says that the last group was durable"))
        }
        let path = paths[Int(choice >> 32) % paths.count]
        let before = disk.bytes(of: path)
        guard !before.isEmpty else { return try open() }
        let place = Int(choice >> 8) % before.count
        let isSector = choice & 1 != 0
        let bytes = isSector ? place & ~511..<min((place & ~511) + 512, before.count) : place..<place + 1
        disk.decay(path) { content in
            for index in bytes where index < content.count {
                content[index] ^=
                    isSector ? UInt8(truncatingIfNeeded: choice >> 16) | 1 : 1 << (choice >> 1 & 7)
            }
        }
        let after = disk.bytes(of: path)
        // Decay that takes everything along that could tell, goes unnoticed.
        let isKnown =
            paths.last != path || ledger.hasGroup(in: path, behind: bytes.upperBound)
            || lastGroup.map { isMarked($0) } ?? false
        switch opened() {
        case .success(let log):
            try check(log, but: isKnown ? nil : (path, bytes))
            self.log = log
        case .failure(let error):
            guard error.code == .corrupt else {
                throw .violation(StoreViolation("decay was called \(error)"))
            }
            guard disk.bytes(of: path) == after else {
                throw .violation(StoreViolation("a file that does not check was changed"))
            }
            // It is mended, from a copy; nothing else is missing.
            disk.decay(path) { $0 = before }
            disk.restart()
            try open()
        }
    }

    /// Whether the last group's mark is whole. A file without a group needs none.
    private func isMarked(_ group: (path: String, tag: UInt64, end: Int)) -> Bool {
        if ledger.entries.last.map({ $0.path != group.path }) ?? true { return true }
        let bytes = SharedBytes(copying: Array(disk.bytes(of: group.path).dropFirst(group.end)))
        guard let mark = RecordHeader(bytes.bytes, tag: group.tag, bytesMax: bytes.count), mark.isMark else {
            return false
        }
        return RecordCodec.isWhole(
            mark, bytes.bytes.extracting(0..<RecordHeader.byteCount), at: group.end)
    }

    private func decayWhileOpen(_ choice: UInt64) throws(Over) {
        guard let log, let path = log.segments.randomElement(using: &random)?.path else { return }
        let before = disk.bytes(of: path)
        let place = Int(choice >> 8) % before.count
        disk.change { ($0.diesAt, $0.fails) = (.max, .max ..< .max) }
        disk.decay(path) { if place < $0.count { $0[place] ^= 1 << (choice & 7) } }
        switch read(log) {
        case .success(let found):
            var copy = ledger
            do throws(StoreViolation) {
                try copy.settle(found, log.head.extent, but: nil)
            } catch {
                throw .violation(error)
            }
        case .failure(let error):
            guard error.code == .corrupt else {
                throw .violation(StoreViolation("decay was called \(error)"))
            }
        }
        disk.decay(path) { if place < $0.count { $0[place] ^= 1 << (choice & 7) } }
    }
}
