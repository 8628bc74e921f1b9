import Glibc
import Testing

@testable import ZCNet

/// Where a server may listen, and what keeps it from it.
@Suite struct ListeningTests {
    private func listeningError(
        _ address: String, _ change: (inout TCPServer.Configuration) -> Void = { _ in }
    )
        -> SystemError?
    {
        var configuration = TCPServer.Configuration()
        configuration.group.loops = 1
        change(&configuration)
        do {
            _ = try TCPServer(on: address, configuration: configuration) { SiteHandler(Monitor(Journal())) }
            return nil
        } catch {
            return error as? SystemError
        }
    }

    @Test(arguments: ["127.0.0.1:0", "[::1]:0", "localhost:0", "*:0"], [1, 3])
    func overIP(address: String, loops: Int) async throws {
        try await onThread {
            let site = try Site(on: address, loops: loops)
            let port = try #require(site.server.address.port)
            #expect(port != 0)
            let isAny = site.server.address.ipAddress == .anyV6
            let target: SocketAddress = isAny ? .ip(.loopbackV6, port: port) : site.server.address
            for target in isAny ? [target, .ip(.loopbackV4, port: port)] : [target] {
                let client = try RawClient(to: target)
                try client.send("hello")
                #expect(try client.receiveText(5) == "hello")
                client.close()
            }
            site.finish()
        }
    }

    @Test func anIPv6ListenerMayLeaveIPv4Out() async throws {
        try await onThread {
            let site = try Site(on: "*:0") { $0.listener.acceptsIPv4OnIPv6 = false }
            let port = try #require(site.server.address.port)
            #expect(throws: SystemError.self) { try RawClient(to: .ip(.loopbackV4, port: port)) }
            _ = try RawClient(to: .ip(.loopbackV6, port: port))
        }
    }

    @Test func overAUnixSocket() async throws {
        try await onThread {
            let directory = try TemporaryDirectory()
            let path = "\(directory.path)/socket"
            let site = try Site(on: "unix:\(path)", loops: 2)
            #expect(site.server.address == .unix(path: path))
            let client = try site.connect()
            try client.send("hello")
            #expect(try client.receiveText(5) == "hello")
            #expect(site.journal.value.entries.map(\.peer) == [.unix(path: "")])
            client.close()
            #expect(try site.causes() == [.peer])
            site.finish()
            #expect(unsafe access(path, F_OK) != 0, "the path is removed with the server")
        }
    }

    @Test func theLongestUnixPath() async throws {
        try await onThread {
            let directory = try TemporaryDirectory()
            let prefix = "\(directory.path)/"
            let path = prefix + String(repeating: "p", count: 107 - prefix.utf8.count)
            let site = try Site(on: "unix:\(path)")
            #expect(site.server.address == .unix(path: path))
            let client = try site.connect()
            try client.send("x")
            #expect(try client.receiveText(1) == "x")
        }
    }

    @Test func anAddressInUse() throws {
        let site = try Site()
        let address = site.server.address.description
        #expect(listeningError(address) == SystemError("bind", on: address, errno: .addressInUse))
    }

    @Test func anAddressOfAnotherMachine() {
        let error = listeningError("203.0.113.1:0")
        #expect(error == SystemError("bind", on: "203.0.113.1:0", errno: .addressNotAvailable))
    }

    @Test func aNameIsNoAddressToListenOn() {
        #expect(throws: AddressError.self) {
            try TCPServer(on: "example:0") { SiteHandler(Monitor(Journal())) }
        }
    }

    @Test func aUnixPathInAMissingDirectory() throws {
        let directory = try TemporaryDirectory()
        let error = listeningError("unix:\(directory.path)/missing/socket")
        #expect(error?.operation == "bind" && error?.errno == Errno(rawValue: ENOENT))
    }

    @Test func aStaleUnixPathIsReplacedAndALiveOneIsNot() async throws {
        try await onThread {
            let directory = try TemporaryDirectory()
            let address = SocketAddress.unix(path: "\(directory.path)/socket")
            try Self.leaveStale(address)
            #expect(
                listeningError(address.description) { $0.listener.replacesStaleUnixPath = false }?.errno
                    == .addressInUse)
            let site = try Site(on: address.description)
            #expect(listeningError(address.description)?.errno == .addressInUse)
            let client = try site.connect()
            try client.send("alive")
            #expect(try client.receiveText(5) == "alive")
            site.finish()
        }
    }

    @Test func anOrdinaryFileIsNeverReplaced() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.file("precious", [1, 2, 3])
        #expect(listeningError("unix:\(path)")?.errno == .addressInUse)
        #expect(unsafe access(path, F_OK) == 0)
    }

    /// Binds a path and ends without removing it, as a killed process does.
    private static func leaveStale(_ address: SocketAddress) throws {
        let raw = try systemCall("socket") { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }
        defer { close(raw) }
        _ = try systemCall("bind") { unsafe address.withKernelAddress { unsafe bind(raw, $0, $1) } }
        _ = try systemCall("listen") { listen(raw, 1) }
    }

    @Test func aServerThatNeverStartedLeavesNothingBehind() throws {
        var address = ""
        do {
            let server = try TCPServer(on: "127.0.0.1:0") { SiteHandler(Monitor(Journal())) }
            address = server.address.description
        }
        #expect(listeningError(address) == nil)
    }

    @Test func connectionsWaitInTheBacklogUntilTheStart() async throws {
        try await onThread {
            let site = try Site(isStarted: false)
            let client = try site.connect()
            try client.send("early")
            try site.server.start()
            #expect(try client.receiveText(5) == "early")
            try site.server.start()
            site.finish()
        }
    }
}
