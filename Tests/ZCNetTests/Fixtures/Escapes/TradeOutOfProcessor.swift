// expect: lifetime-dependent variable 'kept' escapes its scope
import ZCProto

func first(_ bytes: [UInt8]) throws {
    var kept: TradeView?
    try TradeMessageProcessor().process(bytes.span) { trades in kept = trades[0] }
    print(kept?.price ?? 0)
}
