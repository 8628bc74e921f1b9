#if TLS
import Testing
import ZCNet
import ZCNetTLS

/// A server and a client of this library over real sockets: an echo, and somebody who listens to it.
final class TLSSite: Sendable {
    /// What a connection has come to at one side.
    struct Seen: Sendable {
        var security: NegotiatedSecurity?
        var bytes: [UInt8] = []
        var reason: CloseReason?
    }

    /// One side's connections, by their ids.
    final class Ledger: Sendable {
        private let all = Locked<[ConnectionID: Seen]>([:])

        func change(_ id: ConnectionID, _ body: (inout Seen) -> Void) {
            all.withLock { body(&$0[id, default: Seen()]) }
        }

        var values: [Seen] { all.withLock { Array($0.values) } }

        subscript(_ id: ConnectionID) -> Seen { all.withLock { $0[id] ?? Seen() } }
    }

    struct Echo: ConnectionHandler {
        let ledger: Ledger
        let echoes: Bool

        mutating func onOpen(_ peer: inout Peer) {
            let security = peer.security
            ledger.change(peer.id) { $0.security = security }
        }
        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
            if echoes { return _ = peer.send(data) }
            let bytes = unsafe data.bytes.withUnsafeBytes { unsafe Array($0) }
            ledger.change(peer.id) { $0.bytes += bytes }
        }
        mutating func onClose(_ peer: inout Peer, _ reason: CloseReason) {
            ledger.change(peer.id) { $0.reason = reason }
        }
    }

    /// Why connections have ended, those that no handler has heard of among them.
    final class Endings: Observer {
        private let all = Locked<[String]>([])

        var reasons: [String] { all.withLock { $0 } }

        func connectionClosed(_ id: ConnectionID, reason: CloseReason, droppedBytes: Int) {
            all.withLock { $0.append("\(reason)") }
        }
    }

    let server: TCPServer
    let atServer: Ledger
    let endings = Endings()
    let endpoint: String

    init(_ tls: TLSServer, driver: DriverChoice = .automatic, loops: Int = 1) throws {
        let atServer = Ledger()
        var wanted = TCPServer.Configuration()
        wanted.group.loops = loops
        wanted.group.driver = driver
        wanted.group.observer = endings
        wanted.security = .tls(tls)
        // Whoever waits for something may have to wait long for a processor.
        wanted.connection.idleTimeout = nil
        server = try TCPServer(on: "127.0.0.1:0", configuration: wanted) {
            Echo(ledger: atServer, echoes: true)
        }
        self.atServer = atServer
        endpoint = server.address.description
        try server.start()
    }

    /// A server that shows `siteA`.
    convenience init(
        driver: DriverChoice = .automatic, _ change: (inout TLSServerConfiguration) -> Void = { _ in }
    )
        throws
    {
        try self.init(try TLSServer(Self.configuration(change)), driver: driver)
    }

    static func configuration(_ change: (inout TLSServerConfiguration) -> Void = { _ in })
        -> TLSServerConfiguration
    {
        var configuration = TLSServerConfiguration(
            certificateChain: pem(TestAuthority.siteA), privateKey: pem(TestAuthority.siteAKey))
        configuration.handshakeTimeout = .seconds(120)
        change(&configuration)
        return configuration
    }

    func stop() {
        server.shutdown(grace: .seconds(1))
        server.wait()
    }

    /// Once a connection of the server has ended.
    func ended(_ count: Int = 1) async throws -> [Seen] {
        try await patiently { self.atServer.values.filter { $0.reason != nil }.count >= count }
        return atServer.values
    }
}

/// A client that trusts the authority of the tests.
final class TLSGuest: Sendable {
    let client: TCPClient
    let ledger = TLSSite.Ledger()

    convenience init(
        driver: DriverChoice = .automatic, _ change: (inout TLSClientConfiguration) -> Void = { _ in }
    ) throws {
        try self.init(driver: driver, security: .tls(Self.configuration(change)))
    }

    init(driver: DriverChoice = .automatic, security: ClientSecurity) throws {
        var wanted = TCPClient.Configuration()
        wanted.group.loops = 1
        wanted.group.driver = driver
        wanted.connectTimeout = .seconds(120)
        wanted.security = security
        wanted.connection.idleTimeout = nil
        let ledger = ledger
        client = try TCPClient(wanted) { TLSSite.Echo(ledger: ledger, echoes: false) }
        try client.start()
    }

    static func configuration(_ change: (inout TLSClientConfiguration) -> Void = { _ in })
        -> TLSClientConfiguration
    {
        var configuration = TLSClientConfiguration()
        configuration.trust = .roots(pem(TestAuthority.root))
        configuration.serverName = "a.test"
        change(&configuration)
        return configuration
    }

    /// Sends bytes over a new connection, and waits until they are back.
    @discardableResult
    func echo(_ bytes: [UInt8], at endpoint: String) async throws -> TLSSite.Seen {
        let remote = try await client.connect(to: endpoint)
        for start in stride(from: 0, to: bytes.count, by: 20_000) {
            remote.send(SharedBytes(copying: Array(bytes[start..<min(start + 20_000, bytes.count)])))
        }
        try await patiently {
            let seen = self.ledger[remote.id]
            return seen.bytes.count >= bytes.count || seen.reason != nil
        }
        let seen = ledger[remote.id]
        #expect(seen.bytes == bytes)
        remote.close()
        try await patiently { self.ledger[remote.id].reason != nil }
        return ledger[remote.id]
    }

    /// Why a connection is not secured.
    func complaint(at endpoint: String) async -> SecurityError? {
        do {
            try await client.connect(to: endpoint).close()
            return nil
        } catch {
            if case .security(let error) = error.cause { return error }
            Issue.record("expected a complaint about security, got \(error)")
            return nil
        }
    }

    func stop() {
        client.shutdown(grace: .seconds(1))
        client.wait()
    }
}

struct Impatience: Error {}

/// Waits for what others do, for two minutes at most.
func patiently(_ isDone: () -> Bool) async throws {
    for _ in 0..<24_000 {
        if isDone() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw Impatience()
}
#endif
