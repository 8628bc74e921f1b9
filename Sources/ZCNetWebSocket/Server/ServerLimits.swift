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

    /// Limits with the defaults of each setting.
    public init() {}

    /// Checks that every limit is possible.
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

/// What a client may ask for over one connection before, or instead of, a conversation. Every default says
/// why.
public struct RequestLimits: Hashable, Sendable {
    /// So many requests are answered on one connection, and the last answer closes it. A thousand make the
    /// cost of connecting negligible, and let balancers spread the load anew now and then.
    public var requestsMax = 1000
    /// How long a connection may rest between two requests, beginning when the last answer has left; and how
    /// long an answer may stand still. Fifteen seconds outlive the next click or the next scrape of a short
    /// interval.
    public var keepAliveTimeout: Duration = .seconds(15)
    /// The longest body of a request, where its route sets no other; a longer one is answered 413. What
    /// nobody asked for is passed over up to this, so that the connection can go on. 64 KiB take any form
    /// that a person fills in.
    public var bodyBytesMax = 64 << 10
    /// How long a task may take to answer a request, or let a body wait that it reads piece by piece; then
    /// the client is answered 503 and the task is cancelled. Thirty seconds are more than a person waits, and
    /// less than most proxies do. A stream may take any time once it has begun.
    public var answerTimeout: Duration = .seconds(30)

    /// Limits with the defaults of each setting.
    public init() {}

    /// Checks that every limit is possible.
    public func validate(_ name: String = "requests") throws(ConfigurationError) {
        try ConfigurationError.check("\(name).requestsMax", requestsMax, in: 1...1 << 30)
        let times = Duration.milliseconds(10)...Duration.seconds(3600)
        try ConfigurationError.check("\(name).keepAliveTimeout", keepAliveTimeout, in: times)
        try ConfigurationError.check("\(name).answerTimeout", answerTimeout, in: times)
        try ConfigurationError.check("\(name).bodyBytesMax", bodyBytesMax, in: 0...1 << 30)
    }
}

/// Which connections begin with a header of the PROXY protocol, versions 1 or 2, by which a balancer tells
/// whose connection it passes on.
///
/// ```swift
/// configuration.proxyProtocol = .requiredFrom([try IPNetwork(parsing: "10.0.0.0/8")])
/// ```
/// **Trust.** A header is believed, so those who can write one must be balancers. It is never guessed at:
/// where it is required a connection without one ends with a protocol error and no response, and where it is
/// not, one with a header is answered 400 as any other nonsense.
public enum ProxyProtocol: Hashable, Sendable {
    /// No connection begins with a PROXY header.
    case off
    /// All do: nobody but balancers can connect.
    case required
    /// Those from these networks do, and no others. Peers with a Unix domain socket are in no network.
    case requiredFrom([IPNetwork])

    /// Whether a connection from `peer` begins with a header.
    func isRequired(from peer: SocketAddress) -> Bool {
        switch self {
        case .off: false
        case .required: true
        case .requiredFrom(let networks):
            peer.ipAddress.map { address in networks.contains { $0.contains(address) } } ?? false
        }
    }
}
