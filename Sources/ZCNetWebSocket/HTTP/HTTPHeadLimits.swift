public import ZCNet

/// How large a request or response head may be. Every default says why.
public struct HTTPHeadLimits: Hashable, Sendable {
    /// The whole head. 16 KiB hold the cookies of any browser twice.
    public var bytesMax = 16 << 10
    /// The request line. Longer ones are answered 414.
    public var lineBytesMax = 8 << 10
    /// How many header lines there may be. Browsers send fewer than thirty.
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
