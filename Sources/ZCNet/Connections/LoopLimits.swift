internal import CZCNet
import ZCLibC

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

    /// The defaults.
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
