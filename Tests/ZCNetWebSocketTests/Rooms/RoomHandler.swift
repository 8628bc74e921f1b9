import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Obeys words: `join K`, `leave K`, `say K TEXT` (to all), `tell K TEXT` (to all others), `bye`.
struct RoomHandler: WebSocketHandler {
    let rooms: Rooms<String>
    let remotes: Remotes
    /// What a connection joins as it opens.
    var joinsAtOnce: [String] = []

    /// Handles of the connections, in the order of their opening, and what happened.
    final class Remotes: Sendable {
        private let state = Locked<(remotes: [RemoteWebSocket], closes: Int, answers: [String])>(([], 0, []))
        var all: [RemoteWebSocket] { state.withLock { $0.remotes } }
        var closes: Int { state.withLock { $0.closes } }
        var answers: [String] { state.withLock { $0.answers } }
        func add(_ remote: RemoteWebSocket) { state.withLock { $0.remotes.append(remote) } }
        func didClose() { state.withLock { $0.closes += 1 } }
        func note(_ answer: String) { state.withLock { $0.answers.append(answer) } }
    }

    mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
        for key in joinsAtOnce { rooms.join(key, peer) }
        remotes.add(peer.remote)
    }

    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        let words = message.text.split(separator: " ", maxSplits: 2).map(String.init)
        let key = words.count > 1 ? words[1] : ""
        switch words.first {
        case "join": remotes.note("join \(rooms.join(key, peer))")
        case "leave": remotes.note("leave \(rooms.leave(key, peer))")
        case "member": remotes.note("member \(rooms.isMember(of: key, peer))")
        case "say": rooms.publish(words[2], to: key)
        case "tell": rooms.publish(words[2], to: key, except: peer.id)
        case "bye":
            peer.close()
            remotes.note("join \(rooms.join(key, peer))")
        case "pause": peer.pauseReading()
        case "echo": peer.send(words[2])
        default: break
        }
    }

    mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
        // Too late: a connection that is over is in no room, and enters none.
        remotes.note("late \(rooms.join("a", peer)) \(rooms.isMember(of: "a", peer))")
        remotes.didClose()
    }
}

/// Rooms served in a simulated network.
final class SimulatedRooms {
    let rooms = Rooms<String>()
    let remotes = RoomHandler.Remotes()
    let site: SimulatedSite

    init(
        seed: UInt64 = 1, loops: Int = 1, faults: SimulatedFaults = .none,
        sending: SimulatedSending = .direct,
        joinsAtOnce: [String] = [], mailboxMessagesMax: Int? = nil,
        configure: (inout WebSocketServer.Configuration) -> Void = { _ in }
    ) throws {
        let (rooms, remotes) = (rooms, remotes)
        var group = EventLoopGroup.Configuration()
        if let mailboxMessagesMax { group.limits.mailboxMessagesMax = mailboxMessagesMax }
        site = try SimulatedSite(
            seed: seed, faults: faults, sending: sending, loops: loops, group: group, configure: configure
        ) { routes, _ in
            routes.webSocket {
                RoomHandler(rooms: rooms, remotes: remotes, joinsAtOnce: joinsAtOnce)
            }
        }
    }

    /// Clients that are members of what they join at once; `remotes` has their handles in this order.
    func connect(_ count: Int) throws -> [SimulatedWebSocket] {
        try (0..<count).map { _ in
            let before = remotes.all.count
            let client = site.connect()
            try site.run("a connection") { remotes.all.count == before + 1 && client.isUpgraded }
            return client
        }
    }

    func run(
        _ what: String, _ location: SourceLocation = #_sourceLocation, until condition: () -> Bool
    ) throws {
        let holds = try site.network.run(until: condition)
        #expect(holds, "expected \(what)", sourceLocation: location)
    }
}
