internal import CZCNet
import ZCLibC

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

    /// Limits with the defaults of each setting.
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

/// What one loop may use. Every default says why it is what it is.
public struct LoopLimits: Sendable {
    /// The memory that a loop receives into. 512 KiB takes what a fast sender keeps in flight in one call;
    /// pages that no reception reaches are never touched.
    public var chunkBytes = 512 << 10

    /// What a callback's small sends are gathered in. 64 KiB holds the replies to a chunk of small messages.
    public var corkBytes = 64 << 10

    /// All that the loop's connections may hold at a time, whichever layer holds it: unread bytes, messages
    /// in progress, inflated messages, compression contexts, output that waits, retained chunks. What would
    /// exceed it ends the connections that hold most, or is refused; `Docs/Limits.md` says which.
    ///
    /// The loops of one machine take at most a quarter of its memory, and a loop no more than 256 MiB, which
    /// is enough for thousands of half-received messages.
    public var memoryBytesMax = LoopLimits.defaultMemoryBytesMax

    /// Buffers for unfinished messages and for output that the kernel has not taken.
    public var pool = BufferPool.Configuration()

    /// The step of the loop's timers. 10 ms keeps a wheel of years at a few kilobytes; network timeouts need
    /// no finer.
    public var timerTick: Duration = .milliseconds(10)

    /// Messages from other threads that may wait. A million is seconds of overload, not minutes of hidden
    /// delay.
    public var mailboxMessagesMax = 1 << 20

    /// A callback longer than this is reported as slow. 100 ms is noticed by people.
    public var slowCallback: Duration = .milliseconds(100)

    /// A quarter of the machine's memory, shared among as many loops as it has processors: 16 MiB at least,
    /// 256 MiB at most.
    public static let defaultMemoryBytesMax: Int = {
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        let pageBytes = sysconf(Int32(_SC_PAGESIZE))
        let processors = Int(zc_processor_count())
        // Where the system does not say, it is taken for a machine of ordinary size.
        guard pages > 0, pageBytes > 0 else { return 256 << 20 }
        return min(256 << 20, max(16 << 20, pages / 4 * pageBytes / processors))
    }()

    /// Limits with the defaults of each setting.
    public init() {}

    func validate(_ name: String) throws(ConfigurationError) {
        try ConfigurationError.check("\(name).chunkBytes", chunkBytes, in: 16 << 10...64 << 20)
        try ConfigurationError.check("\(name).memoryBytesMax", memoryBytesMax, in: 1 << 20...1 << 46)
        try ConfigurationError.check("\(name).corkBytes", corkBytes, in: 4096...16 << 20)
        try ConfigurationError.check(
            "\(name).timerTick", timerTick, in: .milliseconds(1)...Duration.seconds(1))
        try ConfigurationError.check("\(name).mailboxMessagesMax", mailboxMessagesMax, in: 16...1 << 30)
        try ConfigurationError.check(
            "\(name).slowCallback", slowCallback, in: .milliseconds(10)...Duration.seconds(3600))
    }
}
