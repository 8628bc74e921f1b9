import Synchronization
import ZCNet

/// What crosses from a loop to a consumer: a header, and a body that keeps its chunk until the slot is given
/// back.
@usableFromInline
struct GoimSlot: Sendable {
    var header = GoimHeader(.raw)
    var body = SharedBytes()
}

/// The loop's end of a connection's ring. Loop thread only.
///
/// While the connection is read from, a slot is free: whenever the last one is set, reading pauses, and goes
/// on when the consumer has given one back. So nothing is ever refused, dropped or closed for a full ring.
final class GoimRing {
    private var end: End?
    private let doorbell: GoimDoorbell
    /// The ring's part of the loop's books: its slots, and the bodies that have memory of their own.
    private let account: QueueMemory.Account
    /// Set since the last signal.
    private var isDue = false

    init(
        _ producer: consuming SlotRing<GoimSlot>.Producer, _ doorbell: GoimDoorbell,
        _ account: QueueMemory.Account
    ) {
        end = End(producer: producer)
        self.doorbell = doorbell
        self.account = account
    }

    /// What a ring of so many slots takes by itself.
    static func bytes(slots: Int) -> Int { 512 + slots * MemoryLayout<GoimSlot>.stride }

    /// What the ring holds, counted anew. Its consumer must not be at work meanwhile.
    var audited: Int { end?.audited ?? 0 }

    var isAbandoned: Bool { end?.producer.isAbandoned ?? true }

    /// What became of a proto.
    enum Outcome {
        case set
        /// Set, and the ring is full now: the consumer will tell when there is space.
        case setAndFull
        /// There was no space; whoever resumed reading did so too early.
        case refused
    }

    private struct End: ~Copyable {
        var producer: SlotRing<GoimSlot>.Producer

        mutating func put(
            _ header: GoimHeader, _ body: borrowing ReceivedChunk, _ account: QueueMemory.Account
        ) -> Outcome {
            guard fill(header, body, account) else { return .refused }
            producer.setAdvance()
            // A refusal leaves the wish to be told.
            return hasSpace() ? .set : .setAndFull
        }

        private mutating func fill(
            _ header: GoimHeader, _ body: borrowing ReceivedChunk, _ account: QueueMemory.Account
        ) -> Bool {
            producer.set { slot in
                slot.header = header
                slot.body = body.retain()
                let bytes = slot.body.chargedBytes
                if bytes > 0 { account.add(bytes) }
            }
        }

        var audited: Int {
            var bytes = 0
            var slots = 0
            producer.forEachSlot { slot in
                slots += 1
                bytes += slot.body.chargedBytes
            }
            return GoimRing.bytes(slots: slots) + bytes
        }

        mutating func hasSpace() -> Bool {
            var isEmpty = false
            // What a consumer gives back is empty.
            return producer.set { slot in isEmpty = slot.body.isEmpty } && isEmpty
        }
    }

    /// Whether a slot is free; where none is, the consumer will tell when there is.
    func hasSpace() -> Bool { end?.hasSpace() ?? true }

    /// Puts a proto into the ring; its chunk is retained, and what lies in none is copied.
    func put(_ header: GoimHeader, _ body: borrowing ReceivedChunk) -> Outcome {
        isDue = true
        return end?.put(header, body, account) ?? .refused
    }

    /// Wakes the consumer, once per burst.
    func signal() {
        if !isDue { return }
        isDue = false
        end?.producer.signal()
        doorbell.ring()
    }

    /// Nothing more will come; what was set can still be taken.
    func finish() {
        end = nil
        doorbell.finish()
    }
}

extension GoimConversation {
    /// The consumer's end of a new ring, where the options ask for one.
    @usableFromInline
    func makeRing() -> GoimConsumer? {
        guard case .consumer(let slots) = withCore({ $0.options.mode }), let handle = session[].handle else {
            return nil
        }
        do throws(ConfigurationError) {
            let ring = try SlotRing<GoimSlot>(capacity: slots) { GoimSlot() }
            let doorbell = GoimDoorbell()
            let producer = ring.producer
            let account = QueueMemory.Account(
                base.queues, GoimRing.bytes(slots: producer.capacity))
            let made = GoimRing(producer, doorbell, account)
            handle.ring = made
            withCore { $0.rings[handle.id] = made }
            session[].flags.insert(.ringed)
            return GoimConsumer(
                ring.consumer, handle, doorbell, account, format: format, isWebSocket: webSocket != nil,
                acknowledges: withCore { $0.acknowledges })
        } catch {
            // The options were checked when the server was made.
            preconditionFailure("\(error)")
        }
    }

    /// Hands a message to the consumer, and stops reading where that has filled the ring.
    @usableFromInline
    func putIntoRing(_ header: GoimHeader, _ body: borrowing ReceivedChunk) {
        guard let ring = session[].handle?.ring else { return }
        if ring.isAbandoned { return close(.local) }
        // A body that straddled two receptions is copied.
        if !body.isRetainable, !body.isEmpty, !base.mayQueue(body.count) {
            return close(.connection(.overflow))
        }
        switch ring.put(header, body) {
        case .set: return
        case .refused:
            // Without a slot the message could only be lost: the connection goes, and says why.
            close(.connection(.overflow))
        case .setAndFull:
            count(.ringPauses)
            base.pauseReading()
        }
    }

    /// Reads again, unless the ring is full: then the consumer will tell when there is space.
    ///
    /// Why a look when the consumer has told: where a slot was given back at the moment that the ring was
    /// found full, the word comes though reading never paused, and may arrive in a later pause, with no slot
    /// free. The next word is for that one.
    func resumeReading() {
        if session[].handle?.ring?.hasSpace() == false { return }
        base.resumeReading()
    }
}

/// How a loop tells a dispatcher that a ring has something, and both that the connection is over. A consumer
/// that sleeps in `ready()` is woken by the ring itself.
final class GoimDoorbell: Sendable {
    /// Whom to tell.
    ///
    /// A value of its own, because a closure that is looked at through a generic lock is wrapped anew each
    /// time, and written back so: the wrappings would grow with every message until the stack is too short.
    private struct Waker: Sendable {
        let wake: @Sendable () -> Void
    }

    private let hasWaker = Atomic<Bool>(false)
    private let waker = Locked<Waker?>(nil)
    private let finished = Atomic<Bool>(false)

    /// Whom to tell from now on. By the dispatcher, once.
    func setWaker(_ wake: @escaping @Sendable () -> Void) {
        waker.withLock { $0 = Waker(wake: wake) }
        hasWaker.store(true, ordering: .sequentiallyConsistent)
    }

    /// Forgets whom to tell.
    func dropWaker() {
        hasWaker.store(false, ordering: .relaxed)
        waker.withLock { $0 = nil }
    }

    /// Rings the consumer's bell, once per burst.
    func ring() {
        if hasWaker.load(ordering: .sequentiallyConsistent) { waker.withLock { $0 }?.wake() }
    }

    /// Nothing more will come.
    func finish() {
        finished.store(true, ordering: .releasing)
        ring()
    }

    /// Whether nothing more will come: whoever sees this and then an empty ring is done.
    var isFinished: Bool { finished.load(ordering: .acquiring) }
}
