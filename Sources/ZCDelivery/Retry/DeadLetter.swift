/// A message that was given up, and why.
public struct DeadLetter: Sendable {
    /// Why a message was given up.
    public enum Cause: Hashable, Sendable {
        /// The last wait was over as well.
        case unacknowledged
        /// Its connection is over.
        case connectionClosed
    }

    /// The message, with its bytes.
    public let message: OutstandingMessage
    /// Why it was given up.
    public let cause: Cause

    init(_ message: OutstandingMessage, _ cause: Cause) {
        self.message = message
        self.cause = cause
    }
}
