/// What the fuzzer can run.
enum AllTargets {
    static let list: [any FuzzTarget] =
        [
            HeadTarget(kind: .request), HeadTarget(kind: .response), BodyTarget(),
            FrameTarget(), SessionTarget(), SimulationTarget(), ProxyTarget(), URLTarget(), ExtensionTarget(),
            TextTarget(), GoimTarget(), GoimTokenTarget(), SBEMessageTarget(), SchemaTarget(), JSONTarget(),
            HTTPValuesTarget(),
            CarTarget(), TradeTarget(), NATSTarget(), GoimSessionTarget(), GatewayTarget(), StoreTarget(),
        ] + compression + tls

    #if Deflate
    private static let compression: [any FuzzTarget] = [InflaterTarget(), DeflatePairTarget()]
    #else
    private static let compression: [any FuzzTarget] = []
    #endif

    #if TLS
    private static let tls: [any FuzzTarget] = [TLSRecordsTarget(), TLSServerTarget()]
    #else
    private static let tls: [any FuzzTarget] = []
    #endif
}
