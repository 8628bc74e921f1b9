/// Every figure that a loop keeps, by name: the one table that recording, snapshots and renderings go by.
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
    // Delivery, filled by the layers above.
    case retryQueue, pendingAcknowledgements, retries, deadLetters

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
        case .connections, .queuedBytes, .memoryBytes, .timersArmed, .tlsHandshakesUnderWay, .retryQueue,
            .pendingAcknowledgements:
            .gauge
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

    /// How a figure is called in expositions: a family, a label that tells its members apart, and what it
    /// says.
    struct Exposition {
        let family: String
        let label: (name: String, value: String)?
        let help: String
        /// How many of the figure's units make one of the family's.
        var divisor = 1.0
    }

    var exposition: Exposition {
        func plain(_ family: String, _ help: String) -> Exposition {
            Exposition(family: "zcnet_" + family, label: nil, help: help)
        }
        func closed(_ cause: String) -> Exposition {
            Exposition(
                family: "zcnet_connections_closed_total", label: ("cause", cause),
                help: "Connections ended, by cause.")
        }
        func rejected(_ reason: String) -> Exposition {
            Exposition(
                family: "zcnet_connections_rejected_total", label: ("reason", reason),
                help: "Connections turned away, by reason.")
        }
        func handshakes(_ result: String) -> Exposition {
            Exposition(
                family: "zcnet_tls_handshakes_total", label: ("result", result),
                help: "Handshakes of TLS that came to an end, by how.")
        }
        return switch self {
        case .accepted: plain("connections_accepted_total", "Connections accepted from listening sockets.")
        case .acceptErrors: plain("accept_errors_total", "Failures to accept a connection.")
        case .rejectedConnectionsMax: rejected("connections_max")
        case .rejectedPerAddress: rejected("per_address_max")
        case .opened: plain("connections_opened_total", "Connections opened, accepted or outgoing.")
        case .connections: plain("connections", "Connections open now.")
        case .closedPeer: closed("peer")
        case .closedLocal: closed("local")
        case .closedTimeout: closed("timeout")
        case .closedOverflow: closed("overflow")
        case .closedProtocolError: closed("protocol_error")
        case .closedIO: closed("io")
        case .closedShutdown: closed("shutdown")
        case .bytesIn: plain("received_bytes_total", "Bytes received.")
        case .bytesOut: plain("sent_bytes_total", "Bytes taken by the kernel.")
        case .receives: plain("receives_total", "Receptions that brought bytes.")
        case .sends: plain("sends_total", "Writes that the kernel took bytes of.")
        case .partialSends: plain("partial_sends_total", "Writes that the kernel took less of than offered.")
        case .messagesIn: plain("received_messages_total", "Messages received, as a protocol counts them.")
        case .messagesOut: plain("sent_messages_total", "Messages sent, as a protocol counts them.")
        case .queuedBytes: plain("queued_bytes", "Bytes that wait for the kernel in memory.")
        case .overflows: plain("overflows_total", "Sends that met a connection's limit.")
        case .droppedMessages:
            plain("dropped_messages_total", "Messages dropped by the policy for full output.")
        case .conflatedMessages:
            plain("conflated_messages_total", "Messages replaced by newer ones of their key.")
        case .protocolErrors: plain("protocol_errors_total", "Rules broken by peers.")
        case .memoryBytes: plain("memory_bytes", "Bytes that connections hold, at the size of allocations.")
        case .memoryEvictions:
            plain("memory_evictions_total", "Connections ended because the loop's memory was short.")
        case .memoryPauses:
            plain("memory_pauses_total", "Receptions put off because handlers retained too many chunks.")
        case .turns: plain("loop_turns_total", "Turns of the loop.")
        case .completions: plain("loop_completions_total", "Completions handled.")
        case .idleTurns: plain("loop_idle_turns_total", "Turns without a completion.")
        case .timersArmed: plain("timers_armed", "Timers armed now.")
        case .timersFired: plain("timers_fired_total", "Timers that were due.")
        case .mailboxMessages: plain("mailbox_messages_total", "Messages from other threads.")
        case .slowCallbacks: plain("slow_callbacks_total", "Callbacks that held up their loop.")
        case .slowCallbackNanoseconds:
            Exposition(
                family: "zcnet_slow_callback_seconds_total", label: nil,
                help: "Time taken by slow callbacks.",
                divisor: 1e9)
        case .tlsHandshakesFull: handshakes("full")
        case .tlsHandshakesResumed: handshakes("resumed")
        case .tlsHandshakesFailed: handshakes("failed")
        case .tlsHandshakesUnderWay: plain("tls_handshakes_under_way", "Handshakes of TLS under way now.")
        case .retryQueue: plain("retry_queue_messages", "Messages that wait for a retry.")
        case .pendingAcknowledgements:
            plain("pending_acknowledgements", "Messages that wait to be acknowledged.")
        case .retries: plain("retries_total", "Messages sent again.")
        case .deadLetters: plain("dead_letters_total", "Messages given up after the last retry.")
        }
    }
}
