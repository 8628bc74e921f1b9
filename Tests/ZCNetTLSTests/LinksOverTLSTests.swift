#if TLS
import Testing
import ZCNet
import ZCNetTLS
import ZCNetWebSocket

/// Links on secured connections keep what links promise: a transform between the connection and its task
/// leaves some bytes unopened, and what a task leaves unread lies beside them.
@Suite struct LinksOverTLSTests {
    private static func server(_ driver: DriverChoice) throws -> TCPServer.Configuration {
        var wanted = TCPServer.Configuration()
        wanted.group.loops = 1
        wanted.group.driver = driver
        wanted.security = try .tls(TLSSite.configuration())
        wanted.connection.idleTimeout = nil
        wanted.connection.lingerTimeout = .seconds(120)
        return wanted
    }

    private static func client(_ driver: DriverChoice) throws -> TCPClient.Configuration {
        var wanted = TCPClient.Configuration()
        wanted.group.loops = 1
        wanted.group.driver = driver
        wanted.connectTimeout = .seconds(120)
        wanted.security = try .tls(TLSGuest.configuration())
        wanted.connection.idleTimeout = nil
        wanted.connection.lingerTimeout = .seconds(120)
        return wanted
    }

    private static func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: index &* 31 &+ index >> 8) }

    /// A stream in pieces of all sizes, taken in pieces of other sizes by a task that is late now and then;
    /// both sides leave as soon as they have said or heard all. Whole, in order, and its end is seen.
    @Test(arguments: [DriverChoice.epoll, .automatic]) func aStreamComesWhole(driver: DriverChoice)
        async throws
    {
        let total = 3_000_000
        let server = try TCPServer(on: "127.0.0.1:0", configuration: Self.server(driver)) { link in
            var (sent, size) = (0, 1)
            while sent < total {
                let count = min(size, total - sent)
                try await link.send((sent..<(sent + count)).map(Self.byte))
                sent += count
                size = size * 7 % 60_001 + 1
                if sent % 5 == 0 { await Task.yield() }
            }
        }
        try server.start()
        let client = try TCPLinkClient(Self.client(driver))
        try client.start()
        for _ in 0..<3 {
            let (count, wrong) = try await client.withLink(to: server.address.description) { link in
                var (count, wrong, turn) = (0, 0, 0)
                func take(_ bytes: SharedBytes) {
                    for index in 0..<bytes.count where bytes[index] != Self.byte(count + index) { wrong += 1 }
                    count += bytes.count
                }
                while count < total {
                    turn += 1
                    do {
                        switch turn % 4 {
                        case 0: if let bytes = try await link.next(within: .microseconds(50)) { take(bytes) }
                        case 1:
                            let exact = min(total - count, 1 + turn * 37 % 5000)
                            if let bytes = try await link.next(exactly: exact) { take(bytes) }
                        case 2:
                            let least = min(total - count, 1 + turn % 300)
                            if let bytes = try await link.receive(atLeast: least, { $0.retain() }) {
                                take(bytes)
                            }
                        default: if turn % 16 == 3 { try await link.pause(.microseconds(300)) }
                        }
                    } catch let error as LinkError where error.code == .timedOut {}
                }
                let isOver = try await link.next() == nil
                return (isOver ? count : -count, wrong)
            }
            #expect(count == total && wrong == 0)
        }
        await client.stop()
        server.shutdown()
        server.wait()
    }

    /// What a client's scope has sent is there when it has returned, and its last word is the end.
    @Test(arguments: [DriverChoice.epoll, .automatic])
    func aScopeEndsBehindItsBytes(driver: DriverChoice) async throws {
        let taken = Locked<[Int]>([])
        let server = try TCPServer(on: "127.0.0.1:0", configuration: Self.server(driver)) { link in
            var count = 0
            // Slower than its client: most waits here, and in the kernels.
            while let bytes = try await link.next() {
                count += bytes.count
                try await link.pause(.microseconds(200))
            }
            taken.withLock { $0.append(count) }
        }
        try server.start()
        let client = try TCPLinkClient(Self.client(driver))
        try client.start()
        for number in 1...4 {
            try await client.withLink(to: server.address.description) { link in
                for _ in 0..<40 { link.trySend(String(repeating: "x", count: 20_000)) }
            }
            #expect(taken.withLock { $0 } == [Int](repeating: 800_000, count: number))
        }
        await client.stop()
        server.shutdown()
        server.wait()
    }

    /// The same of messages, over `wss`, both ways at once and with cancellations in between.
    @Test(arguments: [DriverChoice.epoll, .automatic]) func messagesComeWhole(driver: DriverChoice)
        async throws
    {
        var wanted = WebSocketServer.Configuration()
        wanted.tcp = try Self.server(driver)
        wanted.options.pingInterval = nil
        let server = try WebSocketServer(on: "127.0.0.1:0", configuration: wanted) { link in
            while let message = try await link.next() {
                try await link.send(message)
                if message.count % 7 == 0 { try await link.pause(.microseconds(100)) }
            }
        }
        try server.start()
        var settings = WebSocketClient.Configuration()
        settings.tcp = try Self.client(driver)
        settings.options.pingInterval = nil
        let client = try WebSocketLinkClient(settings)
        try client.start()
        let port = server.address.description.split(separator: ":").last ?? "0"
        let right = try await client.withLink(to: "wss://127.0.0.1:\(port)/") { link in
            let count = 600
            let right = Locked(0)
            try await link.both { link in
                var number = 0
                while number < count {
                    do {
                        guard let message = try await link.next(within: .microseconds(100)) else { return }
                        let size = number * number % 20_000
                        if message.text == String(repeating: "y", count: size) + " \(number)" {
                            right.withLock { $0 += 1 }
                        }
                        number += 1
                    } catch let error as LinkError where error.code == .timedOut {}
                }
            } sending: { link in
                for number in 0..<count {
                    try await link.send(
                        String(repeating: "y", count: number * number % 20_000) + " \(number)")
                }
            }
            return right.withLock { $0 }
        }
        #expect(right == 600)
        await client.stop()
        server.shutdown()
        server.wait()
    }
}
#endif
