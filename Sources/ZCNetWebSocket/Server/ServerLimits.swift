public import ZCNet

/// What a server as a whole admits, over all of its loops. Who comes beyond is turned away with status 503
/// and told when to try again; all of it is counted. Every default says why.
///
/// Beside these, `tcp.connectionsMax` lets connections wait in the kernel, and `tcp.perAddressMax` resets
/// them before a byte was read; but that one counts TCP peers, and behind a balancer all have one address.
public struct ServerLimits: Hashable, Sendable {
    /// The most conversations at a time; nil (the default) sets no limit but connections.
    public var conversationsMax: Int?
    /// The most conversations of one client at a time, by its real address: behind a proxy the one that
    /// ``WebSocketServer/Configuration/proxyProtocol`` and ``WebSocketServer/Configuration/forwarded`` find.
    /// Of an IPv6 address the first 64 bits count. Nil (the default) sets none: many people share one
    /// address where carriers translate addresses.
    public var conversationsPerClientMax: Int?
    /// The most connections that have not begun a conversation. For each further one the oldest of them is
    /// reset, without an answer, which would cost as much as what it protects from; whoever waits for the
    /// application's decision stays, and if all do, the further one is reset. Nil (the default) is half of
    /// `tcp.connectionsMax`, where that is set and above 64: strangers who never say what they want leave
    /// half of the places to others. While all places of `tcp.connectionsMax` are taken, whoever has been
    /// without a conversation for a second is reset as well, so that those who wait get in.
    public var handshakesMax: Int?
    /// While so much output waits on a loop, no conversation begins there. Nil (the default) leaves it to
    /// the loop's pool of buffers, which refuses output at its own limit.
    public var queuedBytesMax: Int?
    /// When those who are turned away are asked to come back. Five seconds spread a crowd and annoy nobody.
    public var retryAfter: Duration = .seconds(5)

    /// The defaults.
    public init() {}

    /// Checks every limit.
    public func validate(_ name: String = "limits") throws(ConfigurationError) {
        let counts = 1...1 << 30
        try ConfigurationError.check("\(name).conversationsMax", conversationsMax, in: counts)
        try ConfigurationError.check(
            "\(name).conversationsPerClientMax", conversationsPerClientMax, in: counts)
        try ConfigurationError.check("\(name).handshakesMax", handshakesMax, in: counts)
        try ConfigurationError.check("\(name).queuedBytesMax", queuedBytesMax, in: 1...1 << 40)
        try ConfigurationError.check(
            "\(name).retryAfter", retryAfter, in: .seconds(1)...Duration.seconds(86_400))
    }

    /// An answer that asks the client to come back.
    func unavailable(_ text: String) -> HTTPResponse {
        var response = HTTPResponse(status: 503, text: text + "\n")
        response.headers.set("Retry-After", to: "\(retryAfter.components.seconds)")
        return response
    }
}
