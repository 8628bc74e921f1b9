import Synchronization
import ZCCluster
import ZCSBEServer

/// Who somebody is, as the token of the upgrade says, and by which device.
struct Login: Sendable {
    let user: String
    /// The device's number, which the client draws once and keeps.
    let device: UInt64
    /// Who publishes, for the log: the same device of the same user on whatever node.
    var producer: UInt64 {
        // FNV-1a, with a last round so that the upper bits depend on every byte.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ device
        for byte in user.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        return max(1, hash ^ hash >> 33)
    }
}

/// One connection of a user, as the rest of the server has it. A name and a handle: it keeps no connection.
final class Session: @unchecked Sendable {
    // SAFETY: `place` is the connection's loop's alone; the rest is constant or atomic.

    let login: Login
    /// Where it spoke last, as most speak there again.
    var place: Gateway.Place?
    let remote: RemoteWebSocket
    /// The loop that serves it, by its place in the group.
    let loop: Int
    private let underWay = Atomic<Int>(0)

    /// How many messages a device may have on their way: as many as a log knows again.
    static let underWayMax = 16

    init(_ login: Login, _ remote: RemoteWebSocket, loop: Int) {
        self.login = login
        self.remote = remote
        self.loop = loop
    }

    var id: ConnectionID { remote.id }

    /// Whether one more message may be on its way.
    func begins() -> Bool {
        underWay.add(1, ordering: .relaxed).newValue <= Self.underWayMax
    }

    /// A message is answered.
    func ends() { underWay.subtract(1, ordering: .relaxed) }

    /// Sends a message; one that has no room for it is closed, and comes back for what it has missed.
    func tell(_ message: SharedBytes) {
        let remote = remote
        let answer = remote.send(PreparedMessage(message, isText: false)) { result in
            if result == .full || result == .tooLarge { remote.close(.tryAgainLater, reason: "too slow") }
        }
        if answer == .full { remote.close(.tryAgainLater, reason: "the server is busy") }
    }
}
