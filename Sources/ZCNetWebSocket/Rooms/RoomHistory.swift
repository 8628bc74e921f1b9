public import ZCNet

/// How much of what was published a room keeps for those who join it later; see
/// ``Rooms/init(history:presence:)``.
///
/// A history is there as long as its room: with the last member it goes, so that what a client can make the
/// server keep ends with the client.
public struct RoomHistoryLimits: Hashable, Sendable {
    /// The most messages of a room; 0 keeps none.
    public var messagesMax: Int
    /// The most bytes of a room's messages. 64 KiB are fifty messages of a kilobyte and more: a page of a
    /// chat.
    public var roomBytesMax: Int
    /// The most bytes of all rooms together. Where another room's history has them, what is published is kept
    /// in place of the room's own older messages, or not at all. 16 MiB are 256 full rooms.
    public var bytesMax: Int

    /// Keeps up to so many messages of each room.
    ///
    /// - Precondition: none is negative.
    public init(messagesMax: Int, roomBytesMax: Int = 64 << 10, bytesMax: Int = 16 << 20) {
        precondition(messagesMax >= 0 && roomBytesMax >= 0 && bytesMax >= 0, "a negative limit")
        self.messagesMax = messagesMax
        self.roomBytesMax = roomBytesMax
        self.bytesMax = bytesMax
    }

    /// Rooms keep nothing of what was published.
    public static let none = RoomHistoryLimits(messagesMax: 0)
}

/// The last messages of one room, without a gap between them. One thread at a time.
struct RoomHistory {
    private(set) var messages: [PreparedMessage] = []
    /// The memory that they take, in bytes.
    private(set) var bytes = 0

    /// What a message takes beside its frame.
    private static let messageBytes = 96

    private static func bytes(of message: PreparedMessage) -> Int {
        messageBytes + message.frame.chargedBytes
    }

    /// Keeps a message in place of the oldest ones, as many as it takes.
    ///
    /// - Parameter othersBytes: what all other rooms hold.
    mutating func append(_ message: PreparedMessage, _ limits: RoomHistoryLimits, othersBytes: Int) {
        let added = Self.bytes(of: message)
        let bytesMax = min(limits.roomBytesMax, limits.bytesMax - othersBytes)
        if added > bytesMax {
            // A history with a hole in it would be a lie: it begins anew behind what it cannot hold.
            self = RoomHistory()
            return
        }
        var dropped = 0
        while messages.count - dropped >= limits.messagesMax || bytes + added > bytesMax {
            bytes -= Self.bytes(of: messages[dropped])
            dropped += 1
        }
        messages.removeFirst(dropped)
        messages.append(message)
        bytes += added
    }
}

/// Somebody with a name has joined a room, or left it.
///
/// ```swift
/// let rooms = Rooms<String>(presence: { change in
///     let verb = change.hasJoined ? "came" : "left"
///     log.info("\(change.name) \(verb): \(change.count) are in \(change.room)")
/// })
/// ```
public struct RoomPresence<Key: Hashable & Sendable>: Sendable {
    /// The room that it happened in.
    public let room: Key
    /// Names the connection of the member.
    public let id: ConnectionID
    /// What the member is called: what it joined as.
    public let name: String
    /// Whether it has joined, and not left.
    public let hasJoined: Bool
    /// How many members with names there are now.
    public let count: Int
}
