/// Who may come in: the limits that all loops of one server share. IPv6 addresses are counted by the network
/// of 64 bits that one customer has, since all of its addresses are his.
///
/// Asked once per accepted and once per ended connection, from any loop; never per message, so a lock does.
@usableFromInline
package final class Admission: Sendable {
    private let connectionsMax: Int?
    private let perAddressMax: Int?
    /// Who has a place until its conversation begins, where a protocol counts those; what secures connections
    /// counts its handshakes among them.
    package let handshakes: HandshakeAdmission?
    private let state = Locked(State())

    private struct State {
        var count = 0
        var perAddress: [IPAddress: Int] = [:]
        /// Listeners that wait for room.
        var waiting: [@Sendable () -> Void] = []
    }

    enum Verdict: Equatable {
        /// Come in; `isFull` says that nobody else may.
        case admitted(isFull: Bool)
        case tooMany
        case tooManyFromAddress
    }

    init(connectionsMax: Int?, perAddressMax: Int?, handshakes: HandshakeAdmission? = nil) {
        self.handshakes = handshakes
        self.connectionsMax = connectionsMax
        self.perAddressMax = perAddressMax
    }

    var count: Int { state.withLock { $0.count } }

    /// Whether all places are taken.
    var isFull: Bool { connectionsMax.map { count >= $0 } ?? false }

    func admit(_ peer: IPEndpoint) -> Verdict {
        state.withLock { state in
            if let connectionsMax, state.count >= connectionsMax { return .tooMany }
            if let perAddressMax, peer.isIP {
                let client = peer.address.countedNetwork
                let count = state.perAddress[client, default: 0]
                if count >= perAddressMax { return .tooManyFromAddress }
                state.perAddress[client] = count + 1
            }
            state.count += 1
            return .admitted(isFull: state.count == connectionsMax)
        }
    }

    func release(_ peer: IPEndpoint) {
        let waiting = state.withLock { state in
            state.count -= 1
            let client = peer.address.countedNetwork
            if perAddressMax != nil, peer.isIP, let count = state.perAddress[client] {
                // Addresses without connections are forgotten, so the table never outgrows the connections.
                state.perAddress[client] = count > 1 ? count - 1 : nil
            }
            if state.waiting.isEmpty { return [] as [@Sendable () -> Void] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for resume in waiting { resume() }
    }

    /// Calls `resume` once when there is room again; at once if there is room already.
    func whenRoom(_ resume: @escaping @Sendable () -> Void) {
        let hasRoom = state.withLock { state in
            if let connectionsMax, state.count >= connectionsMax {
                state.waiting.append(resume)
                return false
            }
            return true
        }
        if hasRoom { resume() }
    }
}
