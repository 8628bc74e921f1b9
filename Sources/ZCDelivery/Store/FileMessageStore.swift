import Synchronization
public import ZCNet

/// A store in files: append-only, checked, safe against crashes, and with many batches to one sync.
///
/// ```swift
/// let store = try FileMessageStore(in: "messages")     // reads what is there; may take a while
/// try store.start()                                    // a thread of its own, or run() on one of yours
/// let range = try await store.append(MessageBatch(messages))
/// try await store.close()
/// ```
/// **Threads.** Opening blocks the calling thread on the disk. After that all work with files is done on one
/// thread: the one that the application gives to ``run()``, or one that it asks for with ``start()``. Every
/// other method may be called from any thread or task, an event loop's too, and never waits for the disk: it
/// posts a job, and its task suspends. A task that is cancelled still gets its answer.
///
/// **Group commit.** While the disk makes one group durable, the batches that come in gather, and are written
/// and synced together: the busier the store, the more batches share a sync. ``append(_:)`` returns when its
/// batch is durable (`fdatasync`), never before.
///
/// **Crashes.** Each batch is one record with a CRC-32C. Opening checks all of them, by the format alone and
/// not by the options, and makes durable what it found before it shows it. What a crash cut short at the
/// very end had been acknowledged to nobody and is removed; ``recovery`` says so. Anything else that does
/// not check was stored once and has decayed: opening, or reading, then fails with `corrupt`, and nothing is
/// thrown away. After a loss of power (not after ``close()``, or the end of a process) decay of the very
/// last group cannot be told from an unfinished write.
///
/// **Errors.** `full` and `io` leave the store as it was before the batch. After a failed sync it is not
/// known what is on the disk: everything fails with `failed` from then on, and the store has to be opened
/// again, where it finds out. It trusts nothing then that the system only says is durable: the last group is
/// written again.
///
/// **Complexity.** Appending is O(bytes), one copy of each message into the group. Reading a message reads
/// about `indexSpacingBytes`; memory is 16 bytes for each of those. Opening is linear in the log's bytes, and
/// takes two syncs.
///
/// **Limits.** ``FileStoreOptions``. Jobs are done in the order of their coming, so a long read delays the
/// appends behind it. One process at a time; a lock on the folder keeps others out.
public final class FileMessageStore: MessageStore {
    /// What was found when the store was opened.
    public let recovery: StoreRecovery
    /// The files, and what was moved out of the mailbox; the thread that serves uses them.
    private let log: OwnedCell<SegmentLog>
    private let options: FileStoreOptions
    private let mailbox: MailboxQueue<StoreJob>
    private let signal = ThreadSignal()
    private let figures = DeliveryFigures()
    private let pendingBytes = Atomic<Int>(0)
    private let refusals = Atomic<Int>(0)
    private let isServed = Atomic<Bool>(false)

    /// Opens the store in a folder, or begins one there. Blocks while it reads and checks what is there.
    /// Makes the folder, and those above it, if they are missing; only their owner may enter.
    public convenience init(
        in folder: String, options: FileStoreOptions = FileStoreOptions()
    ) throws(MessageStoreError) {
        try self.init(in: folder, options: options, files: SystemFiles())
    }

    package init(
        in folder: String, options: FileStoreOptions, files: any StoreFiles
    ) throws(MessageStoreError) {
        let log = try SegmentLog(folder, options, files)
        do throws(ConfigurationError) {
            mailbox = try MailboxQueue(countMax: options.pendingMax)
        } catch {
            throw MessageStoreError(.configuration, expected: error.expected, got: error.got)
        }
        recovery = log.recovery
        self.log = OwnedCell(log)
        self.options = options
    }

    // MARK: Any thread

    /// Begins a thread that serves the store until it is closed. Once, and instead of ``run()``.
    public func start() throws(SystemError) {
        claim()
        do throws(SystemError) {
            try PosixThread(name: "zcnet-store") { self.serve() }.detach()
        } catch {
            isServed.store(false, ordering: .relaxed)
            throw error
        }
    }

    /// Serves the store on the calling thread until it is closed. Once, and instead of ``start()``.
    public func run() {
        claim()
        serve()
    }

    /// Stores a batch and returns once it is durable.
    public func append(_ batch: MessageBatch) async throws(MessageStoreError) -> Range<MessageSequence> {
        let bytes = batch.byteCount
        guard pendingBytes.add(bytes, ordering: .relaxed).newValue <= options.pendingBytesMax else {
            pendingBytes.subtract(bytes, ordering: .relaxed)
            refusals.add(1, ordering: .relaxed)
            throw MessageStoreError(
                .overloaded, expected: "at most \(options.pendingBytesMax) bytes that wait",
                got: "\(bytes) more")
        }
        return try await ask { .append(batch, bytes: bytes, $0) }.get()
    }

    /// Whole batches from the one that holds `sequence` on.
    public func read(
        from sequence: MessageSequence, limit: ReadLimit = ReadLimit()
    ) async throws(MessageStoreError) -> [StoredBatch] {
        try await ask { .read(sequence, limit, $0) }.get()
    }

    /// Removes a message and all behind it. If it fails half-way, the store has to be opened again.
    public func truncate(from sequence: MessageSequence) async throws(MessageStoreError) {
        try await ask { .truncate(sequence, $0) }.get()
    }

    /// Removes the oldest files, those whose messages all come before a number.
    public func release(before sequence: MessageSequence) async throws(MessageStoreError) {
        try await ask { .release(sequence, $0) }.get()
    }

    /// What the store holds.
    public func extent() async throws(MessageStoreError) -> StoreExtent {
        try await ask { .extent($0) }.get()
    }

    /// Does what was asked before, closes the files in good order, and ends the store's thread. Later calls
    /// are answered `closed`. When it returns, the folder may be opened again. A store that nobody serves is
    /// closed on the calling thread.
    public func close() async throws(MessageStoreError) {
        if !isServed.exchange(true, ordering: .acquiringAndReleasing) {
            mailbox.close()
            serve()
            return
        }
        try await ask(isControl: true) { .close($0) }.get()
    }

    /// The store's figures. Any thread.
    public func snapshot() -> DeliverySnapshot {
        var snapshot = figures.snapshot()
        snapshot[.pendingBatches] = mailbox.count
        snapshot[.pendingBytes] = pendingBytes.load(ordering: .relaxed)
        snapshot[.failedBatches] += refusals.load(ordering: .relaxed)
        return snapshot
    }

    private func claim() {
        let wasServed = isServed.exchange(true, ordering: .acquiringAndReleasing)
        precondition(!wasServed, "a store is served by one thread")
    }

    private func ask<Value: Sendable>(
        isControl: Bool = false, _ job: (StoreJob.Answer<Value>) -> StoreJob
    ) async -> Result<Value, MessageStoreError> {
        await awaitedAnswer { answer in
            let job = job(answer)
            switch mailbox.push(job, isControl: isControl) {
            case .queued: break
            case .wake: signal.signal()
            case .full:
                forget(job)
                job.refuse(
                    MessageStoreError(.overloaded, expected: "at most \(options.pendingMax) calls that wait"))
            case .closed:
                forget(job)
                job.refuse(MessageStoreError(.closed))
            }
        }
    }

    /// Gives back what a refused job had reserved.
    private func forget(_ job: StoreJob) {
        guard case .append(_, let bytes, _) = job else { return }
        pendingBytes.subtract(bytes, ordering: .relaxed)
        refusals.add(1, ordering: .relaxed)
    }

    // MARK: The store's thread

    private func serve() {
        let log = log[]
        var group = CommitGroup(log: log, figures: figures)
        var closings: [StoreJob.Answer<Void>] = []
        while true {
            let isClosed = mailbox.isClosed
            mailbox.drain { job in
                if case .close(let answer) = job {
                    closings.append(answer)
                } else {
                    self.carryOut(job, &group)
                }
            }
            group.commit()
            if isClosed { break }
            if closings.isEmpty { signal.wait() } else { mailbox.close() }
        }
        let closed: Result<Void, MessageStoreError> = log.failure.map { .failure($0) } ?? .success(())
        log.close()
        for answer in closings { answer.give(closed) }
    }

    private func carryOut(_ job: StoreJob, _ group: inout CommitGroup) {
        let log = log[]
        if case .append(let batch, let bytes, let answer) = job {
            pendingBytes.subtract(bytes, ordering: .relaxed)
            group.add(batch, bytes, answer)
            return
        }
        // What follows an append sees it.
        group.commit()
        switch job {
        case .read(let sequence, let limit, let answer):
            answer.give(
                Self.outcome { () throws(MessageStoreError) in
                    try log.read(from: sequence, limit: limit)
                })
        case .truncate(let sequence, let answer):
            answer.give(
                Self.outcome { () throws(MessageStoreError) in
                    try log.truncate(from: sequence)
                })
        case .release(let sequence, let answer):
            answer.give(
                Self.outcome { () throws(MessageStoreError) in
                    try log.release(before: sequence)
                })
        case .extent(let answer):
            answer.give(
                Self.outcome { () throws(MessageStoreError) in
                    try log.check()
                    return log.head.extent
                })
        case .append, .close: break
        }
    }

    private static func outcome<Value>(
        _ body: () throws(MessageStoreError) -> Value
    ) -> Result<Value, MessageStoreError> {
        do throws(MessageStoreError) { return .success(try body()) } catch { return .failure(error) }
    }
}

/// How a ``FileMessageStore`` keeps its files, and what it may hold in memory.
public struct FileStoreOptions: Hashable, Sendable {
    /// When a file is full and the next one is begun. Why 64 MiB: quick to check after a crash, and few.
    public var segmentBytesMax = 64 << 20
    /// The most bytes on the disk of a batch that is to be appended. What is stored is read whatever its
    /// size.
    public var batchBytesMax = 16 << 20
    /// The most bytes that are written before they are made durable together; a batch larger than that is
    /// written alone. Why 4 MiB: a few milliseconds of a disk.
    public var groupBytesMax = 4 << 20
    /// The most calls that wait for the store's thread.
    public var pendingMax = 65_536
    /// The most bytes of batches that wait to be stored.
    public var pendingBytesMax = 64 << 20
    /// How many producers' last batches are remembered.
    public var producersMax = 65_536
    /// How far apart the places are that are remembered for reading. Why 64 KiB: 16 bytes of memory for each,
    /// and one read finds a message.
    public var indexSpacingBytes = 64 << 10

    /// Options with the defaults of each setting.
    public init() {}

    /// Checks that every setting is possible.
    public func validate() throws(ConfigurationError) {
        try ConfigurationError.check("segmentBytesMax", segmentBytesMax, in: 4096...1 << 40)
        try ConfigurationError.check("batchBytesMax", batchBytesMax, in: 1024...RecordHeader.recordBytesMax)
        try ConfigurationError.check("groupBytesMax", groupBytesMax, in: 4096...1 << 30)
        try ConfigurationError.check("pendingMax", pendingMax, in: 1...1 << 24)
        try ConfigurationError.check("pendingBytesMax", pendingBytesMax, in: 1...1 << 40)
        try ConfigurationError.check("producersMax", producersMax, in: 1...1 << 24)
        try ConfigurationError.check("indexSpacingBytes", indexSpacingBytes, in: 4096...1 << 30)
    }
}
