import ZCNet

/// What a ``RetryManager`` does with messages that are due. Any loop's thread calls it.
struct RetryHandling: Sendable {
    let resend: @Sendable (OutstandingMessage, borrowing LoopContext) -> SendResult
    let deadLetter: @Sendable (DeadLetter) -> Void
}
