import ZCNet
import Synchronization

/// What becomes of messages for a subscription that does not keep up, which its handler says by
/// ``NATSSubscription/hold()``.
public enum NATSSlowPolicy: Hashable, Sendable {
    /// Nothing is read from the connection until it goes on: nothing is lost here, other subscriptions wait
    /// with it, and a server that waits too long ends the connection.
    case pause
    /// They are dropped, and counted.
    case dropNewest
    /// The subscription ends; the client stays.
    case close
}

/// A subscription: its pattern, its handler, and how it gets on. Ends by ``end(afterMessages:)`` or with its
/// client.
///
/// **Threads.** Any, but for the handler's calls, which come on the client's loop, one at a time.
/// **Ownership.** The client keeps it until it ends.
public final class NATSSubscription: Sendable {
    /// Called with each message, on the loop. Both are lent.
    public typealias Handler =
        @Sendable (_ message: borrowing NATSMessage, _ connection: borrowing NATSConnection) -> Void

    /// What it listens to.
    public let pattern: NATSPattern
    /// The group of which one member gets each message; nil for none.
    public let queue: NATSSubject?
    /// What becomes of messages while it is held.
    public let slowPolicy: NATSSlowPolicy

    let handler: Handler
    /// The loop's own: nobody else looks.
    let state: OwnedCell<State>
    private let core: NATSCore
    private let droppedCount = Atomic<Int>(0)

    struct State: ~Copyable {
        /// 0 while it is not there.
        var sid = 0
        var delivered = 0
        /// After how many it ends; nil for never.
        var messagesMax: Int?
        var isHeld = false
        /// Whether the application was told that it is slow.
        var isReported = false
    }

    init(
        _ pattern: NATSPattern, queue: NATSSubject?, _ slowPolicy: NATSSlowPolicy, messagesMax: Int?,
        core: NATSCore, _ handler: @escaping Handler
    ) {
        self.pattern = pattern
        self.queue = queue
        self.slowPolicy = slowPolicy
        self.core = core
        self.handler = handler
        state = OwnedCell(State(messagesMax: messagesMax))
    }

    /// How many messages were dropped as it was held.
    public var dropped: Int { droppedCount.load(ordering: .relaxed) }

    func countDropped() { droppedCount.add(1, ordering: .relaxed) }

    /// Ends it at once, or once it had so many messages in all; what the server has sent meanwhile is
    /// dropped. Any thread.
    public func end(afterMessages count: Int? = nil) {
        core.inOrder { [self] core in core.end(self, after: count) }
    }

    /// Ends it, and delivers first what the server has sent already; `completion` comes on the loop when
    /// nothing more will. Any thread.
    public func drain(_ completion: @escaping @Sendable () -> Void = {}) {
        core.inOrder { [self] core in core.drain(self, completion) }
    }

    /// Takes no more until ``resume()``: its policy says what becomes of messages meanwhile. Any thread;
    /// within its own handler from the next message on.
    public func hold() {
        if core.loop.isCurrent {
            state[].isHeld = true
        } else {
            core.perform { [self] _ in state[].isHeld = true }
        }
    }

    /// Takes messages again. Any thread.
    public func resume() { core.perform { [self] core in core.resume(self) } }
}

/// The subscriptions of a client, found by the number that servers know them by. The loop's own.
struct SubscriptionTable: ~Copyable {
    /// What a message finds: without counting references.
    private var slots: [LoopReference<NATSSubscription>?] = []
    /// What keeps them from going.
    private var owners: [NATSSubscription?] = []
    private var generations: [UInt32] = []
    private var free: [Int] = []
    private(set) var count = 0

    private static let slotBits = 21

    /// Where a number's slot is.
    @inline(__always)
    private static func slot(of sid: Int) -> Int { (sid & (1 << slotBits - 1)) - 1 }

    /// Gives a subscription its number; the first ones are small, as every message carries one.
    mutating func add(_ subscription: NATSSubscription) -> Int {
        let slot: Int
        if let last = free.popLast() {
            slot = last
        } else {
            slot = slots.count
            slots.append(nil)
            owners.append(nil)
            generations.append(0)
        }
        slots[slot] = LoopReference(subscription)
        owners[slot] = subscription
        count += 1
        let sid = Int(generations[slot]) << Self.slotBits | (slot + 1)
        subscription.state[].sid = sid
        return sid
    }

    /// The subscription of a number; nil when it is gone.
    @inline(__always)
    func find(_ sid: Int) -> LoopReference<NATSSubscription>? {
        let slot = Self.slot(of: sid)
        guard slot >= 0, slot < slots.count, sid >> Self.slotBits == Int(generations[slot]) else {
            return nil
        }
        return slots[slot]
    }

    /// Forgets a subscription; whoever may be in its handler keeps what is answered until that is over.
    mutating func remove(_ sid: Int) -> NATSSubscription? {
        guard find(sid) != nil else { return nil }
        let slot = Self.slot(of: sid)
        defer {
            slots[slot] = nil
            owners[slot] = nil
            // Why 31 bits: sid stays positive, and fits 18 digits.
            generations[slot] = (generations[slot] + 1) & 0x7FFF_FFFF
            free.append(slot)
            count -= 1
        }
        let subscription = owners[slot]
        subscription?.state[].sid = 0
        return subscription
    }

    /// All of them, oldest slot first.
    var all: [NATSSubscription] { owners.compactMap { $0 } }
}

extension WriteBuffer {
    /// Tells a server of a subscription, and after how many messages from now on it ends.
    mutating func append(_ subscription: NATSSubscription) throws(WriteBufferError) {
        let sid = subscription.state[].sid
        let pattern = subscription.pattern.bytes
        let queue = subscription.queue?.bytes ?? SharedBytes()
        try appendSubscription(pattern.bytes, queue: queue.bytes, sid: sid)
        guard let most = subscription.state[].messagesMax else { return }
        try appendUnsubscription(sid: sid, after: max(1, most - subscription.state[].delivered))
    }
}
