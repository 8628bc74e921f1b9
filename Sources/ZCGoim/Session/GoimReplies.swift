import ZCNet
import ZCNetWebSocket

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
