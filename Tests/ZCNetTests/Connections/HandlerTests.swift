import Testing

@testable import ZCNet

/// Handlers of every kind of type, and what they keep for each connection.
@Suite struct HandlerTests {
    /// Answers each message with how many bytes its connection has sent so far.
    struct Counting: ConnectionHandler {
        func makeState() -> Int { 0 }

        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<Int>) {
            peer.state += data.count
            peer.send("\(peer.state).")
        }
    }

    struct Words {
        var texts: [String] = []
        let alive: Alive
    }

    /// Tells when the last reference is gone.
    final class Alive {
        let count: Monitor<Int>

        init(_ count: Monitor<Int>) {
            self.count = count
            count.update { $0 += 1 }
        }

        deinit { count.update { $0 -= 1 } }
    }

    struct Remembering: ConnectionHandler {
        let states: Monitor<Int>

        func makeState() -> Words { Words(alive: Alive(states)) }

        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<Words>) {
            peer.state.texts.append(String(decoding: [UInt8](copying: data.bytes), as: UTF8.self))
            peer.send(peer.state.texts.joined(separator: "+") + ".")
        }
    }

    /// A class whose state is a class.
    final class Meeting: ConnectionHandler {
        final class Guest {
            var visits = 0
            let alive: Alive
            init(_ alive: Alive) { self.alive = alive }
        }

        let alive: Alive
        let states: Monitor<Int>
        var total = 0

        init(handlers: Monitor<Int>, states: Monitor<Int>) {
            alive = Alive(handlers)
            self.states = states
        }

        func makeState() -> Guest { Guest(Alive(states)) }

        func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<Guest>) {
            peer.state.visits += 1
            total += 1
            peer.send("\(peer.state.visits)/\(total).")
        }
    }

    /// Neither copyable nor shared: the loop owns the only one.
    struct Unique: ConnectionHandler, ~Copyable {
        let events: Monitor<[String]>
        var count = 0

        init(_ events: Monitor<[String]>) { self.events = events }

        deinit { events.update { $0.append("deinit") } }

        mutating func onStart(_ loop: borrowing LoopContext) {
            let index = loop.index
            events.update { $0.append("start \(index)") }
        }

        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
            count += 1
            peer.send("\(count).")
        }

        mutating func onStop(_ loop: borrowing LoopContext) {
            let count = count
            events.update { $0.append("stop \(count)") }
        }
    }

    private static func ask(_ client: RawClient, _ text: String) throws -> String {
        try client.send(text)
        var answer = ""
        while !answer.hasSuffix(".") {
            let piece = try client.receiveText(1)
            if piece.isEmpty { break }
            answer += piece
        }
        return answer
    }

    private static func end(_ server: TCPServer) {
        server.shutdown(grace: .milliseconds(200))
        server.wait()
    }

    @Test func aNumberPerConnection() async throws {
        try await onThread {
            let server = try TCPServer(on: "127.0.0.1:0") { Counting() }
            try server.start()
            let (first, second) = (try RawClient(to: server.address), try RawClient(to: server.address))
            #expect(try Self.ask(first, "abc") == "3.")
            #expect(try Self.ask(second, "a") == "1.")
            #expect(try Self.ask(first, "ab") == "5.")
            #expect(try Self.ask(second, "abcd") == "5.")
            Self.end(server)
        }
    }

    @Test func aStructPerConnectionIsDroppedWithIt() async throws {
        try await onThread {
            let states = Monitor(0)
            let server = try TCPServer(on: "127.0.0.1:0") { Remembering(states: states) }
            try server.start()
            for _ in 0..<3 {
                let client = try RawClient(to: server.address)
                #expect(try Self.ask(client, "a") == "a.")
                #expect(try Self.ask(client, "b") == "a+b.")
                #expect(states.value == 1)
                client.close()
                #expect(states.wait { $0 == 0 })
            }
            let last = try RawClient(to: server.address)
            #expect(try Self.ask(last, "z") == "z.")
            Self.end(server)
            #expect(states.value == 0)
        }
    }

    @Test func aClassIsDroppedWithItsLoop() async throws {
        try await onThread {
            let (handlers, states) = (Monitor(0), Monitor(0))
            do {
                var configuration = TCPServer.Configuration()
                configuration.group.loops = 2
                configuration.acceptStrategy = .roundRobin
                let server = try TCPServer(on: "127.0.0.1:0", configuration: configuration) {
                    Meeting(handlers: handlers, states: states)
                }
                try server.start()
                let clients = try (0..<4).map { _ in try RawClient(to: server.address) }
                for client in clients { #expect(try Self.ask(client, "x").hasPrefix("1/")) }
                #expect(try Self.ask(clients[0], "x") == "2/3.")
                #expect(handlers.value == 2 && states.value == 4)
                Self.end(server)
                #expect(handlers.value == 0 && states.value == 0)
            }
        }
    }

    @Test func aNoncopyableHandlerLivesFromStartToStop() async throws {
        try await onThread {
            let events = Monitor<[String]>([])
            var configuration = TCPServer.Configuration()
            configuration.group.loops = 1
            let server = try TCPServer(on: "127.0.0.1:0", configuration: configuration) { Unique(events) }
            #expect(events.value.isEmpty)
            try server.start()
            let client = try RawClient(to: server.address)
            #expect(try Self.ask(client, "x") == "1.")
            #expect(try Self.ask(client, "x") == "2.")
            Self.end(server)
            #expect(events.value == ["start 0", "stop 2", "deinit"])
        }
    }

    @Test func moreConnectionsThanAPageOfStatesHolds() async throws {
        try await onThread {
            let server = try TCPServer(on: "127.0.0.1:0") { Counting() }
            try server.start()
            let clients = try (0..<200).map { _ in try RawClient(to: server.address) }
            for (number, client) in clients.enumerated() {
                let length = number % 7 + 1
                #expect(try Self.ask(client, String(repeating: "x", count: length)) == "\(length).")
            }
            #expect(server.connectionCount == 200)
            Self.end(server)
        }
    }
}
