import ZCNet

@testable import ZCCluster

/// The engine of one process, with answers of the log, appends and messages that come late: what a reader is
/// told is what there was when it asked.
final class LateEngine: ClusterEngine {
    struct Delays {
        var read = Duration.zero
        var append = Duration.zero
        var message = Duration.zero
    }

    private let base: LocalEngine
    private let delays: Delays

    init(_ base: LocalEngine, _ delays: Delays) {
        self.base = base
        self.delays = delays
    }

    private func late<Value: Sendable>(_ answer: @escaping EngineAnswer<Value>) -> EngineAnswer<Value> {
        if delays.read == .zero { return answer }
        return { [base, delays] result in base.schedule(after: delays.read) { answer(result) } }
    }

    var now: MonotonicInstant { base.now }
    var refereesAppends: Bool { base.refereesAppends }
    var bytesMax: Int { base.bytesMax }

    func perform(_ work: @escaping @Sendable () -> Void) -> Bool { base.perform(work) }

    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
        base.schedule(after: delay, work)
    }

    func publish(_ bytes: SharedBytes, to topic: ClusterTopic) -> Bool {
        if delays.message == .zero { return base.publish(bytes, to: topic) }
        base.schedule(after: delays.message) { [base] in base.publish(bytes, to: topic) }
        return true
    }

    func subscribe(
        _ topic: ClusterTopic, _ handler: @escaping @Sendable (SharedBytes) -> Void
    ) -> TopicListening { base.subscribe(topic, handler) }

    func unsubscribe(_ listening: TopicListening) { base.unsubscribe(listening) }

    func watchGaps(_ tell: @escaping @Sendable () -> Void) { base.watchGaps(tell) }

    func readLease(_ key: String, answer: @escaping EngineAnswer<LeaseEntry?>) {
        base.readLease(key, answer: answer)
    }

    func writeLease(
        _ key: String, _ value: SharedBytes, at revision: UInt64, answer: @escaping EngineAnswer<UInt64>
    ) { base.writeLease(key, value, at: revision, answer: answer) }

    func watchLeases(
        _ change: @escaping @Sendable (LeaseEntry) -> Void, caughtUp: @escaping @Sendable () -> Void
    ) { base.watchLeases(change, caughtUp: caughtUp) }

    func append(
        _ record: SharedBytes, to channel: ChannelName, id: String, behind place: UInt64,
        answer: @escaping EngineAnswer<UInt64>
    ) {
        if delays.append == .zero {
            return base.append(record, to: channel, id: id, behind: place, answer: answer)
        }
        base.schedule(after: delays.append) { [base] in
            base.append(record, to: channel, id: id, behind: place, answer: answer)
        }
    }

    func newest(of channel: ChannelName, answer: @escaping EngineAnswer<LogRecord?>) {
        base.newest(of: channel, answer: late(answer))
    }

    func read(
        _ channel: ChannelName, from place: UInt64, limit: ReadLimit,
        answer: @escaping EngineAnswer<[LogRecord]>
    ) { base.read(channel, from: place, limit: limit, answer: late(answer)) }
}
