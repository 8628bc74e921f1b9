import Testing
import ZCNet

@testable import ZCNetWebSocket

/// The promises of links over real sockets, with each driver; see `LinkPromiseTests` for those that are made
/// up.
@Suite struct LinkSocketTests {
    /// No limit of time that a busy machine could meet.
    static func server(_ driver: DriverChoice = .automatic) -> WebSocketServer.Configuration {
        var wanted = WebSocketServer.Configuration()
        wanted.tcp.group.driver = driver
        wanted.tcp.group.loops = 2
        wanted.handshakeTimeout = .seconds(600)
        wanted.options.pingInterval = nil
        wanted.options.closeTimeout = .seconds(600)
        wanted.tcp.connection.idleTimeout = nil
        wanted.tcp.connection.lingerTimeout = .seconds(600)
        return wanted
    }

    static func client(_ driver: DriverChoice = .automatic) -> WebSocketClient.Configuration {
        var wanted = WebSocketClient.Configuration()
        wanted.tcp.group.driver = driver
        wanted.tcp.group.loops = 1
        wanted.tcp.connectTimeout = .seconds(600)
        wanted.handshakeTimeout = .seconds(600)
        wanted.options.pingInterval = nil
        wanted.options.closeTimeout = .seconds(600)
        return wanted
    }

    /// Scopes of all sizes that send and leave, to servers that take their time, and the other way round.
    @Test(arguments: [DriverChoice.epoll, .automatic]) func whatScopesSentArrives(driver: DriverChoice)
        async throws
    {
        let taken = Locked<[String: Int]>([:])
        let server = try WebSocketServer(on: "127.0.0.1:0", configuration: Self.server(driver)) { link in
            var (name, count) = ("", 0)
            while let message = try await link.next() {
                if name.isEmpty { name = message.text }
                count += 1
                if count % 10 == 0 { await Task.yield() }
            }
            let total = count
            taken.withLock { [name] in $0[name] = total }
        }
        try server.start()
        let client = try WebSocketLinkClient(Self.client(driver))
        try client.start()
        let url = "ws://\(server.address)/"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<24 {
                group.addTask {
                    try await client.withLink(to: url) { link in
                        link.trySend("\(number)")
                        for size in 0..<(number * 5) {
                            link.trySend(String(repeating: "x", count: size * 300))
                        }
                    }
                    // The server has read all of it before it answered the close frame.
                    #expect(taken.withLock { $0["\(number)"] } ?? number * 5 + 1 == number * 5 + 1)
                }
            }
            try await group.waitForAll()
        }
        await client.stop()
        server.shutdown()
        server.wait()
        #expect(
            taken.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<24).map { ("\($0)", $0 * 5 + 1) }))
    }

    /// Callers that are cancelled at random moments: each scope ends, none of what it was told is untrue, and
    /// the loops end without a task left.
    @Test(arguments: [DriverChoice.epoll, .automatic])
    func cancellationsAtRandomMomentsLoseNothing(driver: DriverChoice) async throws {
        let received = Locked<[String: [Int]]>([:])
        let server = try WebSocketServer(on: "127.0.0.1:0", configuration: Self.server(driver)) { link in
            while let message = try await link.next() {
                let words = message.text.split(separator: " ")
                received.withLock { $0[String(words[0]), default: []].append(Int(words[1]) ?? -1) }
                try await link.send(message)
            }
        }
        try server.start()
        let client = try WebSocketLinkClient(Self.client(driver))
        try client.start()
        let url = "ws://\(server.address)/"
        let accounts = await withTaskGroup(of: (String, sent: Int, back: Int).self) { group in
            for number in 0..<40 {
                group.addTask {
                    let (sent, back) = (Locked(0), Locked(0))
                    let asking = Task {
                        try await client.withLink(to: url) { link in
                            for index in 0..<1_000_000 {
                                try await link.send("\(number) \(index)")
                                sent.withLock { $0 += 1 }
                                guard let answer = try await link.next() else { return }
                                if answer.text == "\(number) \(index)" { back.withLock { $0 += 1 } }
                            }
                        }
                    }
                    // Random enough: whatever the machine makes of so many tasks.
                    for _ in 0..<(number * number * 7) { await Task.yield() }
                    asking.cancel()
                    _ = try? await asking.value
                    return ("\(number)", sent.withLock { $0 }, back.withLock { $0 })
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        await client.stop()
        server.shutdown()
        server.wait()
        for (name, sent, back) in accounts {
            // The scope closes in good order: everything that was accepted has been read.
            #expect(received.withLock { $0[name] ?? [] } == Array(0..<sent), "\(name)")
            #expect((sent - 1...sent).contains(back), "\(name): \(back) of \(sent) came back")
        }
        #expect(server.group.loops.allSatisfy { $0.tenant == nil })
    }
}
