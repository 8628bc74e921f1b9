/// What one connection may use, and what happens when it wants more. Every default says why it is what it is.
public struct ConnectionLimits: Hashable, Sendable {
    /// Output above this stops reading from the connection, so that an echo to a slow reader needs bounded
    /// memory. 256 KiB is about what a fast loopback or data-centre path keeps in flight.
    public var outboundHighWatermarkBytes = 256 << 10

    /// Reading resumes, and `onWritable` is called, once output has fallen to this. Half of the high mark
    /// keeps the kernel's buffer fed while the other half is made.
    public var outboundLowWatermarkBytes = 128 << 10

    /// Never more output than this waits for one connection. 16 MiB takes a message of the largest default
    /// size.
    public var outboundBytesMax = 16 << 20

    /// What happens to output beyond `outboundBytesMax`.
    public var overflowPolicy = OverflowPolicy.signal

    /// Whether output above the high watermark stops reading. Turn it off only where what is sent does not
    /// depend on what is received.
    public var pausesReadingUnderPressure = true

    /// Bytes that a handler may leave unread to see them again; more closes the connection. 1 MiB holds any
    /// sane header or small message; protocols with larger messages bring a limit of their own.
    public var unreadBytesMax = 1 << 20

    /// How long bytes may stay unread without the handler taking any of them, while the connection is read
    /// from; nil (the default) sets no limit, as only a protocol knows how long its messages may take. Longer
    /// closes with `timeout: message`.
    public var unreadTimeout: Duration?

    /// Nothing received or sent for so long closes the connection; nil never does. Two minutes outlive the
    /// usual heartbeats and are shorter than most NAT tables' memory.
    public var idleTimeout: Duration? = .seconds(120)

    /// The greatest age of a connection; nil (the default) sets none.
    public var lifetimeMax: Duration?

    /// How long a closing connection may stand still: none of its output is acknowledged by the peer, or,
    /// once all is, the peer does not end its side. Ten seconds are several retransmissions.
    public var lingerTimeout: Duration = .seconds(10)

    /// How long a closing connection may take in all, however steadily its peer reads on. In five minutes a
    /// line of half a megabit per second takes the 16 MiB that may wait; who trickles holds them no longer.
    public var drainTimeoutMax: Duration = .seconds(300)

    /// Whether a peer that has ended its sending may still be sent to until the application closes. Off by
    /// default: the connection then closes by itself once its output is out.
    public var allowsHalfClose = false

    /// The defaults.
    public init() {}

    package func validate(_ name: String) throws(ConfigurationError) {
        let bytes = 1...1 << 40
        try ConfigurationError.check("\(name).outboundBytesMax", outboundBytesMax, in: 1...Int(UInt32.max))
        try ConfigurationError.check(
            "\(name).outboundHighWatermarkBytes", outboundHighWatermarkBytes, in: bytes)
        try ConfigurationError.check(
            "\(name).outboundLowWatermarkBytes", outboundLowWatermarkBytes, in: 0...outboundHighWatermarkBytes
        )
        try ConfigurationError.check("\(name).unreadBytesMax", unreadBytesMax, in: 1...1 << 30)
        let times = Duration.milliseconds(1)...Duration.seconds(200 * 86_400)
        try ConfigurationError.check("\(name).unreadTimeout", unreadTimeout, in: times)
        try ConfigurationError.check("\(name).idleTimeout", idleTimeout, in: times)
        try ConfigurationError.check("\(name).lifetimeMax", lifetimeMax, in: times)
        try ConfigurationError.check("\(name).lingerTimeout", lingerTimeout, in: times)
        try ConfigurationError.check("\(name).drainTimeoutMax", drainTimeoutMax, in: times)
    }
}

/// What happens to output beyond a connection's byte limit.
@frozen
public enum OverflowPolicy: UInt8, Hashable, Sendable, CaseIterable {
    /// It is not taken; the sender is told `full` and keeps it.
    case signal
    /// The connection is closed with the cause `overflow`.
    case close
    /// It is dropped and counted; the sender is told `full`.
    case dropNewest
    /// As `signal`, but output sent with a key replaces waiting output of the same key, so a slow reader gets
    /// the latest value of each key instead of all of them.
    case conflate
}
