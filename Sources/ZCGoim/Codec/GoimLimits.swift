import ZCNet

/// How large protos may be.
public struct GoimLimits: Hashable, Sendable {
    /// The longest body. 4096 is goim's own limit, so that every goim client can be answered.
    public var bodyBytesMax = 4096
    /// The longest body of a raw batch (op 9): what a client takes from a server. 256 KiB hold 60 protos of
    /// the greatest size; servers merge 20.
    public var batchBytesMax = 256 << 10

    /// The defaults.
    public init() {}

    /// Checks both limits.
    public func validate(_ name: String = "limits") throws(ConfigurationError) {
        try ConfigurationError.check("\(name).bodyBytesMax", bodyBytesMax, in: 4...1 << 24)
        try ConfigurationError.check("\(name).batchBytesMax", batchBytesMax, in: bodyBytesMax...1 << 28)
    }
}
