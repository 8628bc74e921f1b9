/// Why a connection ended. Every open is followed by exactly one close, and every close carries one of these.
public struct CloseReason: Hashable, Sendable, CustomStringConvertible {
    /// Who or what ended it.
    public let cause: CloseCause

    /// A reason of which nothing is known but its cause.
    public init(_ cause: CloseCause) { self.cause = cause }

    /// A line for a log, such as `io: ECONNRESET (Connection reset by peer)`.
    public var description: String { cause.description }
}

/// Who or what ended a connection.
public enum CloseCause: Hashable, Sendable {
    /// The peer ended it in good order.
    case peer
    /// The application on this side ended it.
    case local
    /// A time limit did.
    case timeout(TimeoutKind)
    /// More output was waiting than the limit allows, and the policy is to close.
    case overflow
    /// The peer broke a rule of the protocol.
    case protocolError(ProtocolRule)
    /// The kernel reported an error, such as a reset by the peer.
    case io(Errno)
    /// The server is shutting down.
    case shutdown

    /// A small number for counting: the same for all details of a cause.
    var index: Int {
        switch self {
        case .peer: 0
        case .local: 1
        case .timeout: 2
        case .overflow: 3
        case .protocolError: 4
        case .io: 5
        case .shutdown: 6
        }
    }

    /// The label of each `index` in metrics.
    static let labels = ["peer", "local", "timeout", "overflow", "protocol_error", "io", "shutdown"]
}

extension CloseCause: CustomStringConvertible {
    /// The cause and its detail.
    public var description: String {
        switch self {
        case .timeout(let kind): "timeout: \(kind.rawValue)"
        case .protocolError(let rule): "protocol error: \(rule.text)"
        case .io(let errno): "io: \(errno)"
        default: CloseCause.labels[index]
        }
    }
}

/// Which time limit ended a connection.
public enum TimeoutKind: String, Hashable, Sendable, CaseIterable {
    /// Nothing was received or sent for too long.
    case idle
    /// The connection was as old as one may get.
    case lifetime
    /// The peer did not take its output, or did not end its side, in time after a close.
    case linger
    /// A handshake of the protocol above did not finish in time.
    case handshake
    /// A message was begun and not finished in time.
    case message
    /// A ping was not answered in time.
    case pong
    /// The application's own limit.
    case application
}

/// A rule of a protocol, as text that names it: `RFC 6455 5.2: reserved bits are 0`.
public struct ProtocolRule: Hashable, Sendable {
    /// The rule in words, with its RFC and section where it has one.
    public let text: String

    /// A rule with a text that names it.
    public init(_ text: String) { self.text = text }
}
