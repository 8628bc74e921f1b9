import Foundation
import TestSupport
import ZCGoim

/// A server of both transports whose handler a test describes.
final class GoimSite: Sendable {
    let server: GoimServer
    let journal: Shared<Journal>

    struct Journal: Sendable {
        var opens: [String] = []
        var closes: [String: GoimCloseReason] = [:]
        var closeCount = 0
        var messages: [NaiveProto] = []
        var notes: [String] = []
    }

    /// What a test may want done.
    struct Deeds: Sendable {
        var authenticate: (@Sendable (borrowing GoimProto, borrowing GoimPeer) -> GoimVerdict)?
        var opened: @Sendable (borrowing GoimPeer) -> Void = { _ in }
        var received: @Sendable (borrowing GoimProto, borrowing GoimPeer) -> Void = { _, _ in }
        var mayEnter: @Sendable (String?) -> Bool = { _ in true }
        var timer: @Sendable (borrowing GoimPeer) -> Void = { _ in }
        var consumer: (@Sendable (consuming GoimConsumer) -> Void)?
    }

    private struct Handler: GoimHandler {
        let deeds: Deeds
        let journal: Shared<Journal>

        mutating func authenticate(
            _ request: borrowing GoimProto, from peer: inout GoimPeer
        ) -> GoimVerdict {
            if let authenticate = deeds.authenticate { return authenticate(request, peer) }
            do throws(GoimError) {
                return .accept(GoimIdentity(try GoimToken(parsing: request.bytes)))
            } catch {
                return .refuse(error.description)
            }
        }

        mutating func onOpen(_ peer: inout GoimPeer) {
            let key = peer.key
            journal.update { $0.opens.append(key) }
            deeds.opened(peer)
        }

        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
            let copy = NaiveProto(proto)
            journal.update { $0.messages.append(copy) }
            deeds.received(proto, peer)
        }

        mutating func mayEnter(_ room: String?, _ peer: inout GoimPeer) -> Bool { deeds.mayEnter(room) }

        mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimPeer) { deeds.timer(peer) }

        mutating func onConsumer(_ consumer: consuming GoimConsumer, of peer: inout GoimPeer) {
            deeds.consumer?(consumer)
        }

        mutating func onClose(_ peer: inout GoimPeer, _ reason: GoimCloseReason) {
            let key = peer.key
            journal.update {
                $0.closes[key] = reason
                $0.closeCount += 1
            }
        }
    }

    init(
        loops: Int = 1, _ options: GoimOptions = GoimOptions(), _ deeds: Deeds = Deeds(),
        change: (inout GoimServer.Configuration) -> Void = { _ in }
    ) throws {
        var configuration = GoimServer.Configuration()
        configuration.tcp.group.loops = loops
        configuration.goim = options
        if options.handshakeTimeout == GoimOptions().handshakeTimeout {
            Patience.apply(to: &configuration.goim)
        }
        configuration.webSocket.handshakeTimeout = Patience.long
        change(&configuration)
        let journal = Shared(Journal())
        self.journal = journal
        server = try GoimServer(
            tcp: "127.0.0.1:0", webSocket: "127.0.0.1:0", configuration: configuration
        ) { Handler(deeds: deeds, journal: journal) }
        try server.start()
    }

    var hub: GoimHub { server.hub }

    func address(_ transport: Transport) -> SocketAddress {
        (transport == .tcp ? server.tcpAddress : server.webSocketAddress) ?? .unix(path: "")
    }

    func person(_ transport: Transport, format: GoimHeaderFormat = .plain) throws -> RawPerson {
        try RawPerson(transport, to: address(transport), format: format)
    }

    /// Somebody who has been let in.
    func member(
        _ transport: Transport, key: String = "", room: String = "", accepts: [Int32] = []
    ) throws -> RawPerson {
        let person = try person(transport)
        let answer = try person.authenticate(key: key, room: room, accepts: accepts)
        guard answer.operation == 8 else { throw RawPerson.Failure(text: "not let in: \(answer)") }
        return person
    }

    /// Ends the server at once.
    func end() {
        server.shutdown(grace: .zero)
        server.wait()
    }
}

/// Runs a test's blocking part against a site, and ends the site whatever happens.
func visit(
    loops: Int = 1, driver: DriverChoice = .automatic, _ options: GoimOptions = GoimOptions(),
    _ deeds: GoimSite.Deeds = GoimSite.Deeds(),
    change: (inout GoimServer.Configuration) -> Void = { _ in },
    _ body: @escaping @Sendable (GoimSite) throws -> Void
) async throws {
    let site = try GoimSite(loops: loops, options, deeds) { configuration in
        configuration.tcp.group.driver = driver
        change(&configuration)
    }
    try await blocking {
        defer { site.end() }
        try body(site)
    }
}
