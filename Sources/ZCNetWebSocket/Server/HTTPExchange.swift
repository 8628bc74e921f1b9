import ZCNet

/// One connection's way through HTTP: an optional proxy's preamble, then requests, until one of them becomes a
/// conversation. Loop thread only.
final class HTTPExchange {
    private var preamble: ProxyPreamble?
    private var parser: HTTPHeadParser
    private let limits: HTTPHeadLimits
    /// What the proxy's preamble says the client's address is.
    private(set) var proxiedAddress: SocketAddress?
    /// The limit for the handshake.
    var timer = TimerID.none
    /// A decision is being made elsewhere; nothing is read until it is there.
    var isWaiting = false

    init(_ configuration: WebSocketServer.Configuration) {
        limits = configuration.head
        preamble = configuration.proxies.expectsPreamble ? ProxyPreamble() : nil
        parser = HTTPHeadParser(kind: .request, limits: limits)
    }

    /// What reading comes to.
    enum Outcome {
        case needsMore
        /// Bytes that say nothing to the application.
        case skip(Int)
        case request(HTTPRequestHead, bytes: Int)
        case refused(HTTPError)
    }

    /// Reads what `bytes` begins with; unfinished bytes are shown again with more behind them.
    func read(_ bytes: RawSpan) -> Outcome {
        if var preamble {
            let outcome = preamble.parse(bytes)
            self.preamble = preamble
            switch outcome {
            case .incomplete: return .needsMore
            case .refused(let error): return .refused(error)
            case .complete(let address, let count):
                proxiedAddress = address
                self.preamble = nil
                return .skip(count)
            }
        }
        switch parser.parse(bytes) {
        case .incomplete: return .needsMore
        case .refused(let error): return .refused(error)
        case .response: preconditionFailure("a request parser found a response")
        case .request(let head, let count):
            parser = HTTPHeadParser(kind: .request, limits: limits)
            return .request(head, bytes: count)
        }
    }
}
