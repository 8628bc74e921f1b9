public import ZCNet

/// Messages that wait to be acknowledged, on a wheel of their own: what a ``RetryManager`` has one of per
/// shard, and enough by itself where everything happens on one thread.
///
/// ```swift
/// var table = try RetryTable(policy: policy, now: clock.now())
/// _ = table.add(OutstandingMessage(id: 7, to: peer.id, bytes: frame), now: clock.now())
/// // the receiver says that it has it
/// _ = table.acknowledge(7, from: peer.id)
/// // a turn: sleep until `nextExpiry()`, then
/// table.advance(to: clock.now(), resend: { send($0) }, deadLetter: { keep($0) })
/// ```
/// **Ownership.** The table keeps each message's bytes until it is acknowledged or given up. It knows
/// connections by name only, so it keeps none of them alive.
///
/// **Threads.** One at a time.
///
/// **Complexity.** Adding, acknowledging and expiring are O(1), but for the doubling of blocks that are full;
/// after that nothing allocates. About 115 bytes per message. Cheapest where messages are numbered one
/// after the other.
///
/// **Limits.** ``RetryPolicy``.
public struct RetryTable: ~Copyable {
    // Why not private: the compiler of Swift 6.3 fails on slabs of private types in other files' structs.
    struct Entry {
        let id: UInt64
        let connection: ConnectionID
        var bytes: SharedBytes
        var timer: TimerID
        /// 32 bits of the key's hash, as in the index.
        let hash: UInt32
        var retries: UInt32
        /// Fills the cache line, so that an entry lies on one and not on two.
        private let filler: UInt64 = 0

        init(_ message: OutstandingMessage, hash: UInt32) {
            id = message.id
            connection = message.connection
            bytes = message.bytes
            timer = .none
            self.hash = hash
            retries = 0
        }

        var message: OutstandingMessage {
            var message = OutstandingMessage(id: id, to: connection, bytes: bytes)
            message.retries = Int(retries)
            return message
        }
    }

    /// The waits and limits.
    public let policy: RetryPolicy
    private var entries: Slab<Entry>
    private var index: RetryIndex
    private var wheel: TimingWheel
    /// The waits in nanoseconds; the last one repeats.
    private let waits: [Int64]
    private let seed: UInt64
    /// Where jitter comes from.
    private var noise: UInt64

    /// Bytes of the messages outstanding.
    public private(set) var outstandingBytes = 0
    /// Messages outstanding that were sent again at least once.
    public private(set) var retriedCount = 0

    /// An empty table that stands at `now`.
    ///
    /// - Parameter seed: makes places in the index unpredictable; nil draws one from the system.
    public init(
        policy: RetryPolicy = RetryPolicy(), now: MonotonicInstant, seed: UInt64? = nil
    ) throws(ConfigurationError) {
        try policy.validate()
        let wheel = try TimingWheel(tick: policy.tick, origin: now)
        self.policy = policy
        self.wheel = wheel
        entries = Slab()
        index = RetryIndex()
        waits = policy.waits
        self.seed = seed ?? UInt64.random(in: 1 ... .max)
        noise = self.seed | 1
    }

    /// How many messages are outstanding.
    public var count: Int { entries.count }

    /// When ``advance(to:limit:resend:deadLetter:)`` has something to do next; nil while nothing is
    /// outstanding.
    public var nextExpiry: MonotonicInstant? { wheel.nextExpiry() }

    /// About how many bytes the table's own blocks take; the messages' bytes are not in it.
    public var memoryBytes: Int {
        entries.capacity * MemoryLayout<Entry>.stride + index.memoryBytes + wheel.memoryBytes
    }

    /// Watches a message that was just sent.
    public mutating func add(_ message: OutstandingMessage, now: MonotonicInstant) -> RetryAddition {
        let hash = hash(message.id, message.connection)
        let deadline = deadline(afterRetries: 0, from: now)
        if let spot = find(hash, message.id, message.connection) {
            let place = SlotIndex(rawValue: spot.place)
            outstandingBytes += message.bytes.count - entries[place].bytes.count
            if entries[place].retries > 0 { retriedCount -= 1 }
            entries[place].bytes = message.bytes
            entries[place].retries = 0
            let isArmed = wheel.rearm(entries[place].timer, at: deadline)
            assert(isArmed, "every outstanding message has a timer")
            return .restarted
        }
        guard entries.count < policy.outstandingMax,
            message.bytes.count <= policy.outstandingBytesMax - outstandingBytes
        else { return .full }
        let place = entries.insert(Entry(message, hash: hash))
        entries[place].timer = wheel.schedule(TimerPayload(rawValue: UInt64(place.rawValue)), at: deadline)
        index.insert(id: message.id, hash: hash, place: place.rawValue, numbers: entries)
        outstandingBytes += message.bytes.count
        return .added
    }

    /// Takes a message off that its receiver has. False when nothing waited for that: it was acknowledged or
    /// given up before, or sent to somebody else.
    public mutating func acknowledge(_ id: UInt64, from connection: ConnectionID) -> Bool {
        take(id, from: connection) != nil
    }

    /// Gives up a message whose connection is known to be over. Nil when nothing waited.
    public mutating func abandon(_ id: UInt64, from connection: ConnectionID) -> DeadLetter? {
        take(id, from: connection).map { DeadLetter($0.message, .connectionClosed) }
    }

    /// Moves time on: what waited too long is sent again, or given up.
    ///
    /// - Parameters:
    ///   - now: the time.
    ///   - limit: how many messages at most; the rest stays due, and ``nextExpiry`` says so.
    ///   - resend: sends a message again and says what became of it: `closed` gives it up, everything else,
    ///     `full` included, counts as a retry.
    ///   - deadLetter: is given what was given up. Neither closure can reach the table.
    /// - Returns: how many messages were sent again.
    @discardableResult
    public mutating func advance(
        to now: MonotonicInstant, limit: Int = .max, resend: (OutstandingMessage) -> SendResult,
        deadLetter: (DeadLetter) -> Void
    ) -> Int {
        wheel.advance(to: now)
        var (handled, retries) = (0, 0)
        while handled < limit, let expired = wheel.popExpired() {
            handled += 1
            let place = SlotIndex(rawValue: UInt32(truncatingIfNeeded: expired.payload.rawValue))
            guard Int(entries[place].retries) < policy.retriesMax else {
                deadLetter(DeadLetter(forget(place).message, .unacknowledged))
                continue
            }
            if entries[place].retries == 0 { retriedCount += 1 }
            entries[place].retries += 1
            retries += 1
            if resend(entries[place].message) == .closed {
                deadLetter(DeadLetter(forget(place).message, .connectionClosed))
                continue
            }
            let deadline = deadline(afterRetries: Int(entries[place].retries), from: now)
            entries[place].timer = wheel.schedule(expired.payload, at: deadline)
        }
        return retries
    }

    /// Takes a message off, with its timer.
    @inline(__always)
    private mutating func take(_ id: UInt64, from connection: ConnectionID) -> Entry? {
        guard let spot = find(hash(id, connection), id, connection) else { return nil }
        let entry = entries.remove(SlotIndex(rawValue: spot.place))
        _ = wheel.cancel(entry.timer)
        index.remove(spot, hash: entry.hash)
        discount(entry)
        return entry
    }

    /// Forgets a message whose timer is gone.
    private mutating func forget(_ place: SlotIndex) -> Entry {
        let entry = entries.remove(place)
        index.remove(id: entry.id, hash: entry.hash, place: place.rawValue)
        discount(entry)
        return entry
    }

    private mutating func discount(_ entry: borrowing Entry) {
        outstandingBytes -= entry.bytes.count
        if entry.retries > 0 { retriedCount -= 1 }
    }

    /// Where a message is; until the next change.
    @inline(__always)
    private func find(_ hash: UInt32, _ id: UInt64, _ connection: ConnectionID) -> RetryIndex.Spot? {
        index.find(id: id, hash: hash) { place in
            // The timer mostly has the same place in its store, for both are taken and given back together.
            // So it is on its way while the entry is looked at.
            wheel.prefetch(place)
            let place = SlotIndex(rawValue: place)
            return entries[place].id == id && entries[place].connection == connection
        }
    }

    private func hash(_ id: UInt64, _ connection: ConnectionID) -> UInt32 {
        // Both halves of a 128-bit product depend on all bits of both factors.
        let product = (id ^ seed).multipliedFullWidth(
            by: connection.rawValue &* 0x9E37_79B9_7F4A_7C15 ^ seed | 1)
        let mixed = product.high ^ product.low
        return UInt32(truncatingIfNeeded: mixed ^ mixed >> 32)
    }

    private mutating func deadline(afterRetries retries: Int, from now: MonotonicInstant) -> MonotonicInstant
    {
        var wait = waits[min(retries, waits.count - 1)]
        if policy.jitter > 0 {
            // Xorshift: jitter needs variety, not secrecy.
            noise ^= noise << 13
            noise ^= noise >> 7
            noise ^= noise << 17
            wait += Int64(Double(wait) * (Double(noise >> 11) * 0x1p-53 * policy.jitter))
        }
        return now.later(byNanoseconds: wait)
    }
}
