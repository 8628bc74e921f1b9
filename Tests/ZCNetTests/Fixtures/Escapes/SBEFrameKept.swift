// expect: escapes its scope
import ZCProto

func keep(_ link: SBELink<TradeSchema>) async throws {
    var kept: SBEView<Trade>?
    _ = try await link.receive { frame in kept = try frame.next(Trade.self) }
    print(kept?.quantity ?? 0)
}
