/// Every figure that a loop keeps, by name: the one table that recording, snapshots and renderings go by.
/// What modules above count is in tables of their own.
///
/// Low cardinality by design: a loop's figures are a fixed block of numbers, whatever its connections do.
public enum Metric: Int, CaseIterable, Hashable, Sendable {
    // MARK: Connections

    /// Connections accepted from listening sockets.
    case accepted
    /// Failures to accept a connection.
    case acceptErrors
    /// Connections turned away because `connectionsMax` were open.
    case rejectedConnectionsMax
    /// Connections turned away because their address had its share.
    case rejectedPerAddress
    /// Connections opened, accepted or outgoing.
    case opened
    /// Connections that are open now.
    case connections
    /// Connections that their peer ended in good order.
    case closedPeer
    /// Connections that the application on this side ended.
    case closedLocal
    /// Connections that a time limit ended.
    case closedTimeout
    /// Connections ended because more output waited than may.
    case closedOverflow
    /// Connections ended because their peer broke a rule.
    case closedProtocolError
    /// Connections that an error of the kernel ended.
    case closedIO
    /// Connections ended by a shutdown.
    case closedShutdown

    // MARK: Bytes and messages

    /// Bytes that were received.
    case bytesIn
    /// Bytes that the kernel has taken.
    case bytesOut
    /// Receptions that brought bytes.
    case receives
    /// Writes that the kernel took bytes of.
    case sends
    /// Writes that the kernel took less of than it was offered.
    case partialSends
    /// Messages received, as a protocol counts them.
    case messagesIn
    /// Messages sent, as a protocol counts them.
    case messagesOut

    // MARK: Output that waits or had to go

    /// Bytes that wait for the kernel in memory.
    case queuedBytes
    /// Sends that met their connection's limit.
    case overflows
    /// Messages dropped by the policy for full output.
    case droppedMessages
    /// Messages that newer ones of their key replaced.
    case conflatedMessages
    /// Rules that peers have broken.
    case protocolErrors

    // MARK: What connections hold

    /// Bytes that connections hold, at the size of allocations.
    case memoryBytes
    /// Connections ended because the loop's memory was short.
    case memoryEvictions
    /// Receptions put off because handlers retained too many chunks.
    case memoryPauses

    // MARK: The loop itself

    /// Turns of the loop.
    case turns
    /// Completions that were handled.
    case completions
    /// Turns without a completion.
    case idleTurns
    /// Timers that are armed now.
    case timersArmed
    /// Timers that came due.
    case timersFired
    /// Messages from other threads.
    case mailboxMessages
    /// Callbacks that held up their loop.
    case slowCallbacks
    /// The time that slow callbacks took.
    case slowCallbackNanoseconds

    // MARK: Secured connections

    /// Handshakes of TLS that ended well, in full.
    case tlsHandshakesFull
    /// Handshakes of TLS that resumed an earlier session.
    case tlsHandshakesResumed
    /// Handshakes of TLS that ended with an alert or without an answer.
    case tlsHandshakesFailed
    /// Handshakes of TLS that are under way now.
    case tlsHandshakesUnderWay
    /// Connections that agreed on TLS 1.2.
    case tlsVersion12
    /// Connections that agreed on TLS 1.3.
    case tlsVersion13
    /// Connections that agreed on AES-128-GCM.
    case tlsCipherAES128
    /// Connections that agreed on AES-256-GCM.
    case tlsCipherAES256
    /// Connections that agreed on ChaCha20-Poly1305.
    case tlsCipherChaCha20

    /// Whether the figure goes up only, or up and down.
    public enum Kind: String, Hashable, Sendable {
        /// Counts events; never falls.
        case counter
        /// Goes up and down with a state.
        case gauge
    }

    /// Whether it only grows, or shows a state.
    public var kind: Kind {
        switch self {
        case .connections, .queuedBytes, .memoryBytes, .timersArmed, .tlsHandshakesUnderWay: .gauge
        default: .counter
        }
    }
}

extension Metric {
    /// The closing causes in the order of `CloseCause.index`.
    static let closedByCause: [Metric] = [
        .closedPeer, .closedLocal, .closedTimeout, .closedOverflow, .closedProtocolError, .closedIO,
        .closedShutdown,
    ]
}

extension Metric: FigureFamily {
    package static var expositionPrefix: String { "zcnet_" }
    package var isGauge: Bool { kind == .gauge }

    package var exposition: FigureExposition {
        func closed(_ cause: String) -> FigureExposition {
            FigureExposition(
                "connections_closed_total", "Connections ended, by cause.", label: ("cause", cause))
        }
        func rejected(_ reason: String) -> FigureExposition {
            FigureExposition(
                "connections_rejected_total", "Connections turned away, by reason.", label: ("reason", reason)
            )
        }
        func handshakes(_ result: String) -> FigureExposition {
            FigureExposition(
                "tls_handshakes_total", "Handshakes of TLS that came to an end, by how.",
                label: ("result", result))
        }
        func agreed(_ kind: String, _ value: String) -> FigureExposition {
            FigureExposition(
                "tls_\(kind)s_total", "Connections whose handshake agreed on each \(kind) of TLS.",
                label: (kind, value))
        }
        return switch self {
        case .accepted: .init("connections_accepted_total", "Connections accepted from listening sockets.")
        case .acceptErrors: .init("accept_errors_total", "Failures to accept a connection.")
        case .rejectedConnectionsMax: rejected("connections_max")
        case .rejectedPerAddress: rejected("per_address_max")
        case .opened: .init("connections_opened_total", "Connections opened, accepted or outgoing.")
        case .connections: .init("connections", "Connections open now.")
        case .closedPeer: closed("peer")
        case .closedLocal: closed("local")
        case .closedTimeout: closed("timeout")
        case .closedOverflow: closed("overflow")
        case .closedProtocolError: closed("protocol_error")
        case .closedIO: closed("io")
        case .closedShutdown: closed("shutdown")
        case .bytesIn: .init("received_bytes_total", "Bytes received.")
        case .bytesOut: .init("sent_bytes_total", "Bytes taken by the kernel.")
        case .receives: .init("receives_total", "Receptions that brought bytes.")
        case .sends: .init("sends_total", "Writes that the kernel took bytes of.")
        case .partialSends: .init("partial_sends_total", "Writes that the kernel took less of than offered.")
        case .messagesIn: .init("received_messages_total", "Messages received, as a protocol counts them.")
        case .messagesOut: .init("sent_messages_total", "Messages sent, as a protocol counts them.")
        case .queuedBytes: .init("queued_bytes", "Bytes that wait for the kernel in memory.")
        case .overflows: .init("overflows_total", "Sends that met a connection's limit.")
        case .droppedMessages:
            .init("dropped_messages_total", "Messages dropped by the policy for full output.")
        case .conflatedMessages:
            .init("conflated_messages_total", "Messages replaced by newer ones of their key.")
        case .protocolErrors: .init("protocol_errors_total", "Rules broken by peers.")
        case .memoryBytes: .init("memory_bytes", "Bytes that connections hold, at the size of allocations.")
        case .memoryEvictions:
            .init("memory_evictions_total", "Connections ended because the loop's memory was short.")
        case .memoryPauses:
            .init("memory_pauses_total", "Receptions put off because handlers retained too many chunks.")
        case .turns: .init("loop_turns_total", "Turns of the loop.")
        case .completions: .init("loop_completions_total", "Completions handled.")
        case .idleTurns: .init("loop_idle_turns_total", "Turns without a completion.")
        case .timersArmed: .init("timers_armed", "Timers armed now.")
        case .timersFired: .init("timers_fired_total", "Timers that were due.")
        case .mailboxMessages: .init("mailbox_messages_total", "Messages from other threads.")
        case .slowCallbacks: .init("slow_callbacks_total", "Callbacks that held up their loop.")
        case .slowCallbackNanoseconds:
            .init("slow_callback_seconds_total", "Time taken by slow callbacks.", divisor: 1e9)
        case .tlsHandshakesFull: handshakes("full")
        case .tlsHandshakesResumed: handshakes("resumed")
        case .tlsHandshakesFailed: handshakes("failed")
        case .tlsHandshakesUnderWay: .init("tls_handshakes_under_way", "Handshakes of TLS under way now.")
        case .tlsVersion12: agreed("version", "TLSv1.2")
        case .tlsVersion13: agreed("version", "TLSv1.3")
        case .tlsCipherAES128: agreed("cipher", "AES-128-GCM")
        case .tlsCipherAES256: agreed("cipher", "AES-256-GCM")
        case .tlsCipherChaCha20: agreed("cipher", "ChaCha20-Poly1305")
        }
    }
}
