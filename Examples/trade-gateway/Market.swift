import ZCProto

/// Prices that walk, the same in every run.
struct Market {
    static let symbols: [Character] = ["A", "B", "C", "D", "E", "F", "G", "H"]

    private(set) var count = 0
    private var seed: UInt64 = 29
    private var cents: [Int] = symbols.indices.map { 5000 + $0 * 1500 }

    private mutating func draw(_ limit: Int) -> Int {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(seed >> 33) % limit
    }

    /// The next trade. Its number is one more than the last one's.
    mutating func next() -> Trade.Value {
        // The first symbols are traded most.
        let index = min(draw(Self.symbols.count), draw(Self.symbols.count))
        cents[index] = max(100, cents[index] + draw(41) - 20)
        count += 1
        var trade = Trade.Value()
        trade.tradeId = UInt64(count)
        trade.symbol = SBEChar(Self.symbols[index].asciiValue ?? 0)
        trade.price = Double(cents[index]) / 100
        trade.quantity = UInt32(1 + draw(100))
        return trade
    }
}
