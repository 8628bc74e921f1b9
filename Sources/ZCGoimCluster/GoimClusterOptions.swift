public import ZCCluster
public import ZCGoim
internal import ZCNet

/// What members of a room are told where it may have missed something that other nodes have pushed. The
/// application is told in any case.
public enum GoimGapPolicy: Hashable, Sendable {
    /// Nothing: the application sees to it.
    case silent
    /// They are pushed this, ahead of what comes next.
    case notice(GoimMessage)
    /// Their connections are closed, with `missed`, so that they come back and begin anew.
    case close
}

/// What happens between the hub and those of other nodes.
public enum GoimClusterEvent: Hashable, Sendable {
    /// Pushes to a room may have been missed; nil for those to keys, and to everybody.
    case gap(room: String?)
    /// A push has reached nobody at other nodes.
    case refused(ClusterError)
    /// Something came that no hub has sent.
    case ignored(ClusterError)
}

/// How a hub takes part in a cluster. Every default says why it is what it is.
public struct GoimClusterOptions: Hashable, Sendable {
    /// What members of a room are told where it may have missed something.
    public var whenMissed = GoimGapPolicy.silent
    /// How often people are counted, all and in each room. Why a second: clients ask with their heartbeats,
    /// and nobody sees that a number is a second old.
    public var countInterval = Duration.seconds(1)

    /// The defaults of each setting.
    public init() {}

    /// Checks every setting against its limits.
    public func validate() throws {
        let times = Duration.milliseconds(10)...Duration.seconds(3600)
        try ConfigurationError.check("countInterval", countInterval, in: times)
    }
}
