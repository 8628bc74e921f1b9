import ZCNet

/// What only some connections have, and most only at times: a message in progress, a compression context, why
/// it closes. Loop thread only.
@usableFromInline
package final class SessionExtra {
    /// The fragmented or compressed message in progress.
    var gathered = GatheredBytes()
    /// The frame that is handed out in pieces.
    var openFrame: WebSocketSession.OpenFrame?
    /// What the peer may still send, where a rate is set.
    var allowance: ReceiveAllowance?
    #if Deflate
    /// The connection's compression.
    var deflate: DeflateSession?
    /// The compressed message in progress, inflated.
    var inflated = WriteBuffer(limit: 1 << 30)
    #endif
    /// The rooms that the connection is in; each knows at which place here.
    var rooms: [LoopRoom] = []
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

    init() {}

    /// The message in progress, all of it.
    func whole(isCompressed: Bool) -> UnsafeMutableRawBufferPointer {
        #if Deflate
        if isCompressed { return unsafe inflated.memory }
        #endif
        return unsafe gathered.filled
    }

    /// Gives the memory of a delivered message back.
    package func releaseMessage() {
        gathered.release()
        #if Deflate
        inflated = WriteBuffer(limit: 1 << 30)
        #endif
    }
}
