/// The hosts of one group, so that a loop can reach the others by message.
///
/// Any thread. Holds a host only until its loop ends, so a group that is over is not kept alive by old
/// handles.
final class SiblingHosts: Sendable {
    private struct Entry {
        let loop: EventLoop
        let host: LoopBound<ConnectionHost>
    }

    private let entries = Locked<[Int: Entry]>([:])
    /// The number of the group's first loop in the process.
    private let firstNumber: Int

    init(_ numbers: LoopNumbers) { firstNumber = numbers[0] }

    func add(_ loop: EventLoop, _ host: ConnectionHost) {
        let bound = LoopBound(host)
        entries.withLock { $0[loop.index] = Entry(loop: loop, host: bound) }
    }

    /// Every host, by index. Only before the loops run: each host belongs to its loop's thread afterwards.
    var all: [ConnectionHost] {
        entries.withLock { entries in entries.keys.sorted().compactMap { entries[$0]?.host.value } }
    }

    /// Ends hosts whose loops never ran: their listening sockets close, and nothing refers to them any more.
    func abandon() {
        let all = entries.withLock { entries in
            defer { entries = [:] }
            return Array(entries.values)
        }
        for entry in all {
            entry.host.value.doors.closeListeners()
            entry.loop.evict()
        }
    }

    func remove(_ index: Int) { entries.withLock { $0[index] = nil } }

    /// Runs `work` with the host that owns a connection, on its loop; for a connection of another group as if
    /// the loop had ended.
    @discardableResult
    func post(
        to id: ConnectionID, isControl: Bool = false,
        _ work: @escaping @Sendable (ConnectionHost) -> Void
    ) -> EventLoop.PostResult {
        post(to: id.loopNumber - firstNumber, isControl: isControl, work)
    }

    /// Runs `work` with the host of a loop, on that loop.
    @discardableResult
    func post(
        to index: Int, isControl: Bool = false, _ work: @escaping @Sendable (ConnectionHost) -> Void
    ) -> EventLoop.PostResult {
        guard let entry = entries.withLock({ $0[index] }) else { return .stopped }
        let bound = entry.host
        return entry.loop.enqueue(isControl: isControl) { work(bound.value) }
    }

    /// One message per other loop.
    func broadcast(_ bytes: SharedBytes, role: UInt16, except: ConnectionID?, from index: Int) {
        let others = entries.withLock { entries in
            // In the order of the loops: a simulated run must not depend on a dictionary's.
            entries.keys.sorted().compactMap { $0 == index ? nil : entries[$0] }
        }
        for entry in others {
            let bound = entry.host
            entry.loop.enqueue { _ = bound.value.broadcast(bytes, role: role, except: except) }
        }
    }
}
