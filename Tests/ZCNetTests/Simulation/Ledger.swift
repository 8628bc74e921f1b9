@testable import ZCNet
@testable import ZCNetTesting

/// What handlers of a simulated server were told, by connection. One thread in fact; a lock satisfies the
/// compiler.
final class Ledger: Sendable {
    struct Entry {
        var opens = 0
        var closes = 0
        var bytesIn = 0
        var writables = 0
        var ends = 0
        var reason: CloseCause?
        var peer: SocketAddress?
    }

    private let entries = Locked<[ConnectionID: Entry]>([:])
    private let notes = Locked<[String]>([])

    func update(_ id: ConnectionID, _ change: (inout Entry) -> Void) {
        entries.withLock { change(&$0[id, default: Entry()]) }
    }

    func note(_ text: String) { notes.withLock { $0.append(text) } }

    var texts: [String] { notes.withLock { $0 } }
    var all: [Entry] { entries.withLock { Array($0.values) } }
    var ids: [ConnectionID] { entries.withLock { Array($0.keys) } }
    var opens: Int { all.reduce(0) { $0 + $1.opens } }
    var closes: Int { all.reduce(0) { $0 + $1.closes } }
    var causes: [CloseCause] { all.compactMap { $0.reason } }

    func entry(of peer: SimulatedPeer) -> Entry? { all.first { $0.peer == peer.address } }

    /// Every open was followed by exactly one close.
    var isBalanced: Bool { all.allSatisfy { $0.opens == 1 && $0.closes == 1 } }
}
