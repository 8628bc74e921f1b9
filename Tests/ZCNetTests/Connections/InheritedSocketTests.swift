import Glibc
import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// Listening sockets that the process was given, as by systemd's socket activation.
@Suite struct InheritedSocketTests {
    /// What gives sockets, and keeps them open over the lives of servers, as a service manager does.
    private final class Giver: Sendable {
        let kept: Int32

        init(at address: SocketAddress, kind: __socket_type = SOCK_STREAM, listens: Bool = true) throws {
            let raw = try systemCall("socket") {
                socket(address.family, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            }
            kept = raw
            _ = try systemCall("bind") { unsafe address.withKernelAddress { unsafe bind(raw, $0, $1) } }
            if listens { _ = try systemCall("listen") { listen(raw, 64) } }
        }

        deinit { close(kept) }

        /// Another descriptor of it, as a started process finds it: without close-on-exec.
        func give() throws -> Int32 { try systemCall("dup") { fcntl(kept, F_DUPFD, 3) } }
    }

    private static let anyPort = SocketAddress.ip(.loopbackV4, port: 0)

    private func refusal(of number: Int32) -> AddressError? {
        do {
            _ = try TCPServer(on: "fd:\(number)") { SiteHandler(Monitor(Journal())) }
            return nil
        } catch {
            return error as? AddressError
        }
    }

    @Test(arguments: TestedDriver.all, [1, 3])
    func aServerListensOnWhatItWasGiven(driver: DriverChoice, loops: Int) async throws {
        try await onThread {
            let giver = try Giver(at: Self.anyPort)
            let number = try giver.give()
            let site = try Site(on: "fd:\(number)", loops: loops) { $0.group.driver = driver }
            #expect(site.server.address == KernelSocket.localAddress(of: Descriptor(rawValue: giver.kept)))
            let clients = try (0..<6).map { _ in try site.connect() }
            for client in clients {
                try client.send("hello")
                #expect(try client.receiveText(5) == "hello")
            }
            #expect(site.journal.value.perLoop.count == loops)
            #expect(site.journal.value.entries.allSatisfy { $0.peer.ipAddress == .loopbackV4 })
            site.finish()
            #expect(fcntl(giver.kept, F_GETFD) >= 0, "the giver's own stays open")
        }
    }

    /// What is started again loses nobody: who connects meanwhile waits, and is served by the next one.
    @Test(arguments: TestedDriver.all) func whoComesBetweenTwoServersWaits(driver: DriverChoice) async throws
    {
        try await onThread {
            let giver = try Giver(at: Self.anyPort)
            let first = try Site(on: "fd:\(try giver.give())") { $0.group.driver = driver }
            let early = try first.connect()
            try early.send("early")
            #expect(try early.receiveText(5) == "early")
            early.close()
            #expect(try first.causes() == [.peer])
            first.finish()

            let between = try RawClient(to: first.server.address)
            try between.send("between")
            let second = try Site(on: "fd:\(try giver.give())") { $0.group.driver = driver }
            #expect(try between.receiveText(7) == "between")
            second.finish()
        }
    }

    @Test func theFileOfAUnixSocketStays() async throws {
        try await onThread {
            let directory = try TemporaryDirectory()
            let path = "\(directory.path)/socket"
            let giver = try Giver(at: .unix(path: path))
            let site = try Site(on: "fd:\(try giver.give())", loops: 2)
            #expect(site.server.address == .unix(path: path))
            let client = try site.connect()
            try client.send("hello")
            #expect(try client.receiveText(5) == "hello")
            site.finish()
            #expect(unsafe access(path, F_OK) == 0, "the file is the giver's")
        }
    }

    @Test func whatIsTakenIsNotTakenAgain() throws {
        let giver = try Giver(at: Self.anyPort)
        let number = try giver.give()
        let site = try Site(on: "fd:\(number)")
        #expect(fcntl(number, F_GETFD) == FD_CLOEXEC, "children of this process get it no more")
        #expect(fcntl(number, F_GETFL) & O_NONBLOCK != 0)
        #expect(refusal(of: number)?.got == "one that was opened, or taken already, in this process")
        #expect(refusal(of: giver.kept)?.expected == "a descriptor that the process was given")
        site.finish()
    }

    @Test func whatIsNoListeningSocketIsRefusedAndLeftAsItWas() throws {
        // Nothing in this process has a number as high as this one.
        #expect(refusal(of: 99_999)?.expected == "an open descriptor")

        let file = unsafe open("/dev/null", O_RDONLY)
        defer { close(file) }
        let datagrams = try Giver(at: Self.anyPort, kind: SOCK_DGRAM, listens: false).give()
        defer { close(datagrams) }
        let silent = try Giver(at: Self.anyPort, listens: false).give()
        defer { close(silent) }
        #expect(refusal(of: file)?.expected == "a listening socket")
        #expect(refusal(of: datagrams)?.expected == "a socket of streams")
        #expect(refusal(of: silent)?.expected == "a socket that listens")
        for number in [file, datagrams, silent] {
            #expect(fcntl(number, F_GETFD) == 0, "\(number) is as it was")
        }
    }

    @Test(arguments: ["fd:", "fd:2", "fd:-1", "fd:3x", "fd:03", "fd:100000"])
    func whatIsNoNumberIsRefused(text: String) {
        let error = AddressError(
            text: text, expected: "a descriptor of 3...99999 after fd:", got: "\"\(text.dropFirst(3))\"")
        #expect(throws: error) {
            try TCPServer(on: text) { SiteHandler(Monitor(Journal())) }
        }
    }

    @Test func oneSocketIsNotSharedByThePort() throws {
        let giver = try Giver(at: Self.anyPort)
        let number = try giver.give()
        defer { close(number) }
        var configuration = TCPServer.Configuration()
        configuration.group.loops = 2
        configuration.acceptStrategy = .perLoop
        #expect(throws: ConfigurationError.self) {
            try TCPServer(on: "fd:\(number)", configuration: configuration) {
                SiteHandler(Monitor(Journal()))
            }
        }
        #expect(fcntl(number, F_GETFD) == 0)
    }

    @Test func aSimulationIsGivenNothing() throws {
        let group = try SimulatedNetwork(seed: 1).makeGroup(loops: 1)
        #expect(throws: SystemError.self) {
            try TCPServer(on: "fd:3", group: group) { SiteHandler(Monitor(Journal())) }
        }
    }

    // MARK: The environment

    private func sockets(_ variables: [String: String]) throws -> InheritedSockets {
        try InheritedSockets { variables[$0] }
    }

    @Test func theEnvironmentSaysHowMany() throws {
        let own = "\(getpid())"
        let given = try sockets(["LISTEN_PID": own, "LISTEN_FDS": "2", "LISTEN_FDNAMES": "web:inside"])
        #expect(given.addresses == ["fd:3", "fd:4"] && given.names == ["web", "inside"])
        #expect(given.first == "fd:3" && given.address(named: "inside") == "fd:4")
        #expect(given.address(named: "else") == nil)
        let unnamed = try sockets(["LISTEN_PID": own, "LISTEN_FDS": "1"])
        #expect(unnamed.addresses == ["fd:3"] && unnamed.names == [""])
    }

    @Test func whatIsForAnotherProcessIsPassedOver() throws {
        #expect(try sockets([:]).first == nil)
        #expect(try sockets(["LISTEN_FDS": "1"]).first == nil)
        #expect(try sockets(["LISTEN_PID": "\(getppid())", "LISTEN_FDS": "1"]).first == nil)
        #expect(try sockets(["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "0"]).addresses.isEmpty)
    }

    @Test func whatCannotBeIsRefusedByItsName() {
        let own = "\(getpid())"
        let wrong: [(field: String, [String: String])] = [
            ("LISTEN_PID", ["LISTEN_PID": "self", "LISTEN_FDS": "1"]),
            ("LISTEN_PID", ["LISTEN_PID": "-1", "LISTEN_FDS": "1"]),
            ("LISTEN_FDS", ["LISTEN_PID": own, "LISTEN_FDS": ""]),
            ("LISTEN_FDS", ["LISTEN_PID": own, "LISTEN_FDS": "-1"]),
            ("LISTEN_FDS", ["LISTEN_PID": own, "LISTEN_FDS": "1025"]),
            ("LISTEN_FDNAMES", ["LISTEN_PID": own, "LISTEN_FDS": "1", "LISTEN_FDNAMES": "a:b"]),
        ]
        for (field, variables) in wrong {
            do {
                let given = try sockets(variables)
                Issue.record("\(variables) became \(given.addresses)")
            } catch {
                #expect((error as? ConfigurationError)?.field == field, "\(error)")
            }
        }
    }
}
