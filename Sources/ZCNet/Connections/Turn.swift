/// When the loop's turn began: what the parts of a host stamp connections with.
///
/// Written by the host when waiting is over; everybody else only reads it.
@usableFromInline
struct Turn {
    /// In steps of 10 ms.
    var now: CoarseTime
    /// The same, exactly.
    @usableFromInline var began: MonotonicInstant

    init(at instant: MonotonicInstant) {
        now = CoarseTime(instant)
        began = instant
    }
}
