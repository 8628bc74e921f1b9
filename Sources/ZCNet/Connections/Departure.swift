/// What is kept of a connection on its way out: why it goes, and how far its peer has come with the output.
/// One that was only suspected of idleness has a place, too.
struct Departure {
    /// Why it closes; nil while only its protocol has said goodbye.
    var reason: CloseReason?
    /// Why it will have closed if its time runs out before it closes otherwise.
    var lateReason = CloseReason(.timeout(.linger))
    /// How long it may stand still.
    var patience = Duration.zero
    /// When it must be gone, however steadily its peer reads on; nil until somebody waits.
    var limit: MonotonicInstant?
    /// How far the peer had acknowledged the output at the last look; nil before the first.
    var acknowledged: Int64?
    /// When it was last seen to move.
    var movedAt = MonotonicInstant.zero
}
