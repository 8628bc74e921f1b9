import Synchronization
import ZCProto

/// What was traded: the totals of each symbol, and the latest trades one by one.
///
/// One task writes; dashboards on any loop read, each from where it has got to.
final class Board: Sendable {
    /// How far a dashboard has got.
    struct Place {
        /// How many trades it has been told of, singly or within others.
        var count = 0
        /// The volume of each symbol that it has been told of.
        var volumes = [UInt64](repeating: 0, count: 256)
    }

    private struct Totals {
        var count = 0
        var volumes = [UInt64](repeating: 0, count: 256)
        var last = [Trade.Value?](repeating: nil, count: 256)
        /// The latest trades, each at its number modulo the count.
        var journal = [Trade.Value](repeating: Trade.Value(), count: 1024)
    }

    /// A dashboard that lags behind by more gets one message for each symbol instead of one for each trade.
    static let singleTradesMax = 256

    private let totals = Mutex(Totals())

    /// Notes a trade.
    func record(_ trade: Trade.Value) {
        let symbol = Int(trade.symbol.byte)
        totals.withLock { totals in
            totals.journal[totals.count % totals.journal.count] = trade
            totals.count += 1
            totals.volumes[symbol] += UInt64(trade.quantity)
            totals.last[symbol] = trade
        }
    }

    /// What a dashboard has not been told of: the trades themselves, or, where those are too many, for each
    /// symbol the last trade with the quantity of all.
    func news(since place: inout Place) -> [Trade.Value] {
        totals.withLock { totals in
            let behind = totals.count - place.count
            defer { place.count = totals.count }
            if behind > Self.singleTradesMax { return Self.conflated(totals, &place) }
            return (place.count..<totals.count).map { number in
                let trade = totals.journal[number % totals.journal.count]
                place.volumes[Int(trade.symbol.byte)] += UInt64(trade.quantity)
                return trade
            }
        }
    }

    private static func conflated(_ totals: Totals, _ place: inout Place) -> [Trade.Value] {
        var news: [Trade.Value] = []
        for symbol in 0..<256 {
            var left = totals.volumes[symbol] - place.volumes[symbol]
            guard left > 0, var trade = totals.last[symbol] else { continue }
            // A quantity has 32 bits; what does not fit comes in further messages.
            while left > 0 {
                trade.quantity = UInt32(clamping: left)
                left -= UInt64(trade.quantity)
                news.append(trade)
            }
            place.volumes[symbol] = totals.volumes[symbol]
        }
        return news
    }

    /// The totals as JSON, to compare a page with.
    var json: String {
        totals.withLock { totals in
            let symbols = (0..<256).compactMap { symbol in
                totals.last[symbol].map { last in
                    "\"\(last.symbol)\":{\"volume\":\(totals.volumes[symbol]),\"price\":\(last.price)}"
                }
            }
            return "{\"trades\":\(totals.count),\"symbols\":{\(symbols.joined(separator: ","))}}\n"
        }
    }
}
