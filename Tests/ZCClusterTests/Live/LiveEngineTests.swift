import LiveNATS
import Testing
import ZCNATS
import ZCNet

@testable import ZCCluster

/// The engine over real servers of NATS: what it asks for, and what it says when they were away.
@Suite(.enabled(if: LiveServer.isThere, "no server: see Scripts/interop/nats"))
struct LiveEngineTests {
    private let room = ChannelName.named("a room")

    private func engine(
        _ urls: [String], _ change: (inout NATSEngineOptions) -> Void = { _ in }
    ) throws -> NATSEngine {
        var nats = NATSOptions()
        nats.servers = urls
        nats.connectTimeout = .seconds(120)
        nats.requestTimeout = .seconds(120)
        nats.reconnectDelay = .milliseconds(20)
        var options = NATSEngineOptions()
        options.timeout = .seconds(30)
        options.setUpPatience = .seconds(120)
        change(&options)
        let engine = try NATSEngine(nats, options)
        try engine.start()
        return engine
    }

    private func end(_ engine: NATSEngine) {
        engine.shutdown(grace: .zero)
        engine.client.wait()
    }

    private func ask<Value: Sendable>(
        _ engine: NATSEngine, _ body: @escaping @Sendable (@escaping EngineAnswer<Value>) -> Void
    ) async throws -> Value {
        try await awaitedAnswer { answer in
            engine.perform { body { answer.give($0) } }
        }.get()
    }

    /// Records that lie between others: servers from 2.11 on are asked for them together.
    @Test func recordsAreReadByBatches() async throws {
        let server = try LiveServer(jetStream: true)
        let engine = try engine([server.url])
        try await engine.connect()
        let other = ChannelName.named("another")
        var places: [UInt64] = []
        for number in 1...300 {
            let bytes = SharedBytes("record \(number)".utf8)
            let last = places.last ?? 0
            let room = room
            places.append(
                try await ask(engine) { answer in
                    engine.append(bytes, to: room, id: "a-\(number)", behind: last, answer: answer)
                })
            if number % 3 == 0 {
                let _: UInt64 = try await ask(engine) { answer in
                    engine.newest(of: other) { newest in
                        let place = (try? newest.get())?.place ?? 0
                        engine.append(bytes, to: other, id: "b-\(number)", behind: place, answer: answer)
                    }
                }
            }
        }
        let isTogether = try await ask(engine) { answer in answer(.success(engine.state[].readsBatches)) }
        func read(_ limit: ReadLimit, from place: UInt64 = 1) async throws -> (
            records: [LogRecord], requests: Int
        ) {
            let before = engine.client.snapshot()[.messagesOut]
            let room = room
            let records = try await ask(engine) { engine.read(room, from: place, limit: limit, answer: $0) }
            return (records, engine.client.snapshot()[.messagesOut] - before)
        }
        let all = try await read(ReadLimit(messagesMax: 1000, bytesMax: 1 << 20))
        #expect(all.records.map(\.place) == places)
        #expect(all.records.map { $0.bytes.bytes.text } == (1...300).map { "record \($0)" })
        // Two by one, all others together, and the leader's word that there are no more.
        #expect(all.requests == (isTogether ? 4 : 301))
        let page = try await read(ChannelReader.limit, from: places[10])
        #expect(page.records.map(\.place) == Array(places[10..<74]))
        #expect(page.requests == (isTogether ? 3 : 64))
        // Nine of eight bytes and three of nine: the servers count other bytes, and are asked again.
        let few = try await read(ReadLimit(messagesMax: 1000, bytesMax: 100))
        #expect(few.records.map(\.place) == Array(places[0..<12]))
        let end = try await read(ChannelReader.limit, from: places[299])
        #expect(end.records.map(\.place) == [places[299]] && end.requests == 2)
        let none = try await read(ChannelReader.limit, from: places[299] + 1)
        #expect(none.records.isEmpty && none.requests == 1)
        self.end(engine)
    }

    /// Servers that have just met have no leader yet: `connect` sees to it, with the time that requests take
    /// by default.
    @Test func serversThatHaveJustMetAreWaitedFor() async throws {
        let cluster = try LiveCluster()
        let engine = try engine(cluster.urls) {
            $0.replicas = 3
            $0.timeout = .seconds(2)
        }
        try await engine.connect()
        let room = room
        let place: UInt64 = try await ask(engine) { answer in
            @Sendable func offer() {
                engine.append("x", to: room, id: "1", behind: 0) { result in
                    if case .failure(let error) = result, error.isTemporary {
                        offer()
                    } else {
                        answer(result)
                    }
                }
            }
            offer()
        }
        #expect(place == 1)
        end(engine)
    }

    /// What passes comes over the servers, and their absence is told, once they are back.
    @Test func whatPassedWhileServersWereAwayIsTold() async throws {
        let port = try LiveCluster.freePorts(1)[0]
        var server = try LiveServer(jetStream: true, port: port)
        var (engines, nodes): ([NATSEngine], [ClusterNode]) = ([], [])
        for name in ["a", "b"] {
            let engine = try engine([server.url])
            try await engine.connect()
            let node = try ClusterNode(engine, ClusterOptions(name: name))
            node.start()
            engines.append(engine)
            nodes.append(node)
        }
        let (told, feeds) = (Journal<PassingFeed.Event>(), Journal<PassingFeed>())
        let room = room
        for (engine, node) in zip(engines, nodes) {
            engine.perform { feeds.add(node.listenPassing(to: room) { told.add($0) }) }
            try await engine.client.flush()
        }
        func pass(_ text: String, by index: Int) async throws {
            let (engine, node) = (engines[index], nodes[index])
            try await ask(engine) { (answer: @escaping EngineAnswer<Void>) in
                do throws(ClusterError) {
                    answer(.success(try node.pass(SharedBytes(text.utf8), to: room)))
                } catch {
                    answer(.failure(error))
                }
            }
        }
        for number in 1...10 { try await pass("\(number)", by: number % 2) }
        #expect(await eventually { told.all.count == 20 })
        #expect(!told.all.contains(.gap))
        server.end()
        #expect(await eventually { engines.allSatisfy { $0.client.snapshot()[.connected] == 0 } })
        server = try LiveServer(jetStream: true, port: port)
        #expect(await eventually { told.all.count { $0 == .gap } == 2 })
        try await pass("11", by: 0)
        #expect(await eventually { told.all.count { $0 == .message("11") } == 2 })
        for engine in engines { end(engine) }
    }
}
