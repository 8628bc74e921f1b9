import ZCNet

/// What only some connections have, and most only at times: a message in progress, a compression context, why
/// it closes. Loop thread only.
@usableFromInline
package final class SessionExtra {
    /// The fragmented message in progress, as it came.
    private(set) var gathered = WriteBuffer(limit: 0)
    /// Whether messages are in the books of the loop's memory.
    private var isInBooks = false
    /// When the fragmented message in progress was first seen unfinished.
    var messageSince: MonotonicInstant?
    /// The next look at its age; stays armed until it comes, whatever has become of the message.
    var messageTimer = TimerID.none
    /// The frame that is handed out in pieces.
    var openFrame: WebSocketSession.OpenFrame?
    /// What the peer may still send, where a rate is set.
    var allowance: ReceiveAllowance?
    #if Deflate
    /// What the connection compresses by; nil where nothing was agreed on.
    var deflate: DeflateSession?
    /// A compressed message that is whole, or the last piece of one that is handed out in pieces, inflated.
    private(set) var inflated = WriteBuffer(limit: 0)
    #endif
    /// What the connection is a member of; each knows at which place here.
    var memberships: [any Membership] = []
    /// The rule that the peer broke.
    @usableFromInline
    package var error: WebSocketError?
    /// What the peer's close frame said.
    @usableFromInline
    package var closeCode: WebSocketCloseCode?
    @usableFromInline
    package var closeText = ""
    /// Why this side ends the conversation, for `onClose` after the peer has agreed.
    @usableFromInline
    package var cause: CloseCause?
    /// What this side's close frame said.
    @usableFromInline
    package var sentCode: WebSocketCloseCode?
    @usableFromInline
    package var sentText = ""
    /// Where the output stood when the peer was last asked for a sign of life, if some of it stood before
    /// the ping.
    var pingMark: PingMark?
    /// Whom to tell of the end behind the handler; goes with the connection.
    var onEnd: ((WebSocketCloseReason) -> Void)?
    /// Who keeps the connection's name and is to forget it with its end, before the handler is told.
    var keepers: [ObjectIdentifier: () -> Void] = [:]

    init() {}

    /// Before a message is gathered or inflated: its memory is part of the loop's from the first byte on.
    private func enterBooks(_ core: WebSocketCore) {
        if isInBooks { return }
        isInBooks = true
        gathered = WriteBuffer(limit: core.options.messageBytesMax, budget: core.budget)
        #if Deflate
        inflated = WriteBuffer(limit: 1 << 30, budget: core.budget)
        #endif
    }

    /// Adds a fragment to the message in progress, whose limit was looked at before.
    func gather(_ bytes: UnsafeRawBufferPointer, _ core: WebSocketCore) -> WebSocketError? {
        enterBooks(core)
        do throws(WriteBufferError) {
            try gathered.append(unsafe RawSpan(_unsafeBytes: bytes))
            return nil
        } catch {
            return .memoryIsShort("a message of \(gathered.count + bytes.count) bytes")
        }
    }

    #if Deflate
    /// Inflates a piece to the end of what was inflated of the message; `isGathered` takes what was gathered,
    /// which is let go.
    func inflate(
        _ bytes: UnsafeRawBufferPointer, isGathered: Bool = false, isFinal: Bool, _ core: WebSocketCore
    ) -> WebSocketError? {
        enterBooks(core)
        defer { if isGathered { gathered.clear(keepingCapacity: false) } }
        do throws(DeflateError) {
            let compressed = unsafe isGathered ? UnsafeRawBufferPointer(gathered.memory) : bytes
            let piece = unsafe RawSpan(_unsafeBytes: compressed)
            try deflate?.inflate(
                piece, isLast: isFinal, core.compressor, into: &inflated,
                messageBytesMax: core.options.messageBytesMax)
            return nil
        } catch {
            return WebSocketCore.error(for: error)
        }
    }
    #endif

    /// The message in progress, all of it.
    func whole(isCompressed: Bool) -> UnsafeMutableRawBufferPointer {
        #if Deflate
        if isCompressed { return unsafe inflated.memory }
        #endif
        return unsafe gathered.memory
    }

    /// Gives the memory of a delivered message back, or of one that nobody wants any more.
    package func releaseMessage() {
        gathered.clear(keepingCapacity: false)
        #if Deflate
        inflated.clear(keepingCapacity: false)
        #endif
    }

    /// What is held of messages: buffers at their capacity.
    var messageBytes: Int {
        #if Deflate
        gathered.capacity + inflated.capacity
        #else
        gathered.capacity
        #endif
    }

    /// What is held of compression contexts.
    var contextBytes: Int {
        #if Deflate
        deflate?.contextBytes ?? 0
        #else
        0
        #endif
    }
}

/// What a connection can be a member of, such as a room, as the session sees it. Loop thread only.
protocol Membership: AnyObject {
    /// Forgets a member that is over.
    func drop(_ id: ConnectionID)
    /// Notes where the membership now stands among those of a member.
    func setTicket(of id: ConnectionID, to ticket: Int)
}

extension SessionExtra {
    /// Ends every membership: the connection is over. O(memberships).
    func endMemberships(_ id: ConnectionID) {
        let left = memberships
        memberships = []
        for membership in left { membership.drop(id) }
    }
}
