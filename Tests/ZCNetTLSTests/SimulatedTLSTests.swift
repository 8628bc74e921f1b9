#if TLS
import COpenSSL
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetTLS

/// Servers and clients with TLS in a network made up from a seed. The network replays; OpenSSL's random bytes
/// differ from run to run.
@Suite struct SimulatedTLSTests {
    /// What a client sends, and what came back.
    final class Account {
        var received = 0
        var isRight = true
        var opens = 0
        var answers = 0
        var completed = 0
        var causes: [CloseCause] = []
    }

    /// SAFETY: `Sendable` is unchecked because the network's thread is the only one.
    struct Sent<Value>: @unchecked Sendable {
        let value: Value
    }

    struct Sender: ConnectionHandler {
        let account: Sent<Account>
        let bytes: [UInt8]

        func makeState() -> Int { 0 }

        func onOpen(_ peer: inout Connection<Int>) {
            account.value.opens += 1
            peer.send(SharedBytes(copying: bytes))
        }
        func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<Int>) {
            let start = peer.state
            let got = unsafe data.bytes.withUnsafeBytes { unsafe Array($0) }
            let isRight = start + got.count <= bytes.count && got == Array(bytes[start..<(start + got.count)])
            if !isRight { account.value.isRight = false }
            peer.state += got.count
            account.value.received += got.count
            guard peer.state == bytes.count else { return }
            account.value.completed += 1
            peer.close()
        }
        func onClose(_ peer: inout Connection<Int>, _ reason: CloseReason) {
            account.value.causes.append(reason.cause)
        }
    }

    struct Echo: ConnectionHandler {
        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) { peer.send(data) }
    }

    static let address = SocketAddress.ip(.loopbackV4, port: 443)

    struct World {
        let network: SimulatedNetwork
        let server: TCPServer
        let account = Account()

        init(
            seed: UInt64 = 1, faults: SimulatedFaults = .none, sending: SimulatedSending = .direct,
            connectionsMax: Int? = TCPServer.Configuration.connectionsMaxByDescriptors,
            _ change: (inout TLSServerConfiguration) -> Void = { _ in }
        ) throws {
            network = SimulatedNetwork(seed: seed, faults: faults, sending: sending)
            var wanted = TCPServer.Configuration()
            wanted.connection.idleTimeout = .seconds(60)
            wanted.connectionsMax = connectionsMax
            wanted.security = try .tls(TLSSite.configuration(change))
            let group = try network.makeGroup()
            server = try TCPServer(on: "\(address)", configuration: wanted, group: group) { Echo() }
            network.start(group)
        }

        /// Clients of this library, which send so many bytes each once they are up.
        func connect(_ count: Int, bytes: [UInt8], only12: Bool = false) throws {
            let context = try ClientContext(TLSGuest.configuration())
            // SSL_CTX_set_max_proto_version
            if only12 { _ = unsafe SSL_CTX_ctrl(context.place, 124, 0x303, nil) }
            var wanted = TCPClient.Configuration()
            wanted.security = .tls(context)
            wanted.connection.idleTimeout = .seconds(60)
            let group = try network.makeGroup()
            let account = Sent(value: account)
            let client = try TCPClient(wanted, group: group) { Sender(account: account, bytes: bytes) }
            network.start(group)
            for _ in 0..<count {
                client.connect(to: "\(address)") { _ in account.value.answers += 1 }
            }
        }
    }

    @Test(arguments: SimulatedSending.allCases, [false, true])
    func anEchoIsRightWhateverGoesWrong(sending: SimulatedSending, only12: Bool) throws {
        var completed = 0
        let bytes = EchoOverTLSTests.bytes(4000)
        var faults = SimulatedFaults.nasty
        // Each turn takes a moment of the virtual time, and so many of them a while of the real one.
        faults.latencyNanoseconds = 1_000...300_000
        for seed: UInt64 in 0..<4 {
            let world = try World(seed: seed, faults: faults, sending: sending) {
                $0.versions = .intermediate
                $0.handshakesUnderWayMax = 2
            }
            try world.connect(4, bytes: bytes, only12: only12)
            try world.network.runToRest()
            let account = world.account
            #expect(account.isRight, "seed \(seed)")
            #expect(account.answers == 4, "seed \(seed): each attempt is answered once")
            #expect(account.causes.count == account.opens, "seed \(seed)")
            let figures = world.server.snapshot()
            #expect(world.server.connectionCount == 0 && figures[.connections] == 0, "seed \(seed)")
            #expect(figures[.tlsHandshakesUnderWay] == 0, "seed \(seed)")
            completed += account.completed
            world.network.stop()
        }
        #expect(completed > 6)
    }

    /// Everything comes byte by byte, each record cut everywhere.
    @Test(arguments: [false, true]) func everyByteComesAlone(only12: Bool) throws {
        var faults = SimulatedFaults.none
        faults.segmentBytesMax = 1
        let world = try World(faults: faults) { $0.versions = .intermediate }
        try world.connect(1, bytes: EchoOverTLSTests.bytes(500), only12: only12)
        try world.network.runToRest()
        #expect(world.account.completed == 1 && world.account.isRight && world.account.causes == [.local])
        #expect(world.server.connectionCount == 0)
        world.network.stop()
    }

    // MARK: Crowds

    /// What a client says first.
    static func hello() throws -> [UInt8] {
        let context = try ClientContext(TLSGuest.configuration())
        let bench = try HandshakeBench(underWayMax: 1)
        let shake = unsafe ztls_shake_make(bench.loop, context.place, false)
        defer { unsafe ztls_shake_free(shake) }
        var taken = 0
        guard let shake = unsafe shake, unsafe ztls_shake_expect(shake, "a.test", false, true) else {
            return []
        }
        _ = unsafe ztls_shake_step(bench.loop, shake, nil, 0, &taken)
        return unsafe Array(
            UnsafeBufferPointer(start: bench.loop.pointee.output, count: bench.loop.pointee.output_count))
    }

    /// Clients that begin and stop take their places until their time is up, and no more than there are;
    /// whoever waits has its turn.
    @Test func handshakesThatStopAreBounded() throws {
        let world = try World {
            $0.handshakesUnderWayMax = 8
            $0.handshakeTimeout = .seconds(5)
        }
        let hello = try Self.hello()
        for _ in 0..<40 { world.network.connect(to: Self.address).send(hello) }
        var most: UInt64 = 0
        let start = world.network.elapsed
        try world.network.run {
            most = max(most, UInt64(world.server.snapshot()[.tlsHandshakesUnderWay]))
            return world.network.elapsed - start > .seconds(4)
        }
        #expect(most == 8 && world.server.connectionCount == 40, "\(most)")
        try world.network.run(for: .seconds(10))
        #expect(world.server.connectionCount == 0)
        #expect(world.server.snapshot()[.tlsHandshakesUnderWay] == 0)
        try world.connect(3, bytes: [1, 2, 3])
        try world.network.runToRest()
        #expect(world.account.completed == 3)
        world.network.stop()
    }

    /// However many say hello at once, a turn begins one handshake at most, so that others wait for no more.
    @Test func aTurnTakesOneStep() throws {
        let world = try World { $0.handshakesUnderWayMax = 100 }
        let hello = try Self.hello()
        for _ in 0..<40 { world.network.connect(to: Self.address).send(hello) }
        var (before, most) = (0, 0)
        try world.network.run {
            let count = Int(world.server.snapshot()[.tlsHandshakesUnderWay])
            most = max(most, count - before)
            before = count
            return count == 40
        }
        #expect(before == 40 && most == 1, "\(before) began, \(most) in a turn")
        world.network.stop()
    }

    /// More clients than places, and all of them are served.
    @Test func aCrowdWaitsForPlaces() throws {
        let world = try World { $0.handshakesUnderWayMax = 3 }
        try world.connect(60, bytes: [1, 2, 3])
        var most: UInt64 = 0
        try world.network.run {
            most = max(most, UInt64(world.server.snapshot()[.tlsHandshakesUnderWay]))
            return world.account.completed == 60
        }
        #expect(world.account.completed == 60 && (1...3).contains(most), "\(most)")
        try world.network.runToRest()
        #expect(world.server.connectionCount == 0)
        world.network.stop()
    }

    // MARK: Hellos that are none

    @Test func helloesCutAndChangedEndInGoodOrder() throws {
        let world = try World {
            $0.versions = .intermediate
            $0.handshakeTimeout = .seconds(1)
        }
        let hello = try Self.hello()
        #expect(hello.count > 100)
        var random = SimulatedRandom(seed: 5)
        for round in 0..<(hello.count + 300) {
            let peer = world.network.connect(to: Self.address)
            if round < hello.count {
                peer.send(hello[..<round])
            } else {
                var changed = hello
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    changed[Int.random(in: changed.indices, using: &random)] = UInt8.random(
                        in: 0...255, using: &random)
                }
                peer.send(changed)
            }
            if round % 2 == 0 { peer.finish() }
            if round % 50 == 0 { try world.network.run(for: .milliseconds(50)) }
        }
        try world.network.run(for: .seconds(5))
        let figures = world.server.snapshot()
        #expect(world.server.connectionCount == 0 && figures[.tlsHandshakesUnderWay] == 0)
        #expect(figures[.tlsHandshakesFull] == 0 && figures[.tlsHandshakesFailed] > 100)
        world.network.stop()
    }
}
#endif
