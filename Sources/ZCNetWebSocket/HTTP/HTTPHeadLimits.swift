import ZCNet

/// How large the head of a request or response may be. Every default says why.
///
/// These bound what a peer can make the process hold before it has proved anything.
public struct HTTPHeadLimits: Hashable, Sendable {
    /// The whole head, its last empty line included; a longer one is answered 431. 16 KiB hold the cookies,
    /// tokens and proxy fields that browsers and balancers really send, twice over.
    public var bytesMax = 16 << 10
    /// The request line or status line without its end; a longer one is answered 414. 8 KiB is what RFC 9112
    /// section 3 recommends to support at least.
    public var lineBytesMax = 8 << 10
    /// How many header fields there may be; more are answered 431. Browsers send fewer than thirty.
    public var headersMax = 100

    /// The defaults.
    public init() {}

    /// Checks every limit.
    public func validate(_ name: String = "head") throws(ConfigurationError) {
        try ConfigurationError.check("\(name).bytesMax", bytesMax, in: 256...1 << 20)
        try ConfigurationError.check("\(name).lineBytesMax", lineBytesMax, in: 64...bytesMax)
        try ConfigurationError.check("\(name).headersMax", headersMax, in: 1...10_000)
    }
}
