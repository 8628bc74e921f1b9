// expect: to closure result type 'SBEWritten<TradeVectors.Trade>'
import SBEVectors
import ZCProto

func write(_ bytes: inout MutableRawSpan, _ other: inout MutableRawSpan) throws -> Int {
    try TradeVectors.Trade.encode(into: &bytes) { trade in
        trade.quantity = 1
        return try BenchCarVectors.Car.encode(into: &other) { _ in fatalError() }
    }
}
