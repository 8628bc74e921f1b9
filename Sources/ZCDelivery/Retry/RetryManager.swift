public import ZCNet

/// Sends messages again until their receivers say that they have them: send, await the acknowledgement, send
/// again after a while, and give up in the end.
///
/// ```swift
/// let retries = try RetryManager(on: group.loops, policy: policy) { letter in
///     offline.keep(letter.message)
/// }
/// // delivering
/// peer.send(frame)
/// retries.add(OutstandingMessage(id: 7, to: peer.id, bytes: frame))
/// // the receiver's acknowledgement came
/// retries.acknowledge(7, from: peer.id)
/// ```
/// A message is known by its number *and* its connection: one message may be outstanding with many receivers,
/// and nobody acknowledges for somebody else.
///
/// **Shards.** Messages are spread over the loops by their number, so no lock is needed and no loop does the
/// work of all. A message is watched by its shard's loop and sent again by its connection's.
///
/// **Ownership.** The manager keeps each message's bytes until it is acknowledged or given up. It names
/// connections and keeps none alive: a message whose connection is over is given up when it is due.
///
/// **Threads.** Every method from any thread. On the shard's own loop a call does its work at once; from
/// elsewhere it is posted, one allocation each and one wake-up per burst. `resend` runs on the loop of the
/// connection, `deadLetter` on the loop of the shard.
///
/// **Complexity.** O(1) per operation, about 115 bytes per message; see ``RetryTable``.
///
/// **Limits.** ``RetryPolicy``; `outstandingMax` and `outstandingBytesMax` are divided among the shards.
public final class RetryManager: Sendable {
    private let shards: [RetryShard]

    /// Spreads messages over loops, which must be of one group.
    ///
    /// - Parameters:
    ///   - loops: all loops of the group whose connections messages are sent to. They need not run yet.
    ///   - policy: waits and limits.
    ///   - resend: sends a message again, on the loop of its connection; by default `bytes` as they are.
    ///     Answers what became of it: `closed` gives the message up.
    ///   - deadLetter: is given what was given up.
    public init(
        on loops: [EventLoop], policy: RetryPolicy = RetryPolicy(),
        resend: @escaping @Sendable (OutstandingMessage, borrowing LoopContext) -> SendResult = {
            message, context in context.send(message.bytes, to: message.connection)
        },
        deadLetter: @escaping @Sendable (DeadLetter) -> Void
    ) throws(ConfigurationError) {
        guard !loops.isEmpty else {
            throw ConfigurationError(field: "loops", expected: "at least one", got: "none")
        }
        try policy.validate()
        var share = policy
        share.outstandingMax = (policy.outstandingMax + loops.count - 1) / loops.count
        share.outstandingBytesMax = (policy.outstandingBytesMax + loops.count - 1) / loops.count
        let handling = RetryHandling(resend: resend, deadLetter: deadLetter)
        var shards: [RetryShard] = []
        for loop in loops {
            shards.append(try RetryShard(on: loop, siblings: loops, policy: share, handling: handling))
        }
        self.shards = shards
    }

    /// Watches a message that was just sent. `added` also stands for one that was watched before, whose waits
    /// begin anew.
    @discardableResult
    public func add(_ message: OutstandingMessage) -> RetryAddition { shard(of: message.id).add(message) }

    /// Takes a message off that its receiver has; one that nobody waits for is counted and otherwise ignored.
    /// False when the acknowledgement could not be taken, as too many wait or the loop has ended.
    @discardableResult
    public func acknowledge(_ id: UInt64, from connection: ConnectionID) -> Bool {
        shard(of: id).acknowledge(id, from: connection)
    }

    /// Messages outstanding at about this moment.
    public var outstanding: Int { shards.reduce(0) { $0 + $1.outstanding } }

    /// Messages outstanding in each shard.
    public var outstandingByShard: [Int] { shards.map(\.outstanding) }

    /// The figures of all shards. The loops' own snapshots have the most important ones, too.
    public func snapshot() -> DeliverySnapshot {
        shards.dropFirst().reduce(shards[0].snapshot()) { $0.merged(with: $1.snapshot()) }
    }

    private func shard(of id: UInt64) -> RetryShard {
        // Multiplied, as numbers often share their low bits; the high half spreads evenly over any count.
        let mixed = id &* 0x9E37_79B9_7F4A_7C15
        return shards[Int(mixed.multipliedFullWidth(by: UInt64(shards.count)).high)]
    }
}
