/// What a hand-off does with what does not fit.
@frozen
public enum HandOffPolicy: Hashable, Sendable {
    /// The newest are left out, and counted: what waits is taken first. For events whose beginning matters.
    case dropNewest
    /// The oldest that wait make room, and are counted. For figures of which the latest matter.
    case dropOldest
    /// The newest are left out, and the connection they came from is closed with 1013: it may come again
    /// later.
    case close
    /// Nothing is left out: a connection that finds the queue three quarters full is not read from until it
    /// is down to a quarter, so that its peer waits. What was on its way in the same frame must still fit; a
    /// frame that does not closes the connection with 1013, so that nothing is lost in silence.
    case pauseReading
}
