import ZCNet

/// What one peer may still send of what its rate grants. Loop thread only.
struct ReceiveAllowance {
    private var messages: TokenBucket?
    private var bytes: TokenBucket?
    /// The connection's count of received bytes that `bytes` has been charged for; nil before the first.
    private var chargedBytes: UInt64?
    /// Ends a pause.
    var timer = TimerID.none

    init(_ rate: ReceiveRate, at now: MonotonicInstant) {
        messages = rate.messagesPerSecond.map {
            TokenBucket(perSecond: $0, burst: rate.messageBurst ?? $0, at: now)
        }
        bytes = rate.bytesPerSecond.map {
            TokenBucket(perSecond: $0, burst: rate.byteBurst ?? $0, at: now)
        }
    }

    /// Charges for what is shown, of which `received` tells how much was not shown before.
    ///
    /// - Parameters:
    ///   - shown: how many bytes are shown, unread ones again.
    ///   - received: the connection's count of received bytes.
    mutating func charge(shown: Int, received: UInt64, at now: MonotonicInstant) {
        messages?.fill(at: now)
        bytes?.fill(at: now)
        // What came before the conversation is not its own: of its first bytes, those shown count.
        let fresh = chargedBytes.map { Int(received - $0) } ?? shown
        chargedBytes = received
        bytes?.take(fresh)
    }

    /// Whether more bytes came than the rate grants.
    var isOverBytes: Bool { bytes?.isInDebt ?? false }

    /// Whether a message may come.
    var hasMessage: Bool { messages?.hasToken ?? true }

    /// A message, or a control frame, came.
    mutating func takeMessage() { messages?.take(1) }

    /// How long until the peer may send again; zero if it may.
    var wait: Duration {
        max(messages?.wait(forToken: true) ?? .zero, bytes?.wait(forToken: false) ?? .zero)
    }
}
