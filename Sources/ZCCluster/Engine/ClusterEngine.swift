// Several processes that serve the same channels: each message stored once, in one order, whichever of them
// it comes to.
@_exported import ZCDelivery

/// What nodes of a cluster reach each other and keep things through: messages that may be lost, leases that
/// are compared and set, and a log.
///
/// **Why callbacks on one loop.** A node lives on one loop, as connections do, and so does its engine: it is
/// called there, and answers there. So a handler of a server on that loop stores a message without a lock, a
/// post or a task, and a simulation plays a whole cluster on one thread, the same each time.
///
/// **What an answer may be.** Each is given once. ``ClusterError/Code/unknown`` where it is not known whether
/// the thing happened, or will yet; any other error where it did not, and will not.
///
/// **What an engine must keep.** Places of records grow. A record that was acknowledged is in every later
/// reading, until it is removed on purpose. ``append(_:to:id:behind:answer:)`` refuses where it finds a newer
/// record of the channel; whether it may miss one that is just under way, ``refereesAppends`` says. A lease
/// is set by at most one of those that compare it with the same revision. Messages may be lost, and come
/// twice or late.
public protocol ClusterEngine: AnyObject, Sendable {
    /// The time of the loop, which never goes back; nobody else's need agree with it.
    var now: MonotonicInstant { get }

    /// Whether of two appends behind the same record at most one is taken, however close they come. Where it
    /// is false, writers read back what they wrote.
    var refereesAppends: Bool { get }

    /// The largest record or message that the engine takes.
    var bytesMax: Int { get }

    /// Has work done on the loop. Any thread; false where the loop has ended.
    @discardableResult
    func perform(_ work: @escaping @Sendable () -> Void) -> Bool

    /// Has work done after a while; after none at all in the loop's next turn, which does not wait then.
    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void)

    // MARK: Messages

    /// Sends a message to whoever listens to a topic now, this node included; at most once. False where it
    /// is certain that nobody gets it, as too much waits, or as the engine has ended.
    @discardableResult
    func publish(_ bytes: SharedBytes, to topic: ClusterTopic) -> Bool

    /// Listens to a topic until ``unsubscribe(_:)``.
    func subscribe(_ topic: ClusterTopic, _ handler: @escaping @Sendable (SharedBytes) -> Void)
        -> TopicListening

    /// Ends listening; nothing comes after it returns.
    func unsubscribe(_ listening: TopicListening)

    /// Has somebody told whenever messages may have been missed, as the engine was away: once it is back, and
    /// topics are listened to again.
    func watchGaps(_ tell: @escaping @Sendable () -> Void)

    // MARK: Leases

    /// What a key has now; nil for nothing.
    func readLease(_ key: String, answer: @escaping EngineAnswer<LeaseEntry?>)

    /// Sets a key that still has a revision, 0 for one that has nothing yet; answers the new revision, which
    /// is higher than any before it. `conflict` where it has another.
    func writeLease(
        _ key: String, _ value: SharedBytes, at revision: UInt64, answer: @escaping EngineAnswer<UInt64>)

    /// Tells of what every key has, and of all changes from then on: late perhaps, and of the newest alone
    /// where there were several. `caughtUp` comes once, behind what was there.
    func watchLeases(
        _ change: @escaping @Sendable (LeaseEntry) -> Void, caughtUp: @escaping @Sendable () -> Void)

    // MARK: The log

    /// Appends a record of a channel whose newest record is still the one at a place, 0 for none; answers its
    /// own place. `conflict` where the channel has a newer one.
    ///
    /// - Parameter id: the record's; the same record may be offered again under it.
    func append(
        _ record: SharedBytes, to channel: ChannelName, id: String, behind place: UInt64,
        answer: @escaping EngineAnswer<UInt64>)

    /// The newest record of a channel; nil for none.
    func newest(of channel: ChannelName, answer: @escaping EngineAnswer<LogRecord?>)

    /// Records of a channel from a place on, oldest first: at least one where there is one, and no more than
    /// the limit says. Nothing older than what ``newest(of:answer:)`` has answered before is missing.
    func read(
        _ channel: ChannelName, from place: UInt64, limit: ReadLimit,
        answer: @escaping EngineAnswer<[LogRecord]>)
}

/// What an answer of an engine or a node is given to, once, on the engine's loop.
public typealias EngineAnswer<Value> = @Sendable (Result<Value, ClusterError>) -> Void

/// A subscription of an engine, by its number.
public struct TopicListening: Hashable, Sendable {
    let number: Int

    /// Names a subscription by a number that the engine gave it.
    public init(number: Int) { self.number = number }
}

/// What a key of leases has.
public struct LeaseEntry: Hashable, Sendable {
    /// Whose value it is.
    public let key: String
    /// What was set last.
    public let value: SharedBytes
    /// By which the next change is compared; grows with every change.
    public let revision: UInt64

    /// An entry as an engine knows it.
    public init(key: String, value: SharedBytes, revision: UInt64) {
        self.key = key
        self.value = value
        self.revision = revision
    }
}

/// A record as the engine keeps it.
public struct LogRecord: Hashable, Sendable {
    /// Where it is in the engine's log; higher than the places of all that were there before it.
    public let place: UInt64
    /// What was appended, as it was.
    public let bytes: SharedBytes

    /// Joins what a log keeps with the number that the engine gave it.
    public init(place: UInt64, bytes: SharedBytes) {
        self.place = place
        self.bytes = bytes
    }
}

/// Where messages between nodes go.
public enum ClusterTopic: Hashable, Sendable {
    /// To one node, by its name.
    case node(String)
    /// To whoever has listeners of a channel.
    case channel(ChannelName)
    /// To whoever listens to what passes in a channel and is not stored.
    case passing(ChannelName)
}

/// Has messages in one order.
///
/// ```swift
/// let channel = try ChannelName("group:7")
/// ```
/// 1 to ``bytesMax`` bytes of UTF-8, of any characters; two names are the same where their bytes are.
public struct ChannelName: Hashable, Sendable, CustomStringConvertible {
    /// The longest name. Why 128: even when every byte is written as three, a subject of NATS holds it.
    public static let bytesMax = 128
    /// How many slots channels hash to. Why a constant: nodes that counted differently would lead the same
    /// channels.
    public static let slots = 256

    /// The name as it was given.
    public let description: String

    /// Checks a name.
    ///
    /// - Throws: ``ClusterError`` with `invalid`.
    public init(_ text: String) throws(ClusterError) {
        let count = text.utf8.count
        guard (1...Self.bytesMax).contains(count) else {
            throw ClusterError(
                .invalid, expected: "a channel's name of 1 to \(Self.bytesMax) bytes", got: "\(count)")
        }
        description = text
    }

    /// The slot that the channel belongs to, the same on every node and in every version.
    public var slot: Int { Int(Self.hash(description.utf8) >> 56) }

    /// The name as one word of letters, digits, `-` and `_`; any other byte as `=` and two digits.
    public var word: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var word: [UInt8] = []
        word.reserveCapacity(description.utf8.count)
        for byte in description.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                word.append(byte)
            default: word += [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: word, as: UTF8.self)
    }

    /// FNV-1a with a last round of mixing, so that the upper bits depend on every byte.
    package static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        return hash ^ hash >> 33
    }
}

extension ConnectionHost {
    /// Does work after a while, or in the next turn: there a timer would wait for the next tick of the wheel.
    func perform(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
        if delay <= .zero { nextTurn { _ in work() } } else { _ = schedule(after: delay, work) }
    }
}
