/// What the fuzzer can run.
enum AllTargets {
    static let list: [any FuzzTarget] = [
        HeadTarget(kind: .request), HeadTarget(kind: .response), BodyTarget(),
        FrameTarget(), SessionTarget(),
        InflaterTarget(),
        DeflatePairTarget(), SimulationTarget(), ProxyTarget(), URLTarget(), ExtensionTarget(), TextTarget(),
        GoimTarget(), GoimTokenTarget(), SBEMessageTarget(), SchemaTarget(), JSONTarget(), CarTarget(),
        TradeTarget(),
    ]
}
