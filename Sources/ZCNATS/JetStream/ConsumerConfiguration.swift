import ZCNet

/// How a consumer hands out a stream's messages. Consumers here are pulled from.
public struct ConsumerConfiguration: Sendable {
    /// Which message of the stream comes first.
    public enum Start: Hashable, Sendable {
        /// With the oldest message.
        case all
        /// With what comes after its creation.
        case new
        /// With the newest message.
        case last
        /// With the newest message of each subject.
        case lastPerSubject
        /// With the message of this sequence.
        case sequence(UInt64)
    }

    /// What it expects of who gets a message.
    public enum Expectation: String, Hashable, Sendable {
        /// A word for each message.
        case explicit
        /// A word for the last stands for all before it.
        case all
        /// Nothing: handing it out is enough.
        case none
    }

    /// Its name, a word of the API's subjects.
    public var name: String
    /// Whether it stays when nobody uses it.
    public var isDurable = true
    /// Which message of the stream comes first.
    public var start = Start.all
    /// What it expects of whoever gets a message.
    public var acknowledgement = Expectation.explicit
    /// How long a word may take before the message is handed out again.
    public var acknowledgementWait = Duration.seconds(30)
    /// How often a message is handed out; nil for as often as it takes.
    public var deliveriesMax: Int?
    /// How many messages may wait for their word; nil takes the server's thousand.
    public var outstandingMax: Int?
    /// Only messages of these subjects; nil for all.
    public var filter: NATSPattern?
    /// Whether messages come without what was sent.
    public var isHeadersOnly = false
    /// How long it stays when nobody uses it; nil takes the server's five seconds, or for ever if durable.
    public var inactiveMax: Duration?
    /// Whether it is kept in memory though its stream is not.
    public var isInMemory = false
    /// How many servers have a copy; nil takes the stream's.
    public var replicas: Int?

    /// A consumer of this name.
    public init(_ name: String) { self.name = name }

    /// Where it is asked for.
    func verb(_ stream: String) -> String {
        "CONSUMER.CREATE.\(stream).\(name)" + (filter.map { ".\($0)" } ?? "")
    }

    func request(_ stream: String) -> JSONText {
        var fields: [(String, JSONText?)] = [
            ("name", .string(name)), ("durable_name", isDurable ? .string(name) : nil),
            ("ack_policy", .string(acknowledgement.rawValue)), ("ack_wait", .duration(acknowledgementWait)),
            ("max_deliver", .integer(Int64(deliveriesMax ?? -1))),
            ("max_ack_pending", outstandingMax.map { .integer(Int64($0)) }),
            ("filter_subject", filter.map { .string($0.description) }), ("replay_policy", .string("instant")),
            ("headers_only", isHeadersOnly ? .boolean(true) : nil),
            ("inactive_threshold", inactiveMax.map { .duration($0) }),
            ("mem_storage", isInMemory ? .boolean(true) : nil),
            ("num_replicas", .integer(Int64(replicas ?? 0))),
        ]
        switch start {
        case .all: fields.append(("deliver_policy", .string("all")))
        case .new: fields.append(("deliver_policy", .string("new")))
        case .last: fields.append(("deliver_policy", .string("last")))
        case .lastPerSubject: fields.append(("deliver_policy", .string("last_per_subject")))
        case .sequence(let sequence):
            fields.append(("deliver_policy", .string("by_start_sequence")))
            fields.append(("opt_start_seq", .integer(Int64(clamping: sequence))))
        }
        return .object([("stream_name", .string(stream)), ("config", .object(fields))])
    }
}

/// How far a consumer is.
public struct ConsumerInfo: Hashable, Sendable {
    /// Its name, as its servers know it.
    public internal(set) var name = ""
    /// How many messages it has still to hand out.
    public internal(set) var pending = 0
    /// How many wait for their word.
    public internal(set) var outstanding = 0
    /// How many were handed out more than once and wait for their word.
    public internal(set) var redelivered = 0

    /// Empty, to be read into.
    init() {}
}

extension ConsumerInfo: JetStreamAnswer {
    mutating func read(_ name: String, _ reader: inout JSONReader) throws(JSONError) {
        switch name {
        case "name": self.name = try reader.string()
        case "num_pending": pending = Int(try reader.integer())
        case "num_ack_pending": outstanding = Int(try reader.integer())
        case "num_redelivered": redelivered = Int(try reader.integer())
        default: try reader.skip()
        }
    }
}

/// Where a message of a consumer stands in its stream: what the subject for its acknowledgement says.
public struct JetStreamMetadata: Hashable, Sendable {
    /// The message's number within its stream, from 1.
    public let streamSequence: UInt64
    /// Its sequence among what the consumer has handed out.
    public let consumerSequence: UInt64
    /// How often it was handed out, this time included.
    public let deliveries: Int
    /// How many are still to come.
    public let pending: Int
    /// When the stream got it, in nanoseconds since 1970.
    public let timestamp: Int64

    /// Reads `$JS.ACK.STREAM.CONSUMER.DELIVERIES.SEQUENCE.CONSUMER-SEQUENCE.TIME.PENDING`, or the same with
    /// a domain and an account in front and a token behind. Nil for any other subject.
    package init?(_ subject: RawSpan) {
        // Numbers of the last words, from behind; names may hold no dots.
        var dots = 0
        for place in 0..<subject.byteCount where subject.byte(at: place) == UInt8(ascii: ".") { dots += 1 }
        guard subject.byteCount > 8, dots == 8 || dots >= 10,
            subject.extracting(0..<8).integer(as: UInt64.self, at: 0, .bigEndian) == 0x244A_532E_4143_4B2E
        else { return nil }
        let first = dots == 8 ? 4 : 6
        var values: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
        var word = 0
        for place in 0..<subject.byteCount {
            let byte = subject.byte(at: place)
            if byte == UInt8(ascii: ".") {
                word += 1
                continue
            }
            guard word >= first, word < first + 5 else { continue }
            let digit = UInt64(byte &- 48)
            guard digit < 10 else { return nil }
            switch word - first {
            case 0: values.0 = values.0 &* 10 &+ digit
            case 1: values.1 = values.1 &* 10 &+ digit
            case 2: values.2 = values.2 &* 10 &+ digit
            case 3: values.3 = values.3 &* 10 &+ digit
            default: values.4 = values.4 &* 10 &+ digit
            }
        }
        deliveries = Int(clamping: values.0)
        streamSequence = values.1
        consumerSequence = values.2
        timestamp = Int64(clamping: values.3)
        pending = Int(clamping: values.4)
    }
}

extension NATSMessage {
    /// Where the message stands in its stream; nil for one that no consumer handed out. Allocates nothing.
    public var metadata: JetStreamMetadata? { JetStreamMetadata(replyBytes) }
}

extension NATSReply {
    /// Where the message stands in its stream; nil for one that no consumer handed out.
    public var metadata: JetStreamMetadata? {
        guard let reply else { return nil }
        return JetStreamMetadata(reply.bytes.bytes)
    }
}

/// What a consumer is told about a message.
public enum JetStreamWord: Hashable, Sendable {
    /// It is done with, for good.
    case done
    /// Not done: hand it out again, after a while if one is given.
    case again(after: Duration?)
    /// Still at it: the time for the word begins anew.
    case working
    /// Never hand it out again.
    case never

    var bytes: SharedBytes {
        switch self {
        case .done: SharedBytes("+ACK")
        case .again(nil): SharedBytes("-NAK")
        case .again(let delay?): SharedBytes("-NAK {\"delay\":\(delay.nanoseconds)}".utf8)
        case .working: SharedBytes("+WPI")
        case .never: SharedBytes("+TERM")
        }
    }
}

extension NATSConnection {
    /// Tells a message's consumer what became of it.
    @discardableResult
    public func acknowledge(
        _ message: borrowing NATSMessage, _ word: JetStreamWord = .done
    ) -> SendResult {
        let bytes = word.bytes
        return respond(to: message, bytes.bytes)
    }
}

extension NATSClient {
    /// Tells a message's consumer what became of it, from any thread.
    @discardableResult
    public func acknowledge(_ message: NATSReply, _ word: JetStreamWord = .done) -> SendResult {
        message.reply.map { publish($0, word.bytes) } ?? .closed
    }
}
