internal import ZCNet

/// What handlers were told. A lock satisfies the compiler where there is one thread in fact.
package final class TradeLog: Sendable {
    private let lines = Locked<[String]>([])
    private let ids = Locked<[UInt64]>([])

    package init() {}

    package func add(_ line: String) { lines.withLock { $0.append(line) } }
    package func add(trade id: UInt64) { ids.withLock { $0.append(id) } }
    package var all: [String] { lines.withLock { $0 } }
    package var trades: [UInt64] { ids.withLock { $0 } }
}
