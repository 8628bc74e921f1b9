// expect: escapes its scope
import ZCNet
import ZCProto

func last(_ source: inout WriteBuffer) throws -> UInt32 {
    var kept: TradeView?
    while !source.isEmpty {
        kept = try Trade.decode(source.bytes)
        source.clear()
    }
    return kept?.quantity ?? 0
}
