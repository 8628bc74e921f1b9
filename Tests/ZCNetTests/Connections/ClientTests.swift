import Glibc
import Testing

@testable import ZCNet

/// Connections that this side asks for.
@Suite struct ClientTests {
    private struct Fixture {
        let client: TCPClient
        let journal = Monitor(Journal())
        let heard = Monitor<[UInt8]>([])

        init(
            loops: Int = 1, observer: (any Observer)? = nil, connectTimeout: Duration = .seconds(20)
        ) throws {
            var configuration = TCPClient.Configuration()
            configuration.group.loops = loops
            configuration.group.observer = observer
            configuration.connectTimeout = connectTimeout
            let (journal, heard) = (journal, heard)
            client = try TCPClient(configuration) {
                var handler = SiteHandler(journal)
                handler.received = { data, _ in
                    let bytes = [UInt8](copying: data.bytes)
                    heard.update { $0 += bytes }
                }
                return handler
            }
            try client.start()
        }

        func finish() async throws {
            client.shutdown(grace: .milliseconds(200))
            let client = client
            try await onThread { client.wait() }
            #expect(journal.value.entries.allSatisfy { $0.closes == 1 })
        }

        func failure(_ endpoint: String, timeout: Duration? = nil) async -> ConnectError? {
            do throws(ConnectError) {
                _ = try await client.connect(to: endpoint, timeout: timeout)
                return nil
            } catch {
                return error
            }
        }
    }

    /// A socket that takes connections but whose queue is full, so that no further one comes up.
    private final class FullListener: Sendable {
        let listener: Int32
        let address: SocketAddress
        private let waiting: [RawClient]

        init() throws {
            let raw = try systemCall("socket") { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
            listener = raw
            let any = SocketAddress.ip(.loopbackV4, port: 0)
            _ = try systemCall("bind") { unsafe any.withKernelAddress { unsafe bind(raw, $0, $1) } }
            _ = try systemCall("listen") { listen(raw, 0) }
            address = try #require(KernelSocket.localAddress(of: Descriptor(rawValue: raw)))
            waiting = [try RawClient(to: address)]
        }

        deinit { close(listener) }
    }

    @Test(arguments: ["127.0.0.1:0", "[::1]:0", "unix"]) func connects(address: String) async throws {
        let directory = try TemporaryDirectory()
        let site = try await onThread {
            try Site(on: address == "unix" ? "unix:\(directory.path)/s" : address)
        }
        let fixture = try Fixture()
        let connection = try await fixture.client.connect(to: site.server.address.description)
        #expect(fixture.journal.value.entries.map(\.id) == [connection.id], "onOpen comes first")
        let isUnix = address == "unix"
        #expect(fixture.journal.value.entries[0].peer == (isUnix ? .unix(path: "") : site.server.address))
        connection.send("hello")
        try await onThread { try #require(fixture.heard.wait { $0 == Array("hello".utf8) }) }
        connection.close()
        try await onThread {
            #expect(fixture.journal.wait { $0.causes == [.local] })
            let causes = try site.causes()
            #expect(causes == [.peer])
            site.finish()
        }
        try await fixture.finish()
    }

    @Test func connectionsTakeTheLoopsInTurnOrTheOneAskedFor() async throws {
        let site = try await onThread { try Site() }
        let fixture = try Fixture(loops: 3)
        let address = site.server.address.description
        var loops: [Int] = []
        let group = fixture.client.group
        for _ in 0..<6 {
            loops.append(group.loop(of: try await fixture.client.connect(to: address).id)?.index ?? -1)
        }
        #expect(loops == [0, 1, 2, 0, 1, 2])
        let chosen = try await fixture.client.connect(to: address, onLoop: 2)
        #expect(group.loop(of: chosen.id) === group.loops[2])
        try await fixture.finish()
        try await onThread { site.finish() }
    }

    @Test func theServerEndsTheConnection() async throws {
        let site = try await onThread { try Site.handling { $0.opened = { $0.close() } } }
        let fixture = try Fixture()
        _ = try await fixture.client.connect(to: site.server.address.description)
        try await onThread {
            #expect(fixture.journal.wait { $0.causes == [.peer] })
            site.finish()
        }
        try await fixture.finish()
    }

    @Test func nobodyListens() async throws {
        let held = try HeldPort(both: false)
        let port = held.number
        let fixture = try Fixture()
        let error = try #require(await fixture.failure("127.0.0.1:\(port)"))
        let attempt = SystemError("connect", on: "127.0.0.1:\(port)", errno: .connectionRefused)
        #expect(error.cause == .refused && error.attempts == [attempt])
        #expect("\(error)" == "connect 127.0.0.1:\(port): \(attempt)")
        let missing = try #require(await fixture.failure("unix:/tmp/zcnet-no-such-socket"))
        #expect(missing.cause == .refused && missing.attempts.map(\.errno) == [Errno(rawValue: ENOENT)])
        try await fixture.finish()
    }

    @Test func localhostIsBothFamilies() async throws {
        let dead = try HeldPort(both: true)
        let fixture = try Fixture()
        let error = try #require(await fixture.failure("localhost:\(dead.number)"))
        #expect(error.cause == .refused)
        #expect(error.attempts.map(\.subject) == ["127.0.0.1:\(dead.number)", "[::1]:\(dead.number)"])
        let (held, site) = try await onThread { try Self.siteOnTheSecondFamilyAlone() }
        _ = try await fixture.client.connect(to: "localhost:\(held.number)")
        #expect(fixture.journal.value.entries.map(\.peer) == [site.server.address])
        try await fixture.finish()
        try await onThread { site.finish() }
    }

    /// A server on ::1 at a port where 127.0.0.1 answers nobody.
    private static func siteOnTheSecondFamilyAlone() throws -> (HeldPort, Site) {
        while true {
            let held = try HeldPort(both: false)
            do {
                return (held, try Site(on: "[::1]:\(held.number)"))
            } catch let error as SystemError where error.errno == .addressInUse {
                continue
            }
        }
    }

    @Test func theTimeIsOver() async throws {
        let listener = try await onThread { try FullListener() }
        let fixture = try Fixture()
        let clock = ContinuousClock()
        let start = clock.now
        let error = try #require(
            await fixture.failure(listener.address.description, timeout: .milliseconds(150)))
        #expect(error.cause == .timedOut, "\(error)")
        #expect(error.attempts.map(\.errno) == [.timedOut])
        #expect(clock.now - start >= .milliseconds(140))
        try await fixture.finish()
    }

    @Test func aShutdownGivesUpWhatIsUnderWay() async throws {
        let listener = try await onThread { try FullListener() }
        // Far longer than a busy machine needs to get to the shutdown.
        let fixture = try Fixture(connectTimeout: .seconds(600))
        async let pending = fixture.failure(listener.address.description)
        // The message that asks for the connection comes before the one that ends the loop.
        let posted = Monitor(false)
        try await onThread {
            _ = eventually {
                fixture.client.group.loops[0].post { context in
                    let count = context.connectionCount
                    posted.update { $0 = count == 1 }
                }
                return posted.value
            }
        }
        fixture.client.shutdown()
        let error = try #require(await pending)
        #expect(error.cause == .stopped, "\(error)")
        try await fixture.finish()
        #expect(await fixture.failure(listener.address.description)?.cause == .stopped)
    }

    @Test func whatNamesNothing() async throws {
        let fixture = try Fixture()
        let error = try #require(await fixture.failure("no port"))
        #expect(error.endpoint == "no port" && error.attempts.isEmpty)
        guard case .address(let problem) = error.cause else { throw error }
        #expect(problem.text == "no port")
        let unknown = try #require(await fixture.failure("no-such-host.invalid:80"))
        guard case .resolution(let reason) = unknown.cause else { throw unknown }
        #expect(!reason.isEmpty && unknown.attempts.isEmpty)
        #expect("\(unknown)" == "connect no-such-host.invalid:80: cannot resolve the name: \(reason)")
        try await fixture.finish()
    }

    @Test func aCancelledTaskLeavesNoConnection() async throws {
        let site = try await onThread { try Site() }
        let fixture = try Fixture()
        let address = site.server.address.description
        // Cancelled before it asks: a connection that came up sooner would be the caller's own.
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await fixture.failure(address)
        }
        task.cancel()
        #expect(await task.value?.cause == .stopped)
        try await onThread { #expect(fixture.journal.wait { $0.causes == [.local] }) }
        try await fixture.finish()
        try await onThread { site.finish() }
    }
}
