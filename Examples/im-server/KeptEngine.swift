import ZCCluster
import ZCSBEServer

/// The engine of one process that keeps its records in files: all is in memory as well, and read back when it
/// starts.
///
/// A record has its place in memory first. Nobody is told of it, its author included, before the file has it:
/// answers wait for that, those of readers too. An `Acknowledger` brings records to the store, so that
/// many share a sync of the disk. The records' numbers in the store are their places.
///
/// **A disk that fails.** Memory has what the file has not, so nothing is appended any more, and the process
/// ends. **Threads.** The engine's loop, but for `start` and `close`.
final class KeptEngine: ClusterEngine, @unchecked Sendable {
    // SAFETY: the variables are touched on the engine's loop alone.

    private let local: LocalEngine
    private let store: FileMessageStore
    private let acknowledger: Acknowledger<Int>
    private var appended: UInt64 = 0
    /// The last place that the file has.
    private var kept: UInt64 = 0
    /// Answers that wait for a place, in the order of their coming.
    private var waiting: [(place: UInt64, answer: @Sendable () -> Void)] = []
    private var failure: ClusterError?
    private let onFailure: @Sendable (ClusterError) -> Void

    /// How many records may wait for the disk. The queue's limits are larger, so that it never refuses.
    private static let waitingMax = 4096

    /// - Parameter onFailure: told once where the files take no more.
    init(
        _ local: LocalEngine, in folder: String, onFailure: @escaping @Sendable (ClusterError) -> Void
    ) throws {
        self.local = local
        self.onFailure = onFailure
        store = try FileMessageStore(in: folder)
        var limits = AcknowledgerLimits()
        limits.queue.perKeyEventsMax = nil
        limits.queue.eventsMax = Self.waitingMax * 2
        limits.queue.bytesMax = 2 << 30
        limits.queue.batchBytesMax = 1 << 20
        let answers = Answers()
        acknowledger = try Acknowledger(storingIn: store, limits: limits) { answers.take($0) }
        answers.engine = self
    }

    /// Reads back what there is, and keeps what comes from then on.
    func start() async throws {
        try store.start()
        let records = try await records()
        try await restore(records)
        Task.detached { [acknowledger] in await acknowledger.run() }
    }

    private func records() async throws(MessageStoreError) -> [SharedBytes] {
        let extent = try await store.extent()
        var records: [SharedBytes] = []
        while .first + records.count < extent.next {
            for batch in try await store.read(from: .first + records.count, limit: ReadLimit()) {
                records += batch.batch.messages
            }
        }
        return records
    }

    /// Puts records into memory, each at the place that it had.
    private func restore(_ records: [SharedBytes]) async throws(ClusterError) {
        let result: Result<Void, ClusterError> = await withCheckedContinuation { continuation in
            perform { [self] in
                var newest: [ChannelName: UInt64] = [:]
                for (index, bytes) in records.enumerated() {
                    guard let (channel, record) = Self.unpacked(bytes) else {
                        failed("record \(index + 1), which is none")
                        break
                    }
                    let place = UInt64(index + 1)
                    local.append(record, to: channel, id: "\(place)", behind: newest[channel] ?? 0) {
                        [self] in
                        if $0 != .success(place) { failed("\($0) for record \(place)") }
                    }
                    newest[channel] = place
                }
                // Behind the answers to all of these.
                perform { [self] in
                    (appended, kept) = (UInt64(records.count), UInt64(records.count))
                    continuation.resume(returning: failure.map { .failure($0) } ?? .success(()))
                }
            }
        }
        try result.get()
    }

    /// Takes no more; returns when the file has everything.
    func close() async {
        acknowledger.close()
        try? await store.close()
    }

    // MARK: What memory has once the file has it

    func append(
        _ record: SharedBytes, to channel: ChannelName, id: String, behind place: UInt64,
        answer: @escaping EngineAnswer<UInt64>
    ) {
        guard waiting.count < Self.waitingMax else {
            return answer(
                .failure(
                    ClusterError(
                        .unavailable, expected: "at most \(Self.waitingMax) that wait", got: "one more")))
        }
        local.append(record, to: channel, id: id, behind: place) { [self] result in
            guard case .success(let place) = result else { return answer(result) }
            // One that was offered before has its place already.
            if place > appended {
                appended = place
                keep(Self.packed(channel, record), place)
            }
            whenKept(place) { [self] in answer(failure.map { .failure($0) } ?? result) }
        }
    }

    func newest(of channel: ChannelName, answer: @escaping EngineAnswer<LogRecord?>) {
        local.newest(of: channel) { [self] result in
            let place = (try? result.get())?.place ?? 0
            whenKept(place) { answer(result) }
        }
    }

    func read(
        _ channel: ChannelName, from place: UInt64, limit: ReadLimit,
        answer: @escaping EngineAnswer<[LogRecord]>
    ) {
        local.read(channel, from: place, limit: limit) { [self] result in
            let place = (try? result.get())?.last?.place ?? 0
            whenKept(place) { answer(result) }
        }
    }

    private func keep(_ bytes: SharedBytes, _ place: UInt64) {
        let message = SubmittedMessage(from: ConnectionID(rawValue: 0), reference: place, bytes: bytes)
        if failure == nil && acknowledger.submit(message, key: 0) == .added { return }
        failed("a queue with room")
    }

    private func whenKept(_ place: UInt64, _ answer: @escaping @Sendable () -> Void) {
        if place <= kept || failure != nil { return answer() }
        waiting.append((place, answer))
    }

    /// What became of records, in their order.
    fileprivate func took(_ answers: [Acknowledgement]) {
        for answer in answers {
            switch answer.result {
            case .success(let sequence) where sequence.rawValue == answer.reference:
                kept = sequence.rawValue
            case .success(let sequence): return failed("record \(answer.reference), got \(sequence)")
            case .failure(let error): return failed("\(error)")
            }
        }
        release { $0 <= kept }
    }

    private func failed(_ reason: String) {
        if failure != nil { return }
        let error = ClusterError(.engine, expected: "files that take what comes", got: reason)
        failure = error
        release { _ in true }
        onFailure(error)
    }

    private func release(_ isDue: (UInt64) -> Bool) {
        let due = waiting.filter { isDue($0.place) }
        waiting.removeAll { isDue($0.place) }
        for (_, answer) in due { answer() }
    }

    // MARK: What memory has alone

    var now: MonotonicInstant { local.now }
    var refereesAppends: Bool { true }
    var bytesMax: Int { local.bytesMax }

    @discardableResult
    func perform(_ work: @escaping @Sendable () -> Void) -> Bool { local.perform(work) }

    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
        local.schedule(after: delay, work)
    }

    @discardableResult
    func publish(_ bytes: SharedBytes, to topic: ClusterTopic) -> Bool { local.publish(bytes, to: topic) }

    func subscribe(
        _ topic: ClusterTopic, _ handler: @escaping @Sendable (SharedBytes) -> Void
    ) -> TopicListening { local.subscribe(topic, handler) }

    func unsubscribe(_ listening: TopicListening) { local.unsubscribe(listening) }

    func watchGaps(_ tell: @escaping @Sendable () -> Void) { local.watchGaps(tell) }

    // Leases need not outlive the process: nobody else has any.

    func readLease(_ key: String, answer: @escaping EngineAnswer<LeaseEntry?>) {
        local.readLease(key, answer: answer)
    }

    func writeLease(
        _ key: String, _ value: SharedBytes, at revision: UInt64, answer: @escaping EngineAnswer<UInt64>
    ) { local.writeLease(key, value, at: revision, answer: answer) }

    func watchLeases(
        _ change: @escaping @Sendable (LeaseEntry) -> Void, caughtUp: @escaping @Sendable () -> Void
    ) { local.watchLeases(change, caughtUp: caughtUp) }

    // MARK: Records in the file: a byte with the length of the channel's name, the name, the record

    private static func packed(_ channel: ChannelName, _ record: SharedBytes) -> SharedBytes {
        let name = channel.description.utf8
        return SharedBytes(copying: [UInt8(name.count)] + Array(name) + Array(record))
    }

    private static func unpacked(_ message: SharedBytes) -> (ChannelName, SharedBytes)? {
        let bytes = Array(message)
        guard let count = bytes.first.map({ Int($0) }), bytes.count > count,
            let name = try? ChannelName(String(decoding: bytes[1...count], as: UTF8.self))
        else { return nil }
        return (name, SharedBytes(copying: bytes[(count + 1)...]))
    }
}

/// Brings the store's answers to the engine's loop.
private final class Answers: @unchecked Sendable {
    // SAFETY: set once, before the first record.
    weak var engine: KeptEngine?

    func take(_ answers: [Acknowledgement]) {
        guard let engine else { return }
        engine.perform { [weak engine] in engine?.took(answers) }
    }
}
