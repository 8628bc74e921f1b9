public import ZCNet

/// Where one connection's messages come out for a thread that may take its time: the four steps of goim's
/// ring.
///
/// ```swift
/// mutating func onConsumer(_ consumer: consuming GoimConsumer, of peer: inout GoimPeer) {
///     dispatcher.add(consumer)                    // or a thread of one's own, which then goes like this:
/// }
///
/// func serve(_ consumer: consuming GoimConsumer) {
///     var replies = consumer.makeReplies()
///     while consumer.ready() == .ready {          // sleeps until there is something, or the end
///         while consumer.get({ proto in           // borrowed, within the closure
///             store(proto.bytes)
///             replies.acknowledge(proto.header)
///         }) {
///             consumer.getAdvance()
///         }
///         replies.flush()
///     }
/// }
/// ```
/// **Ownership.** A slot keeps the memory that its body was received into until `getAdvance()`, so bodies
/// stay whole however slow the consumer is. A full ring is met by not reading from the connection.
///
/// **Threads.** One at a time; may be moved to another, cannot be copied. Dropping it closes the connection.
///
/// **Cost.** Of each message: a reference of its chunk, taken and given back; no lock, and an allocation only
/// where bytes had been left unread.
public struct GoimConsumer: ~Copyable, Sendable {
    private var consumer: SlotRing<GoimSlot>.Consumer
    private let handle: GoimHandle
    private let doorbell: GoimDoorbell
    private let account: QueueMemory.Account
    private let format: GoimHeaderFormat
    private let isWebSocket: Bool
    private let acknowledges: Bool

    init(
        _ consumer: consuming SlotRing<GoimSlot>.Consumer, _ handle: GoimHandle, _ doorbell: GoimDoorbell,
        _ account: QueueMemory.Account, format: GoimHeaderFormat, isWebSocket: Bool, acknowledges: Bool
    ) {
        self.consumer = consumer
        self.handle = handle
        self.doorbell = doorbell
        self.account = account
        self.format = format
        self.isWebSocket = isWebSocket
        self.acknowledges = acknowledges
    }

    deinit { handle.perform(isControl: true) { $0.close(.local) } }

    /// The connection, to send to it.
    public var remote: GoimRemote { GoimRemote(handle: handle) }

    /// Names the connection to the application.
    public var key: String { handle.key }

    /// Collects answers, to be sent together.
    public func makeReplies() -> GoimReplies {
        GoimReplies(handle, format, isWebSocket: isWebSocket, acknowledges: acknowledges)
    }

    /// Sleeps until there is a message, or the connection is over and every message was taken. Never on a
    /// loop.
    public mutating func ready() -> RingSignal { consumer.ready() }

    /// Lends the message at the read position to `body`; false, and nothing is called, if there is none now.
    /// Until `getAdvance()`, further calls lend the same one. O(1).
    ///
    /// Neither the proto nor its bytes can leave the closure, and this value cannot be used within.
    public mutating func get<Failure: Error>(
        _ body: (borrowing GoimProto) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        try consumer.get { (slot) throws(Failure) in
            try body(GoimProto(slot.header, body: ReceivedChunk(slot.body.bytes)))
        }
    }

    /// Keeps the body of the message at the read position beyond `getAdvance()`, without a copy. Nil if there
    /// is none.
    public mutating func retain() -> SharedBytes? {
        var kept: SharedBytes?
        return consumer.get({ slot in kept = slot.body }) ? kept : nil
    }

    /// Gives the message that `get` lent back, and its memory to the loop. A programmer's error without
    /// one. O(1).
    public mutating func getAdvance() {
        _ = consumer.get { slot in
            let bytes = slot.body.chargedBytes
            slot.body = SharedBytes()
            if bytes > 0 { account.add(-bytes) }
        }
        if consumer.getAdvance() {
            handle.perform(isControl: true) { $0.resumeReading() }
        }
    }

    /// Says that nothing more will be taken: the connection closes.
    public consuming func finish() {}

    /// For the dispatcher.
    var bell: GoimDoorbell { doorbell }
}
