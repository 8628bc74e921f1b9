import ZCProto

/// What handlers were told. A lock satisfies the compiler where there is one thread in fact.
final class TradeLog: Sendable {
    private let lines = Locked<[String]>([])
    private let ids = Locked<[UInt64]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }
    func add(trade id: UInt64) { ids.withLock { $0.append(id) } }
    var all: [String] { lines.withLock { $0 } }
    var trades: [UInt64] { ids.withLock { $0 } }
}
