public import ZCNet
import ZCNetWebSocket

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

    /// What the dispatcher is woken by.
    var bell: GoimDoorbell { doorbell }
}

/// Answers of a consumer to its connection, put together on its own thread and sent in one post.
///
/// ```swift
/// replies.reply(to: proto.header, result.bytes)
/// replies.flush()
/// ```
/// **Threads.** One at a time. **Ownership.** Bodies are copied. **Limits.** Flushes by itself at 32 KiB.
public struct GoimReplies: ~Copyable, Sendable {
    private static let flushBytes = 32 << 10
    private let handle: GoimHandle
    private let format: GoimHeaderFormat
    private let isWebSocket: Bool
    private let acknowledges: Bool
    private var buffer: WriteBuffer
    /// Answers that could not be put together for lack of memory, or found the loop's mailbox full.
    public private(set) var lost = 0
    private var waiting = 0
    /// Whether the message at hand was answered.
    var isAnswered = false

    init(_ handle: GoimHandle, _ format: GoimHeaderFormat, isWebSocket: Bool, acknowledges: Bool) {
        self.handle = handle
        self.format = format
        self.isWebSocket = isWebSocket
        self.acknowledges = acknowledges
        buffer = WriteBuffer(limit: 1 << 30)
    }

    /// The connection that is answered.
    public var remote: GoimRemote { GoimRemote(handle: handle) }

    /// Answers a message: same sequence and operation, with a body.
    public mutating func reply(to header: GoimHeader, _ body: RawSpan) {
        isAnswered = true
        append(header, body)
    }

    /// Answers a message without a body, as goim does, unless the options say that messages are not answered.
    public mutating func acknowledge(_ header: GoimHeader) {
        isAnswered = true
        // An empty batch is nothing in a stream.
        if acknowledges && (isWebSocket || header.operation != .raw) { append(header, RawSpan()) }
    }

    /// The message at hand is not answered by the dispatcher.
    public mutating func withhold() { isAnswered = true }

    private mutating func append(_ header: GoimHeader, _ body: RawSpan) {
        let start = buffer.count
        do throws(WriteBufferError) {
            if isWebSocket {
                let first = FrameHead.final | 2
                let head = FrameHead.make(first: first, count: format.headerBytes + body.byteCount)
                for index in 0..<head.count { try buffer.append(head.byte(at: index)) }
            }
            try buffer.append(header, body: body, format)
            waiting += 1
        } catch {
            buffer.truncate(to: start)
            lost += 1
        }
        if buffer.count >= Self.flushBytes { flush() }
    }

    /// Has the loop send what was put together. One allocation and one post; nothing without answers.
    public mutating func flush() {
        if buffer.isEmpty { return }
        let bytes = SharedBytes(copying: buffer.bytes)
        let count = waiting
        // Why not kept: thousands of quiet connections would each keep what their largest burst took.
        buffer.clear(keepingCapacity: false)
        waiting = 0
        if handle.perform({ $0.sendEncoded(bytes, protos: count) }) == .full { lost += count }
    }
}

extension GoimConversation {
    /// Sends protos that are encoded for this connection.
    func sendEncoded(_ bytes: SharedBytes, protos: Int) {
        if session[].flags.contains(.over) || webSocket?.isOver == true { return }
        let result = base.send(bytes, key: 0)
        if !result.isAccepted { count(.repliesDropped, protos) }
    }
}
