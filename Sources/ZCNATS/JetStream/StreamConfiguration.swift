import ZCNet

/// How a stream keeps messages. Every default says why it is what it is.
public struct StreamConfiguration: Sendable {
    /// What is removed when a stream is at one of its limits.
    public enum Discard: String, Hashable, Sendable {
        /// The oldest of its messages.
        case old
        /// Nothing: new messages are refused.
        case new
    }

    /// How long a message stays.
    public enum Retention: String, Hashable, Sendable {
        /// Until a limit is reached.
        case limits
        /// Until all consumers have acknowledged it.
        case interest
        /// Until one of them has.
        case workQueue = "workqueue"
    }

    /// Its name, a word of the API's subjects.
    public var name: String
    /// Messages of which subjects it keeps.
    public var subjects: [NATSPattern]
    /// How long messages stay.
    public var retention = Retention.limits
    /// Whether it is kept in files, or in memory until the servers end.
    public var isInMemory = false
    /// How many servers have a copy. One is for tests and single servers; three survive the loss of one.
    public var replicas = 1
    /// The most messages; nil for no limit.
    public var messagesMax: Int?
    /// The most messages of one subject; nil for no limit.
    public var messagesPerSubjectMax: Int?
    /// The most bytes; nil for no limit.
    public var bytesMax: Int?
    /// How old a message may get; nil for no limit.
    public var ageMax: Duration?
    /// The largest message; nil for the server's own limit.
    public var messageBytesMax: Int?
    /// What goes at a limit.
    public var discard = Discard.old
    /// How long ids are remembered by which messages are known again; nil takes the server's two minutes.
    /// Each costs memory.
    public var duplicateWindow: Duration?
    /// Whether messages can be read from any replica, without asking the leader: faster, and perhaps older.
    public var allowsDirect = true
    /// Whether a message may replace all before it of its subject, or of the stream.
    public var allowsRollup = false
    /// Whether deleting single messages is refused.
    public var deniesDelete = false
    /// Whether messages may say how long they stay (server 2.11).
    public var allowsMessageTTL = false

    /// Describes a stream that stores what is published to these subjects.
    public init(_ name: String, subjects: [NATSPattern]) {
        self.name = name
        self.subjects = subjects
    }

    var json: JSONText {
        .object([
            ("name", .string(name)), ("subjects", .strings(subjects.map(\.description))),
            ("retention", .string(retention.rawValue)), ("storage", .string(isInMemory ? "memory" : "file")),
            ("num_replicas", .integer(Int64(replicas))), ("max_consumers", .integer(-1)),
            ("max_msgs", .integer(Int64(messagesMax ?? -1))),
            ("max_msgs_per_subject", .integer(Int64(messagesPerSubjectMax ?? -1))),
            ("max_bytes", .integer(Int64(bytesMax ?? -1))), ("max_age", .duration(ageMax ?? .zero)),
            ("max_msg_size", .integer(Int64(messageBytesMax ?? -1))), ("discard", .string(discard.rawValue)),
            ("duplicate_window", duplicateWindow.map { .duration($0) }),
            ("allow_direct", .boolean(allowsDirect)), ("allow_rollup_hdrs", .boolean(allowsRollup)),
            ("deny_delete", .boolean(deniesDelete)),
            // Servers before 2.11 do not know it.
            ("allow_msg_ttl", allowsMessageTTL ? .boolean(true) : nil),
        ])
    }
}

/// What a stream has at the moment.
public struct StreamInfo: Hashable, Sendable {
    /// Its name, as its servers know it.
    public internal(set) var name = ""
    /// Messages of which subjects it keeps.
    public internal(set) var subjects: [String] = []
    /// How many messages it has.
    public internal(set) var messages = 0
    /// How many bytes they are.
    public internal(set) var bytes = 0
    /// The sequence of the oldest.
    public internal(set) var firstSequence: UInt64 = 0
    /// The sequence of the newest, also when it is gone.
    public internal(set) var lastSequence: UInt64 = 0
    /// How many subjects it has messages of.
    public internal(set) var subjectCount = 0
    /// How many consumers it has.
    public internal(set) var consumers = 0
    /// How many servers have a copy.
    public internal(set) var replicas = 0

    /// Empty, to be read into.
    init() {}
}

extension StreamInfo: JetStreamAnswer {
    mutating func read(_ name: String, _ reader: inout JSONReader) throws(JSONError) {
        var info = self
        switch name {
        case "config":
            try reader.object { (reader, name) throws(JSONError) in
                if reader.takeNull() { return }
                switch name {
                case "name": info.name = try reader.string()
                case "num_replicas": info.replicas = Int(try reader.integer())
                case "subjects":
                    try reader.array { (reader) throws(JSONError) in info.subjects.append(try reader.string())
                    }
                default: try reader.skip()
                }
            }
        case "state":
            try reader.object { (reader, name) throws(JSONError) in
                switch name {
                case "messages": info.messages = Int(try reader.integer())
                case "bytes": info.bytes = Int(try reader.integer())
                case "first_seq": info.firstSequence = UInt64(clamping: try reader.integer())
                case "last_seq": info.lastSequence = UInt64(clamping: try reader.integer())
                case "num_subjects": info.subjectCount = Int(try reader.integer())
                case "consumer_count": info.consumers = Int(try reader.integer())
                default: try reader.skip()
                }
            }
        default: try reader.skip()
        }
        self = info
    }
}
