import IMProtocol
import ZCCluster
import ZCSBEServer

/// Who is in a channel, by name: a user comes with its first connection, and goes with its last.
///
/// **The seam.** This counts the connections of one node, and its channel tells them. What knows the whole
/// cluster takes the place of `counts`: `comes` and `goes` say what changed, wherever that was.
struct Presence {
    private var counts: [String: Int] = [:]

    /// In larger groups nobody is told: everybody would be told of everybody.
    static let membersMax = 64

    /// Whether that was the user's first connection.
    mutating func comes(_ user: String) -> Bool {
        counts[user, default: 0] += 1
        return counts[user] == 1
    }

    /// Whether that was the user's last.
    mutating func goes(_ user: String) -> Bool {
        guard let count = counts[user] else { return false }
        counts[user] = count == 1 ? nil : count - 1
        return count == 1
    }

    /// Who is there, for one that comes; nobody where they are too many.
    var told: [String] { counts.count <= Self.membersMax ? counts.keys.sorted() : [] }

    static func message(_ channel: ChannelName, _ user: String, _ isThere: Bool) -> SharedBytes {
        let message = try? IM.bytes(of: IM.Presence.self) { message in
            message.isThere = isThere ? .yes : .no
            return try message.data(.channel, channel.description).data(.user, user).finish()
        }
        return message ?? SharedBytes()
    }
}
