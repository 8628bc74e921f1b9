// expect: inout writeback to computed property 'state' occurs in multiple arguments to call
import ZCProto

func clobber(_ first: inout [Int], _ second: inout [Int]) -> Int {
    let view = first.span
    second = []
    return view[0]
}

struct Handler: SBEMessageHandler {
    typealias Schema = TradeSchema
    func makeState() -> [Int] { [1, 2, 3] }
    static func declare(_ routes: inout SBERoutes<Self>) {
        routes.on(Trade.self) { _, _, peer in _ = clobber(&peer.state, &peer.state) }
    }
}
