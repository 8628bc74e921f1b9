/// Every figure that a loop keeps, by name: the one table that recording, snapshots and renderings go by.
/// What modules above count is in tables of their own.
///
/// Low cardinality by design: a loop's figures are a fixed block of numbers, whatever its connections do.
public enum Metric: Int, CaseIterable, Hashable, Sendable {
    // Connections.
    case accepted, acceptErrors, rejectedConnectionsMax, rejectedPerAddress
    case opened, connections
    case closedPeer, closedLocal, closedTimeout, closedOverflow, closedProtocolError, closedIO, closedShutdown
    // Bytes and messages.
    case bytesIn, bytesOut, receives, sends, partialSends, messagesIn, messagesOut
    // Output that waits or had to go.
    case queuedBytes, overflows, droppedMessages, conflatedMessages, protocolErrors
    // What connections hold.
    case memoryBytes, memoryEvictions, memoryPauses
    // The loop itself.
    case turns, completions, idleTurns, timersArmed, timersFired, mailboxMessages, slowCallbacks,
        slowCallbackNanoseconds
    // Secured connections.
    case tlsHandshakesFull, tlsHandshakesResumed, tlsHandshakesFailed, tlsHandshakesUnderWay
    // What they agreed on.
    case tlsVersion12, tlsVersion13
    case tlsCipherAES128, tlsCipherAES256, tlsCipherChaCha20

    /// Whether the figure goes up only, or up and down.
    public enum Kind: String, Hashable, Sendable {
        /// Counts events; never falls.
        case counter
        /// Shows a state.
        case gauge
    }

    /// Counter or gauge.
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
