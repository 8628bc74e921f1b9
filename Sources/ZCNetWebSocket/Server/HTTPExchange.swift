import ZCNet

/// One connection's way through HTTP: requests, until one of them becomes a conversation. Loop thread only.
final class HTTPExchange {
    private var parser: HTTPHeadParser
    private let limits: HTTPHeadLimits
    /// The limit for the handshake.
    var timer = TimerID.none
    /// A decision is being made elsewhere; nothing is read until it is there.
    var isWaiting = false

    init(_ limits: HTTPHeadLimits) {
        self.limits = limits
        parser = HTTPHeadParser(limits: limits)
    }

    /// Reads the request that `bytes` begins with; an unfinished one is shown again with more behind it.
    func read(_ bytes: RawSpan) -> HTTPHeadParser.Outcome {
        let outcome = parser.parse(bytes)
        if case .request = outcome { parser = HTTPHeadParser(limits: limits) }
        return outcome
    }
}
