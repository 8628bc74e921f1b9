import ZCNetTesting

@testable import ZCSBEServer

/// Trades for tests.
enum TradeSamples {
    static func trade(
        _ id: UInt64, _ symbol: SBEChar = "A", _ price: Double = 100.5, _ quantity: UInt32 = 10
    ) -> Trade.Value {
        var trade = Trade.Value()
        (trade.tradeId, trade.symbol, trade.price, trade.quantity) = (id, symbol, price, quantity)
        return trade
    }

    /// Trades with running numbers.
    static func run(_ ids: ClosedRange<UInt64>) -> [Trade.Value] { ids.map { trade($0) } }

    /// Any trade; prices are bit patterns that are equal to themselves.
    static func random(_ random: inout SimulatedRandom) -> Trade.Value {
        trade(
            random.next(), SBEChar(UInt8(truncatingIfNeeded: random.next())),
            Double(Int32(truncatingIfNeeded: random.next())) / 64, UInt32(truncatingIfNeeded: random.next()))
    }

    /// A message of a later version, whose block has bytes that this version does not know.
    static func newer(_ trade: Trade.Value, version: UInt8 = 1, extra: Int = 4) -> [UInt8] {
        var bytes = Trade.encoded([trade]) + [UInt8](repeating: 0xEE, count: extra)
        bytes[0] = UInt8(21 + extra)
        bytes[6] = version
        return bytes
    }

    /// What a processor delivers, copied; or why it delivers nothing.
    static func process(
        _ bytes: [UInt8], _ options: GatewayOptions = GatewayOptions()
    ) -> Result<[Trade.Value], GatewayError> {
        var trades: [Trade.Value] = []
        do throws(GatewayError) {
            let count = try TradeMessageProcessor(options).process(bytes.span) { batch in
                batch.forEach { trades.append(Trade.Value($0)) }
            }
            return count == trades.count
                ? .success(trades) : .failure(GatewayError(template: count, expected: [], at: -1))
        } catch {
            return .failure(error)
        }
    }
}
