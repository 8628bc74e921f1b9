public import ZCNet

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
    /// The longest body of a request. Nothing here reads bodies: up to this one is passed over, so that the
    /// connection can go on, and a longer one is answered 413. 64 KiB take any form that lands on the wrong
    /// address.
    public var bodyBytesMax = 64 << 10

    /// The defaults.
    public init() {}

    /// Checks every limit.
    public func validate(_ name: String = "requests") throws(ConfigurationError) {
        try ConfigurationError.check("\(name).requestsMax", requestsMax, in: 1...1 << 30)
        let times = Duration.milliseconds(10)...Duration.seconds(3600)
        try ConfigurationError.check("\(name).keepAliveTimeout", keepAliveTimeout, in: times)
        try ConfigurationError.check("\(name).bodyBytesMax", bodyBytesMax, in: 0...1 << 30)
    }
}
