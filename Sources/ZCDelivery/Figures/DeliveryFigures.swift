import ZCNet

/// The figures of one part: written by the thread that works for it, read from any.
typealias DeliveryFigures = Figures<DeliveryMetric>

extension Figures where Family == DeliveryMetric {
    /// All figures as a value. Any thread.
    func snapshot() -> DeliverySnapshot { DeliverySnapshot(values: values) }
}

/// What the parts of delivery count: the one table that recording, snapshots and renderings go by. A part
/// fills its own figures and leaves the others at 0.
public enum DeliveryMetric: Int, CaseIterable, Hashable, Sendable {
    // EventQueue
    /// Events that wait or are being handled.
    case eventsWaiting
    /// Bytes of the events that wait in a queue.
    case eventBytesWaiting
    /// Events that a queue has accepted.
    case eventsAdded
    /// Events refused for a limit.
    case eventsRefused
    /// Events that a handler has dealt with.
    case eventsHandled
    /// Batches they came in.
    case eventBatches
    /// How often a consumer at rest was woken.
    case eventWakeUps

    // RetryManager
    /// Messages that wait to be acknowledged by their receivers.
    case outstandingMessages
    /// Bytes of the messages that wait for an acknowledgement.
    case outstandingBytes
    /// Those of them that were sent again at least once.
    case retriedMessages
    /// Messages ever taken on.
    case trackedMessages
    /// Messages refused because too many were outstanding.
    case refusedMessages
    /// Messages that their receivers have acknowledged.
    case acknowledgedMessages
    /// Acknowledgements that nothing waited for: late, repeated or made up.
    case strayAcknowledgements
    /// Times that a message was sent again.
    case retries
    /// Messages that were given up.
    case deadLetters

    // MessageStore
    /// Batches that wait to be stored.
    case pendingBatches
    /// Bytes of the messages that wait to be stored.
    case pendingBytes
    /// Batches that a store has written.
    case storedBatches
    /// Messages in the batches that a store has written.
    case storedMessages
    /// Bytes of the batches that a store has written.
    case storedBytes
    /// Batches that had been stored before and were not stored again.
    case repeatedBatches
    /// Writes of one or more batches that were made durable together.
    case groupCommits
    /// Batches refused or failed.
    case failedBatches

    // Acknowledger
    /// Messages acknowledged to their senders with a sequence number.
    case sentAcknowledgements
    /// Messages whose senders were told that they are not stored.
    case sentRefusals

    /// Whether the figure goes up only, or up and down.
    public var isGauge: Bool {
        switch self {
        case .eventsWaiting, .eventBytesWaiting, .outstandingMessages, .outstandingBytes, .retriedMessages,
            .pendingBatches, .pendingBytes:
            true
        default: false
        }
    }
}

extension DeliveryMetric: FigureFamily {
    package static var expositionPrefix: String { "zcnet_delivery_" }

    package var exposition: FigureExposition {
        switch self {
        case .eventsWaiting: .init("events_waiting", "Events that wait or are being handled.")
        case .eventBytesWaiting: .init("event_bytes_waiting", "Bytes of events that wait.")
        case .eventsAdded: .init("events_added_total", "Events accepted.")
        case .eventsRefused: .init("events_refused_total", "Events refused for a limit.")
        case .eventsHandled: .init("events_handled_total", "Events handled.")
        case .eventBatches: .init("event_batches_total", "Batches of events handed out.")
        case .eventWakeUps: .init("event_wakeups_total", "Times that a consumer at rest was woken.")
        case .outstandingMessages: .init("outstanding_messages", "Messages that wait to be acknowledged.")
        case .outstandingBytes: .init("outstanding_bytes", "Bytes of messages that wait to be acknowledged.")
        case .retriedMessages: .init("retried_messages", "Messages that wait after being sent again.")
        case .trackedMessages: .init("tracked_messages_total", "Messages taken on for acknowledgement.")
        case .refusedMessages:
            .init("refused_messages_total", "Messages refused as too many were outstanding.")
        case .acknowledgedMessages: .init("acknowledged_messages_total", "Messages acknowledged.")
        case .strayAcknowledgements:
            .init("stray_acknowledgements_total", "Acknowledgements that nothing waited for.")
        case .retries: .init("retries_total", "Messages sent again.")
        case .deadLetters: .init("dead_letters_total", "Messages given up.")
        case .pendingBatches: .init("pending_batches", "Batches that wait to be stored.")
        case .pendingBytes: .init("pending_bytes", "Bytes of batches that wait to be stored.")
        case .storedBatches: .init("stored_batches_total", "Batches stored.")
        case .storedMessages: .init("stored_messages_total", "Messages stored.")
        case .storedBytes: .init("stored_bytes_total", "Bytes of messages stored.")
        case .repeatedBatches: .init("repeated_batches_total", "Batches that had been stored before.")
        case .groupCommits: .init("group_commits_total", "Writes made durable.")
        case .failedBatches: .init("failed_batches_total", "Batches refused or failed.")
        case .sentAcknowledgements: .init("sent_acknowledgements_total", "Messages acknowledged to senders.")
        case .sentRefusals: .init("sent_refusals_total", "Messages whose senders were told of a failure.")
        }
    }
}

/// The figures of one part of delivery at one moment, or of several together, as a value.
///
/// ```swift
/// let figures = queue.snapshot().merged(with: store.snapshot())
/// respond(figures.prometheusText())
/// ```
public struct DeliverySnapshot: Hashable, Sendable {
    private var values: FigureValues<DeliveryMetric>

    init(values: FigureValues<DeliveryMetric>) { self.values = values }

    /// One of the figures, by its name.
    public internal(set) subscript(metric: DeliveryMetric) -> Int {
        get { values[metric] }
        set { values[metric] = newValue }
    }

    /// Both together: what they count is added up.
    public func merged(with other: DeliverySnapshot) -> DeliverySnapshot {
        DeliverySnapshot(values: values.merged(with: other.values))
    }

    /// The figures in Prometheus' text format, version 0.0.4.
    public func prometheusText() -> String { values.prometheusText }

    /// The figures as one JSON object.
    public func json() -> String { "{" + values.json + "}" }
}
