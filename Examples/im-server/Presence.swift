import IMProtocol
import ZCCluster
import ZCSBEServer

/// Who is in a channel, on whichever node: a user comes with its first connection anywhere, and goes with its
/// last, or with its node.
///
/// Each channel of a node has one of these, for its members here. The engine's loop.
struct Presence {
    private let everywhere: ClusterPresence
    private let channel: ChannelName
    private var watch: PresenceWatch?
    /// Of each connection that hears the channel here; the stay ends with its entry.
    private var stays: [ConnectionID: PresenceStay] = [:]

    /// In larger groups nobody is told: everybody would be told of everybody.
    static let membersMax = 64

    init(_ everywhere: ClusterPresence, _ channel: ChannelName) {
        self.everywhere = everywhere
        self.channel = channel
    }

    /// Begins to tell who comes and goes, on all nodes.
    mutating func begin(_ tell: @escaping @Sendable (_ user: String, _ isThere: Bool) -> Void) {
        watch = everywhere.watch(channel) { event in
            switch event {
            // Nobody is here yet who could be told; those who come are told by `told`.
            case .here, .changed: break
            case .joined(let member): tell(member.name, true)
            case .left(let member): tell(member.name, false)
            }
        }
    }

    mutating func end() {
        watch = nil
        stays = [:]
    }

    mutating func comes(_ session: Session) {
        stays[session.id] = everywhere.enter(channel, as: session.login.user)
    }

    mutating func goes(_ session: Session) { stays[session.id] = nil }

    /// Whether there are so few that they are told of each other.
    var isTold: Bool { everywhere.count(of: channel) <= Self.membersMax }

    /// Who is there, for one that comes; nobody where they are too many.
    var told: [String] { isTold ? everywhere.members(of: channel).map(\.name) : [] }

    static func message(_ channel: ChannelName, _ user: String, _ isThere: Bool) -> SharedBytes {
        let message = try? IM.bytes(of: IM.Presence.self) { message in
            message.isThere = isThere ? .yes : .no
            return try message.data(.channel, channel.description).data(.user, user).finish()
        }
        return message ?? SharedBytes()
    }
}
