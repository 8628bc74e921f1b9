package import ZCCluster
internal import ZCNet
import ZCNetTesting

/// What goes wrong between nodes and the engine of a simulation.
package struct WorldFaults: Sendable {
    /// How long requests and messages take, in microseconds, but for the slow ones.
    package var delayMicroseconds = 200...4000
    /// Of a thousand requests and answers, how many are lost, and how many take seconds.
    var lostPerMille: UInt64 = 20
    var slowPerMille: UInt64 = 10
    /// Of a thousand messages, how many are lost, and how many come twice.
    var lostMessagesPerMille: UInt64 = 50
    var repeatedMessagesPerMille: UInt64 = 20
    /// Whether the log takes appends that follow the same record, where they come close.
    package var isRacy = false

    package init() {}

    /// Nothing goes wrong, and everything takes a little.
    package static var none: WorldFaults {
        var faults = WorldFaults()
        (faults.lostPerMille, faults.slowPerMille) = (0, 0)
        (faults.lostMessagesPerMille, faults.repeatedMessagesPerMille) = (0, 0)
        return faults
    }
}

/// An engine's servers in virtual time, and what happens next: one thread, the same for each seed.
package final class SimulatedWorld: Sendable {
    fileprivate struct Event {
        let due: Int64
        let order: UInt64
        let work: @Sendable () -> Void
    }

    struct State: ~Copyable {
        var random: SimulatedRandom
        var now: Int64 = 0
        fileprivate var heap: [Event] = []
        fileprivate var order: UInt64 = 0
        var memory = EngineMemory(bytesMax: 64 << 20, idsMax: 16)
        var ports: [SimulatedPort] = []
        var isServing = true
        var isCalm = false
    }

    package let faults: WorldFaults
    let state: OwnedCell<State>

    package init(seed: UInt64, _ faults: WorldFaults = WorldFaults()) {
        self.faults = faults
        state = OwnedCell(State(random: SimulatedRandom(seed: seed)))
    }

    package var nowNanoseconds: Int64 { state[].now }
    package func draw(_ limit: UInt64) -> Int { Int(state[].random.next() % limit) }

    /// Ends what goes wrong, so that what was begun comes to its end.
    package func calm() {
        state[].isCalm = true
        state[].isServing = true
    }

    /// Has the log lose the newest record of a channel.
    package func loseNewest(of channel: ChannelName) { state[].memory.loseNewest(of: channel) }

    /// The number of the last message of a channel's newest record.
    package func newestNumber(of channel: ChannelName) -> UInt64? {
        guard let newest = state[].memory.newest(of: channel),
            let record = try? ChannelRecord(newest.bytes, of: channel)
        else { return nil }
        return record.range.upperBound.rawValue - 1
    }

    package func setServing(_ isServing: Bool) { state[].isServing = isServing }

    /// Whether chance has one of a thousand cases happen.
    func happens(_ perMille: UInt64) -> Bool {
        !state[].isCalm && perMille > 0 && state[].random.next() % 1000 < perMille
    }

    func delay() -> Int64 {
        if happens(faults.slowPerMille) { return Int64(draw(3_000_000)) * 1000 }
        let range = faults.delayMicroseconds
        return Int64(range.lowerBound + draw(UInt64(range.count))) * 1000
    }

    // MARK: The agenda

    package func schedule(after nanoseconds: Int64, _ work: @escaping @Sendable () -> Void) {
        state[].order += 1
        state[].heap.append(
            Event(due: state[].now + max(0, nanoseconds), order: state[].order, work: work))
        var child = state[].heap.count - 1
        while child > 0, comes(child, before: (child - 1) / 2) {
            state[].heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private func comes(_ first: Int, before second: Int) -> Bool {
        let (first, second) = (state[].heap[first], state[].heap[second])
        return first.due != second.due ? first.due < second.due : first.order < second.order
    }

    private func takeNext() -> Event? {
        guard let first = state[].heap.first else { return nil }
        let last = state[].heap.removeLast()
        if state[].heap.isEmpty { return first }
        state[].heap[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            if child >= state[].heap.count { return first }
            if child + 1 < state[].heap.count && comes(child + 1, before: child) { child += 1 }
            if !comes(child, before: parent) { return first }
            state[].heap.swapAt(child, parent)
            parent = child
        }
    }

    /// Lets so much time pass.
    package func run(for duration: Duration) {
        let end = state[].now + duration.nanoseconds
        while let due = state[].heap.first?.due, due <= end, let event = takeNext() {
            state[].now = max(state[].now, event.due)
            event.work()
        }
        state[].now = end
    }

    /// Lets time pass until something holds; false where it does not within the time.
    package func run(within duration: Duration, until condition: () -> Bool) -> Bool {
        let end = state[].now + duration.nanoseconds
        while !condition() {
            guard let due = state[].heap.first?.due, due <= end, let event = takeNext() else { return false }
            state[].now = max(state[].now, event.due)
            event.work()
        }
        return true
    }

    // MARK: Ports

    /// A way to the engine for one life of a node.
    package func makePort(_ variant: ClusterVariant = .whole) -> SimulatedPort {
        let port = SimulatedPort(self, variant)
        state[].ports.append(port)
        return port
    }

    /// Brings a message to all ports that listen.
    func spread(_ bytes: SharedBytes, _ topic: ClusterTopic, from sender: SimulatedPort) {
        if sender.isCutOff { return }
        for port in state[].ports where port.hears(topic) {
            if happens(faults.lostMessagesPerMille) || port.isCutOff { continue }
            let count = happens(faults.repeatedMessagesPerMille) ? 2 : 1
            for _ in 0..<count {
                schedule(after: delay()) { port.receive(bytes, topic) }
            }
        }
    }

    /// Tells all ports that watch of an entry.
    func changed(_ entry: LeaseEntry) {
        for port in state[].ports { port.leaseChanged(entry) }
    }
}
