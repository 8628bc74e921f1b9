import ExampleSupport
import Glibc
import ZCProto

// A room server that speaks goim's protocol. Alone it serves until a signal comes; with --members it fills
// its room with simulated users, pushes to them, shows what they see, and ends.

extension GoimServer: ExampleServer {
    /// Where TCP clients connect.
    public var address: SocketAddress { tcpAddress ?? .unix(path: "") }
}

/// The processor time of a server's loops so far.
func processorTime(of group: EventLoopGroup) async -> Int {
    var total = 0
    for loop in group.loops {
        total += await withCheckedContinuation { continuation in
            let result = loop.post { _ in
                continuation.resume(returning: nanoseconds(CLOCK_THREAD_CPUTIME_ID))
            }
            if result != .posted { continuation.resume(returning: 0) }
        }
    }
    return total
}

/// Pushes at a steady rate, and shows what becomes of it once a second.
func push(_ options: RoomOptions, _ server: GoimServer, _ view: inout View, room: String) async throws -> Int
{
    let clock = ContinuousClock()
    let start = clock.now
    let padding = [UInt8](repeating: 120, count: options.payloadBytes - 8)
    var pushes = 0
    for second in 1...options.duration {
        while pushes < second * options.rate {
            let now = nanoseconds()
            let body = SharedBytes(count: options.payloadBytes) { output in
                for shift in 0..<8 { output.append(UInt8(truncatingIfNeeded: now >> (shift * 8))) }
                for byte in padding { output.append(byte) }
            }
            server.hub.push(GoimMessage(GoimOperation(rawValue: 1000), body), toRoom: room)
            pushes += 1
            let due = start.advanced(by: .nanoseconds(pushes * 1_000_000_000 / options.rate))
            try await clock.sleep(until: due)
        }
        view.progress()
    }
    return pushes
}

func runWithCrowd(_ options: RoomOptions) async throws {
    let room = "live://1"
    let server = try GoimServer(
        tcp: "127.0.0.1:0", webSocket: "127.0.0.1:0", configuration: options.configuration
    ) { RoomHandler() }
    try server.start()
    let crowd = try Crowd(options)
    let address =
        options.transport == "tcp"
        ? server.tcpAddress.map { "tcp://\($0)" } : server.webSocketAddress.map { "ws://\($0)/sub" }
    try await crowd.gather(options.members, at: address ?? "", room: room)
    var view = View(server, crowd.latencies)
    let before = await processorTime(of: server.group)
    let start = nanoseconds()
    let pushes = try await push(options, server, &view, room: room)
    // What is still on its way: a batch may wait for a second.
    for _ in 0..<200 {
        let heard = crowd.latencies.snapshot?.count ?? 0
        if heard == pushes * options.members { break }
        try await Task.sleep(for: .milliseconds(10))
    }
    let after = await processorTime(of: server.group)
    view.final(
        pushes: pushes, seconds: Double(nanoseconds() - start) / 1e9, serverNanoseconds: after - before)
    crowd.client.shutdown(grace: .zero)
    server.shutdown(grace: .zero)
}

let options = RoomOptions()
if options.members > 0 {
    do {
        try await runWithCrowd(options)
    } catch {
        fail("\(error)")
    }
} else {
    serveUntilSignal {
        let webSocketPort = options.port == 0 ? 0 : options.port + 1
        return try GoimServer(
            tcp: "127.0.0.1:\(options.port)", webSocket: "127.0.0.1:\(webSocketPort)",
            configuration: options.configuration
        ) { RoomHandler() }
    }
}
