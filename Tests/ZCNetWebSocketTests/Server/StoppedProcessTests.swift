import Glibc
import Testing

@testable import ZCNet
@testable import ZCNetWebSocket

/// A server's process is stopped (SIGSTOP, a debugger, a snapshot of its machine) for longer than it would
/// wait for a pong, and goes on.
@Suite struct StoppedProcessTests {
    static let drivers: [String] = {
        let hasURing = (try? EventLoopGroup(loops: 1, driver: .uring)) != nil
        return hasURing ? ["epoll", "uring"] : ["epoll"]
    }()

    @Test(arguments: drivers)
    func aStoppedProcessKeepsClientsThatHaveAnswered(driver: String) async throws {
        try await onOwnThread {
            // The first ping after half a second; whoever is silent for five more is given up.
            let server = try ExampleProcess(
                "echo-server", ["--port", "0", "--loops", "1", "--driver", driver, "--pings", "500:5000"])
            let clients = try (0..<8).map { _ in try RoomSocket(to: server.address) }
            for client in clients { #expect(try client.nextFirstByte() == 0x89, "a ping") }
            try server.stop()
            // They answer in time, into the sockets of a process that does not run.
            for client in clients { try client.sendPong() }
            // What is tested: an absence longer than the patience.
            sleep(7)
            server.goOn()
            for client in clients {
                try client.say("still here?")
                while true {
                    let first = try client.nextFirstByte()
                    if first == 0x81 { break }
                    try #require(first == 0x89, "neither a ping nor the echo")
                    try client.sendPong()
                }
            }
            #expect(server.end(by: SIGTERM) == 0)
        }
    }
}
