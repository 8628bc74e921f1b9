import ZCNet
import ZCNetWebSocket

/// What the connections of one server or client share on one loop. Loop thread only, but for the figures,
/// which any thread may read.
///
/// SAFETY: `Sendable` is unchecked because of that.
@usableFromInline
package final class GoimCore: @unchecked Sendable {
    @usableFromInline let options: GoimOptions
    @usableFromInline let bodyBytesMax: Int
    @usableFromInline let acknowledges: Bool
    let loop: EventLoop
    /// Where keys and rooms are found; nil at a client.
    let directory: (any GoimDirectory)?
    let figures: GoimFigures
    /// Who counts the connections that have not authenticated; none at a client.
    let handshakes: GoimHandshakes
    /// The authenticated connections of this loop.
    var members = MemberRow<GoimConversation>()
    /// Where a proto is put together that is sent in one piece.
    private var scratch: WriteBuffer
    /// A client's connections that have just come up.
    var opened: [ConnectionID: GoimHandle] = [:]
    /// The loop's ends of the rings that connections have.
    var rings: [ConnectionID: GoimRing] = [:]
    private var hasEntered = false

    init(
        _ options: GoimOptions, loop: EventLoop, figures: GoimFigures, directory: (any GoimDirectory)?,
        handshakes: GoimHandshakes = GoimHandshakes()
    ) {
        self.options = options
        self.handshakes = handshakes
        self.loop = loop
        self.directory = directory
        self.figures = figures
        bodyBytesMax = directory == nil ? options.limits.batchBytesMax : options.limits.bodyBytesMax
        acknowledges = options.acknowledgesMessages
        scratch = WriteBuffer(limit: 1 << 30)
    }

    /// The loop's first connection has come: from now on its books can be compared with what is held here.
    func enter(_ base: ConnectionBase) {
        if hasEntered { return }
        hasEntered = true
        let queues = base.queues
        base.addQueueAudit { [unowned self] in
            rings.values.reduce(0) { $0 + $1.audited } + (directory?.mergingBytes(of: queues) ?? 0)
        }
    }

    /// Runs `body` with a proto in one piece, or answers nil when there is no memory for it.
    func withProto<Result>(
        _ header: GoimHeader, _ bytes: RawSpan, _ format: GoimHeaderFormat,
        _ body: (RawSpan) -> Result
    ) -> Result? {
        scratch.clear()
        do throws(WriteBufferError) {
            try scratch.append(header, bodyBytes: bytes.byteCount, format)
            try scratch.append(bytes)
        } catch {
            return nil
        }
        // SAFETY: nobody else touches the buffer before this call returns.
        return unsafe body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(scratch.memory)))
    }

    /// The key of a connection whose application gave it none: a random UUID (RFC 9562 5.4).
    static func makeKey() -> String {
        var random = SystemRandomNumberGenerator()
        let high = random.next() & ~0xF000 | 0x4000
        let low = random.next() & ~(0b11 << 62) | 0b10 << 62
        func digits(_ value: UInt64, _ count: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return [
            digits(high >> 32, 8), digits(high >> 16 & 0xFFFF, 4), digits(high & 0xFFFF, 4),
            digits(low >> 48, 4), digits(low & 0xFFFF_FFFF_FFFF, 12),
        ].joined(separator: "-")
    }
}

/// The connections that have not authenticated, of all loops, counted for either transport.
struct GoimHandshakes: Sendable {
    var stream: HandshakeAdmission?
    /// Together with those that have not asked for an upgrade.
    var webSocket: HandshakeAdmission?
}

/// Where sessions are found by others: under their keys, and in rooms. The hub, as sessions see it.
///
/// **Threads.** Any; a room is entered and left on the connection's loop.
protocol GoimDirectory: AnyObject, Sendable {
    /// Enters a connection under its key; answers the one that had it.
    func register(_ handle: GoimHandle) -> GoimHandle?
    /// Takes a connection out, unless its key has become another's.
    func unregister(_ handle: GoimHandle)
    /// A room's part of one loop, made if need be; called on that loop, which adds a member to it then.
    func room(
        _ name: String, on loop: EventLoop, figures: GoimFigures, queues: QueueMemory
    ) -> any GoimMembership
    /// What waits to be merged on one loop's account, counted anew.
    func mergingBytes(of queues: QueueMemory) -> Int
}

/// The room that a connection is in, as its session sees it. The loop's thread only.
protocol GoimMembership: AnyObject {
    /// What the room is called.
    var name: String { get }
    /// How many are in the room, on all loops.
    var online: Int { get }
    /// Takes a connection in.
    func add(_ conversation: GoimConversation)
    /// Lets a connection go.
    func remove(_ conversation: GoimConversation)
}

/// Who waits for a client's connection to be let in. Told once, on the connection's loop.
protocol GoimWaiting: AnyObject, Sendable {
    /// The server has let the client in.
    func succeed(_ remote: GoimRemote)
    /// The connection has ended before that.
    func end(_ reason: GoimCloseReason)
}
