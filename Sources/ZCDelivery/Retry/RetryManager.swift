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
/// **Shards.** A message is watched, and sent again, by the loop of its connection, so no lock is needed.
/// What a handler acknowledges for its own connection is looked for at once: whoever acknowledges what was
/// never sent, or was sent to somebody else, takes nobody's place in a queue.
///
/// **Ownership.** The manager keeps each message's bytes until it is acknowledged or given up. It names
/// connections and keeps none alive: a message whose connection is over is given up when it is due.
///
/// **Threads.** Every method from any thread. On the connection's own loop a call does its work at once; from
/// elsewhere it is posted, one allocation each and one wake-up per burst. `resend` and `deadLetter` run on
/// the loop of the connection.
///
/// **Complexity.** O(1) per operation, about 115 bytes per message; see ``RetryTable``.
///
/// **Limits.** ``RetryPolicy``; `outstandingMax` and `outstandingBytesMax` hold for all loops together. From
/// elsewhere, 65,536 acknowledgements may wait for a loop beside the messages on their way there.
public final class RetryManager: Sendable {
    private let shards: [RetryShard]
    private let loops: [EventLoop]

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
        let handling = RetryHandling(resend: resend, deadLetter: deadLetter)
        let allowance = RetryAllowance(policy)
        var shards: [RetryShard] = []
        for loop in loops {
            shards.append(try RetryShard(on: loop, policy: policy, allowance: allowance, handling: handling))
        }
        self.shards = shards
        self.loops = loops
    }

    /// Watches a message that was just sent. `added` also stands for one that was watched before, whose waits
    /// begin anew.
    @discardableResult
    public func add(_ message: OutstandingMessage) -> RetryAddition {
        shard(of: message.connection).add(message)
    }

    /// Takes a message off that its receiver has; one that nobody waits for is counted and otherwise ignored.
    /// False when the acknowledgement could not be taken, as too many from elsewhere wait or the loop has
    /// ended; never on the connection's own loop while that runs.
    @discardableResult
    public func acknowledge(_ id: UInt64, from connection: ConnectionID) -> Bool {
        shard(of: connection).acknowledge(id, from: connection)
    }

    /// Messages outstanding at about this moment.
    public var outstanding: Int { shards.reduce(0) { $0 + $1.outstanding } }

    /// Messages outstanding in each shard.
    public var outstandingByShard: [Int] { shards.map(\.outstanding) }

    /// The figures of all shards. The loops' own snapshots have the most important ones, too.
    public func snapshot() -> DeliverySnapshot {
        shards.dropFirst().reduce(shards[0].snapshot()) { $0.merged(with: $1.snapshot()) }
    }

    /// That of the connection's loop. For a connection of none of them, which cannot be sent to, any.
    private func shard(of connection: ConnectionID) -> RetryShard {
        // The loops of a group are numbered one after the other, and mostly all of them are here.
        let place = connection.loopNumber - loops[0].number
        if loops.indices.contains(place), loops[place].owns(connection) { return shards[place] }
        return shards[loops.firstIndex { $0.owns(connection) } ?? 0]
    }
}
