import ZCNet

/// What only some connections have, and most only at times: a message in progress, a compression context, why
/// it closes. Loop thread only.
@usableFromInline
package final class SessionExtra {
    /// The fragmented or compressed message in progress.
    var gathered = GatheredBytes()
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
    @usableFromInline
    package var closeTimer = TimerID.none

    init() {}
}
