import ZCNet

/// The figures that a server keeps beside those of its loops (`Metric`): the one table that recording,
/// snapshots and renderings go by. Responses by status and conversations ended by code are counted beside
/// these; see ``WebSocketSnapshot``.
public enum WebSocketMetric: Int, CaseIterable, Hashable, Sendable {
    /// Conversations open now.
    case conversations
    /// Handshakes that became conversations.
    case upgrades
    /// Requests whose heads were read, those of handshakes included.
    case requests
    /// Conversations not begun, as there were as many as the server may have.
    case refusedConversationsMax
    /// Conversations not begun, as their client had as many as it may.
    case refusedPerClient
    /// Conversations not begun, as too much output waited on the loop.
    case refusedQueuedBytes
    /// Connections reset, as there were as many without a conversation as there may be.
    case refusedHandshakesMax
    /// Conversations not begun, as pages of their origin may not connect.
    case refusedOrigins
    /// Connections that did not begin with the PROXY header that they owed.
    case proxyErrors
    /// Peers given up because a ping was not answered.
    case pingsMissed
    /// Compressed messages that came.
    case compressedIn
    /// Messages that were sent compressed.
    case compressedOut
    /// How often reading paused because a peer had used up its rate.
    case ratePauses
    /// Conversations ended because the peer exceeded its rate.
    case rateCloses
}

extension WebSocketMetric: FigureFamily {
    package static var expositionPrefix: String { "zcnet_websocket_" }
    package var isGauge: Bool { self == .conversations }

    package var exposition: FigureExposition {
        func refused(_ reason: String) -> FigureExposition {
            FigureExposition(
                "refused_total", "Conversations and connections turned away for a limit.",
                label: ("reason", reason))
        }
        return switch self {
        case .conversations: .init("conversations", "Conversations open now.")
        case .upgrades: .init("upgrades_total", "Handshakes that became conversations.")
        case .requests: .init("requests_total", "Requests read, handshakes included.")
        case .refusedConversationsMax: refused("conversations_max")
        case .refusedPerClient: refused("per_client_max")
        case .refusedQueuedBytes: refused("queued_bytes_max")
        case .refusedHandshakesMax: refused("handshakes_max")
        case .refusedOrigins: refused("origins")
        case .proxyErrors: .init("proxy_errors_total", "Connections without the PROXY header they owed.")
        case .pingsMissed: .init("pings_missed_total", "Peers given up for an unanswered ping.")
        case .compressedIn: .init("received_compressed_messages_total", "Compressed messages received.")
        case .compressedOut: .init("sent_compressed_messages_total", "Messages sent compressed.")
        case .ratePauses: .init("rate_pauses_total", "Pauses of peers that had used up their rate.")
        case .rateCloses: .init("rate_closes_total", "Conversations ended for exceeding their rate.")
        }
    }
}
