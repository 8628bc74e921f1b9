import Foundation
import Testing
import ZCGoim

/// Messages that cross to another thread: whole and in order, however slow that is.
@Suite struct GoimConsumerTests {
    private static func body(_ number: Int, _ count: Int = 16) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0 &* 7) }
    }

    private func options(slots: Int = 5) -> GoimOptions {
        var options = GoimOptions()
        options.mode = .consumer(slots: slots)
        return options
    }

    /// Takes everything on a thread of its own, a little slowly, and checks every byte twice.
    private static func consume(
        into found: Shared<[Int32]>, bad: Shared<Int>
    ) -> @Sendable (consuming GoimConsumer) -> Void {
        { consumer in
            let handed = Handed(consumer)
            Thread {
                guard var consumer = handed.take() else { return }
                var replies = consumer.makeReplies()
                while consumer.ready() == .ready {
                    while consumer.get({ proto in
                        let expected = body(Int(proto.sequence), proto.body.count)
                        let first = NaiveProto(proto).body
                        sched_yield()
                        let second = NaiveProto(proto).body
                        if first != expected || second != expected { bad.update { $0 += 1 } }
                        let sequence = proto.sequence
                        found.update { $0.append(sequence) }
                        replies.acknowledge(proto.header)
                    }) {
                        consumer.getAdvance()
                    }
                    replies.flush()
                }
            }.start()
        }
    }

    @Test(arguments: Transport.allCases, [DriverChoice.automatic, .epoll])
    func tenThousandInOnePieceAreAllTaken(_ transport: Transport, _ driver: DriverChoice) async throws {
        let found = Shared<[Int32]>([])
        let bad = Shared(0)
        var deeds = GoimSite.Deeds()
        deeds.consumer = Self.consume(into: found, bad: bad)
        try await visit(driver: driver, options(), deeds) { site in
            let person = try site.member(transport, key: "k")
            let count = 10_000
            let bytes = (0..<count).flatMap { person.encode(NaiveProto(4, Int32($0), Self.body($0))) }
            Thread { try? person.sendRaw(bytes) }.start()
            for number in 0..<count { #expect(try person.expect() == NaiveProto(4, Int32(number))) }
            #expect(found.now == (0..<Int32(count)).map { $0 })
            #expect(bad.now == 0)
            #expect(site.journal.now.closeCount == 0 && site.journal.now.messages.isEmpty)
            #expect(site.hub.snapshot()[.ringPauses] > 0)
        }
    }

    @Test(arguments: Transport.allCases, [DriverChoice.automatic, .epoll])
    func aSlowConsumersBytesStayWhole(_ transport: Transport, _ driver: DriverChoice) async throws {
        let gate = Shared(false)
        let found = Shared<[NaiveProto]>([])
        var deeds = GoimSite.Deeds()
        deeds.consumer = { consumer in
            let handed = Handed(consumer)
            Thread {
                guard var consumer = handed.take() else { return }
                while consumer.ready() == .ready {
                    // The first message is held until everything else that can come has come.
                    _ = gate.wait { $0 }
                    while consumer.get({ proto in
                        let copy = NaiveProto(proto)
                        found.update { $0.append(copy) }
                    }) {
                        consumer.getAdvance()
                    }
                }
                found.update { $0.append(NaiveProto(-1)) }
            }.start()
        }
        try await visit(driver: driver, options(slots: 8), deeds) { site in
            let person = try site.member(transport, key: "k")
            let other = try site.member(transport, key: "other")
            // Of differing lengths, in many pieces, while another connection uses the same loop's memory.
            let protos = (0..<200).map { NaiveProto(1000, Int32($0), Self.body($0, $0 * 13 % 4097)) }
            let all = protos
            let writer = Shared(false)
            Thread {
                for proto in all { try? person.send(proto) }
                writer.update { $0 = true }
            }.start()
            #expect(eventually { site.hub.snapshot()[.ringPauses] > 0 })
            for number in 0..<50 {
                try other.send(NaiveProto(2, Int32(number)))
                #expect(try other.expect().operation == 3)
            }
            gate.update { $0 = true }
            #expect(found.wait { $0.count >= 200 })
            #expect(found.now == protos)
            #expect(writer.wait { $0 })
            site.hub.remote(forKey: "k")?.close()
            // The end comes to the consumer, behind everything.
            #expect(try person.isAtEnd())
            #expect(found.wait { $0.count == 201 })
        }
    }

    @Test(arguments: Transport.allCases) func controlIsAnsweredMeanwhile(_ transport: Transport) async throws
    {
        let kept = Shared<[Handed]>([])
        var deeds = GoimSite.Deeds()
        deeds.consumer = { consumer in
            let handed = Handed(consumer)
            kept.update { $0.append(handed) }
        }
        try await visit(options(), deeds) { site in
            let person = try site.member(transport, room: "r://1")
            try person.send(NaiveProto(4, 1, "waits"), NaiveProto(12, 2, "r://2"), NaiveProto(14, 3, "7"))
            #expect(try person.expect() == NaiveProto(13, 2, "r://2"))
            #expect(try person.expect() == NaiveProto(15, 3, "7"))
            #expect(try person.heartbeat() == 1)
            // Nobody will take the message any more: the connection closes.
            kept.update { $0 = [] }
            #expect(try person.isAtEnd())
        }
    }

    @Test(arguments: Transport.allCases)
    func aDispatcherServesManyInOrder(_ transport: Transport) async throws {
        let dispatcher = try GoimDispatcher(threads: 2) { proto, replies in
            if proto.operation.rawValue == 1000 { replies.reply(to: proto.header, proto.bytes) }
            if proto.operation.rawValue == 1001 { replies.withhold() }
        }
        var deeds = GoimSite.Deeds()
        deeds.consumer = { dispatcher.add($0) }
        try await visit(options(), deeds) { site in
            let people = try (0..<5).map { try site.member(transport, key: "k\($0)") }
            let count = 500
            for person in people {
                var bytes: [UInt8] = []
                for number in 0..<count {
                    let operation: Int32 = [4, 1000, 1001][number % 3]
                    bytes += person.encode(NaiveProto(operation, Int32(number), "b\(number)"))
                }
                let all = bytes
                Thread { try? person.sendRaw(all) }.start()
            }
            for person in people {
                for number in 0..<count where number % 3 != 2 {
                    let expected =
                        number % 3 == 0
                        ? NaiveProto(4, Int32(number)) : NaiveProto(1000, Int32(number), "b\(number)")
                    #expect(try person.expect() == expected)
                }
                try person.heartbeat()
            }
            #expect(site.journal.now.closeCount == 0)
            dispatcher.finish()
            // Whoever nobody serves any more is closed, and so is whoever comes.
            for person in people { #expect(try person.isAtEnd()) }
            let late = try site.member(transport)
            #expect(try late.isAtEnd())
        }
    }

    @Test func bodiesMayBeKept() async throws {
        let kept = Shared<[SharedBytes]>([])
        var deeds = GoimSite.Deeds()
        deeds.consumer = { consumer in
            let handed = Handed(consumer)
            Thread {
                guard var consumer = handed.take() else { return }
                while consumer.ready() == .ready {
                    while let bytes = consumer.retain() {
                        kept.update { $0.append(bytes) }
                        consumer.getAdvance()
                    }
                }
            }.start()
        }
        try await visit(options(), deeds) { site in
            let person = try site.member(.tcp)
            for number in 0..<100 { try person.send(NaiveProto(4, Int32(number), Self.body(number, 300))) }
            #expect(kept.wait { $0.count == 100 })
            #expect(kept.now.map(\.array) == (0..<100).map { Self.body($0, 300) })
        }
    }

    @Test func slotsAndThreadsAreBounded() {
        var options = GoimOptions()
        options.mode = .consumer(slots: 0)
        #expect(throws: ConfigurationError.self) { try options.validate() }
        #expect(throws: ConfigurationError.self) { try GoimDispatcher(threads: 0) { _, _ in } }
    }
}
