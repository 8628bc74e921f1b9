import Foundation
import LiveNATS
import Testing
import ZCNet

@testable import ZCNATS

/// JetStream and buckets of a real server.
@Suite(.enabled(if: LiveServer.isThere, "no server: see Scripts/interop/nats"))
struct LiveJetStreamTests {
    private func visit(_ body: (JetStream, LiveServer) async throws -> Void) async throws {
        let server = try LiveServer(jetStream: true)
        let client = try await server.client()
        try await body(JetStream(client), server)
        client.shutdown()
        client.wait()
    }

    @Test func streamsAreMadeAndKnown() async throws {
        try await visit { jetStream, _ in
            var orders = StreamConfiguration("ORDERS", subjects: ["orders.>"])
            #expect(try await jetStream.create(orders).name == "ORDERS")
            // Again is as good; with other settings it is not.
            try await jetStream.create(orders)
            orders.messagesMax = 100
            let other = await #expect(throws: NATSError.self) { try await jetStream.create(orders) }
            #expect(other?.apiCode == 10058 && other?.code == .jetStream)
            try await jetStream.update(orders)
            for number in 1...5 {
                let ack = try await jetStream.publish("orders.new", SharedBytes("\(number)".utf8))
                #expect(ack.sequence == UInt64(number) && ack.stream == "ORDERS" && !ack.isDuplicate)
            }
            var info = try await jetStream.info(ofStream: "ORDERS")
            #expect(info.messages == 5 && info.lastSequence == 5 && info.subjects == ["orders.>"])
            #expect(try await jetStream.purge(stream: "ORDERS", keeping: 2) == 3)
            info = try await jetStream.info(ofStream: "ORDERS")
            #expect(info.messages == 2 && info.firstSequence == 4)
            try await jetStream.delete(stream: "ORDERS")
            let gone = await #expect(throws: NATSError.self) { try await jetStream.info(ofStream: "ORDERS") }
            #expect(gone?.apiCode == 10059)
            await #expect(throws: NATSError.self) { try await jetStream.info(ofStream: "a.b") }
        }
    }

    @Test func conditionsAreTheReferee() async throws {
        try await visit { jetStream, _ in
            try await jetStream.create(StreamConfiguration("LOG", subjects: ["log.*"]))
            var condition = PublishCondition()
            condition.messageID = "one"
            condition.lastSubjectSequence = 0
            #expect(try await jetStream.publish("log.a", SharedBytes("1"), condition).sequence == 1)
            // The same id is the same message, and says where the first is. With its condition it does so on
            // servers of 2.9; those of 2.14 look at the condition first, which does not hold any more.
            var name = PublishCondition()
            name.messageID = "one"
            let again = try await jetStream.publish("log.a", SharedBytes("1"), name)
            #expect(again.isDuplicate && again.sequence == 1)
            do throws(NATSError) {
                let both = try await jetStream.publish("log.a", SharedBytes("1"), condition)
                #expect(both.isDuplicate && both.sequence == 1)
            } catch {
                #expect(error.isWrongRevision)
            }
            condition.messageID = "two"
            let wrong = await #expect(throws: NATSError.self) {
                try await jetStream.publish("log.a", SharedBytes("2"), condition)
            }
            #expect(wrong?.apiCode == 10071 && wrong?.isWrongRevision == true)
            condition.lastSubjectSequence = 1
            condition.lastSequence = 1
            condition.lastMessageID = "one"
            condition.stream = "LOG"
            #expect(try await jetStream.publish("log.a", SharedBytes("2"), condition).sequence == 2)
            let nobody = await #expect(throws: NATSError.self) {
                try await jetStream.publish("elsewhere", SharedBytes())
            }
            #expect(nobody?.code == .noResponders)
        }
    }

    @Test func manyAreUnderWayAtOnce() async throws {
        try await visit { jetStream, _ in
            try await jetStream.create(StreamConfiguration("LOG", subjects: ["log"]))
            let publisher = JetStreamPublisher(jetStream, window: 64)
            let sequences = Journal<UInt64>()
            for number in 0..<2000 {
                await publisher.publish("log", SharedBytes("\(number)".utf8)) { result in
                    if let ack = try? result.get() { sequences.add(ack.sequence) }
                }
                #expect(publisher.count <= 65)
            }
            await publisher.finish()
            #expect(sequences.all == Array(1...2000))
        }
    }

    @Test func messagesArePulled() async throws {
        try await visit { jetStream, _ in
            try await jetStream.create(StreamConfiguration("LOG", subjects: ["log"]))
            try await jetStream.create(ConsumerConfiguration("reader"), ofStream: "LOG")
            #expect(try await jetStream.fetch(5, from: "reader", ofStream: "LOG", waits: false).isEmpty)
            for number in 1...10 { try await jetStream.publish("log", SharedBytes("\(number)".utf8)) }
            let first = try await jetStream.fetch(4, from: "reader", ofStream: "LOG")
            #expect(first.map(\.text) == ["1", "2", "3", "4"])
            #expect(first.compactMap { $0.metadata?.streamSequence } == [1, 2, 3, 4])
            #expect(first.last?.metadata?.pending == 6)
            for message in first.dropLast() { jetStream.client.acknowledge(message) }
            jetStream.client.acknowledge(first[3], .again(after: nil))
            try await jetStream.client.flush()
            let second = try await jetStream.fetch(
                20, from: "reader", ofStream: "LOG", expires: .milliseconds(300))
            #expect(Set(second.map(\.text)) == Set((4...10).map { "\($0)" }))
            #expect(second.first { $0.text == "4" }?.metadata?.deliveries == 2)
            let info = try await jetStream.info(ofConsumer: "reader", ofStream: "LOG")
            #expect(info.outstanding == 7 && info.pending == 0)
            // Nobody answers for a consumer that is not there.
            let missing = await #expect(throws: NATSError.self) {
                try await jetStream.fetch(1, from: "nobody", ofStream: "LOG", expires: .milliseconds(100))
            }
            #expect(missing?.code == .timedOut || missing?.code == .noResponders)
        }
    }

    @Test func aConsumerGoesOn() async throws {
        try await visit { jetStream, _ in
            try await jetStream.create(StreamConfiguration("LOG", subjects: ["log"]))
            try await jetStream.create(ConsumerConfiguration("reader"), ofStream: "LOG")
            var options = PullOptions()
            options.batch = 10
            let heard = Journal<Int>()
            let ends = Journal<String>()
            try jetStream.consume("reader", ofStream: "LOG", options) { error in
                ends.add(error?.got ?? "by itself")
            } _: { message, connection in
                heard.add(Int(message.text) ?? -1)
                connection.acknowledge(message)
            }
            for number in 0..<500 { try await jetStream.publish("log", SharedBytes("\(number)".utf8)) }
            #expect(await eventually { heard.all.count == 500 })
            #expect(heard.all == Array(0..<500))
            try await jetStream.delete(consumer: "reader", ofStream: "LOG")
            #expect(await eventually { !ends.all.isEmpty })
            #expect(ends.all == ["Consumer Deleted"])
        }
    }

    @Test func readersKeepTheOrderWhenTheirConsumerGoes() async throws {
        try await visit { jetStream, _ in
            try await jetStream.create(StreamConfiguration("LOG", subjects: ["log"]))
            for number in 0..<100 { try await jetStream.publish("log", SharedBytes("\(number)".utf8)) }
            let heard = Journal<Int>()
            let resets = Journal<String>()
            let reader = try jetStream.read("LOG") { error in
                resets.add(error.description)
            } _: { message, _ in
                heard.add(Int(message.text) ?? -1)
            }
            #expect(await eventually { heard.all.count == 100 })
            // Whoever looks after the server deletes the consumer: another one is made.
            let names = try await jetStream.client.request("$JS.API.CONSUMER.NAMES.LOG", "").text
            let name = try #require(names.split(separator: "\"").first { $0.count == 22 })
            try await jetStream.delete(consumer: String(name), ofStream: "LOG")
            for number in 100..<200 { try await jetStream.publish("log", SharedBytes("\(number)".utf8)) }
            #expect(await eventually { heard.all.count == 200 })
            #expect(heard.all == Array(0..<200) && resets.all.count == 1)
            reader.end()
        }
    }

    @Test func messagesAreReadByTheirPlace() async throws {
        try await visit { jetStream, _ in
            try await jetStream.create(StreamConfiguration("LOG", subjects: ["log.*"]))
            var headers = NATSHeaders()
            try headers.add("K", "v")
            try await jetStream.publish("log.a", SharedBytes("1"), headers: headers)
            try await jetStream.publish("log.b", SharedBytes("2"))
            try await jetStream.publish("log.a", SharedBytes("3"))
            let first = try #require(try await jetStream.get(.sequence(1), ofStream: "LOG"))
            #expect(first.text == "1" && first.headers["K"] == "v" && first.subject == "log.a")
            let last = try #require(try await jetStream.getDirect(.last("log.a"), ofStream: "LOG"))
            #expect(last.text == "3" && last.sequence == 3)
            let next = try #require(try await jetStream.getDirect(.next("log.b", from: 1), ofStream: "LOG"))
            #expect(next.sequence == 2)
            #expect(try await jetStream.getDirect(.sequence(9), ofStream: "LOG") == nil)
            #expect(try await jetStream.get(.last("log.c"), ofStream: "LOG") == nil)
            try await jetStream.delete(2, ofStream: "LOG")
            #expect(try await jetStream.get(.sequence(2), ofStream: "LOG") == nil)
        }
    }

    @Test func keysAreSetComparedAndWatched() async throws {
        try await visit { jetStream, _ in
            let bucket = try await jetStream.makeBucket(KeyValueConfiguration("leases"))
            #expect(try await bucket.get("a") == nil)
            let first = try await bucket.create("a", SharedBytes("1"))
            let taken = await #expect(throws: NATSError.self) {
                try await bucket.create("a", SharedBytes("2"))
            }
            #expect(taken?.isWrongRevision == true)
            let second = try await bucket.update("a", SharedBytes("2"), at: first)
            let late = await #expect(throws: NATSError.self) {
                try await bucket.update("a", SharedBytes("3"), at: first)
            }
            #expect(late?.isWrongRevision == true && second > first)
            #expect(try await bucket.get("a")?.text == "2")
            #expect(try await bucket.getDirect("a")?.revision == second)
            let changes = Journal<String>()
            let caughtUp = Journal<Bool>()
            let watcher = try await bucket.watch {
                caughtUp.add(true)
            } _: { entry in
                changes.add("\(entry.key)=\(entry.isDeleted ? "-" : entry.text)")
            }
            #expect(await eventually { caughtUp.all.count == 1 })
            #expect(changes.all == ["a=2"])
            try await bucket.put("b.c", SharedBytes("x"))
            try await bucket.delete("a")
            #expect(await eventually { changes.all == ["a=2", "b.c=x", "a=-"] })
            #expect(try await bucket.get("a") == nil)
            try await bucket.create("a", SharedBytes("4"))
            try await bucket.purge("a")
            #expect(await eventually { changes.all.count == 5 })
            #expect(changes.all.suffix(2) == ["a=4", "a=-"] && caughtUp.all.count == 1)
            watcher.end()
            await #expect(throws: NATSError.self) { try await bucket.put("a b", SharedBytes()) }
            let nobody = await #expect(throws: NATSError.self) { try await jetStream.bucket("none") }
            #expect(nobody?.apiCode == 10059)
        }
    }

    @Test func valuesGoWhenTheirTimeIsOver() async throws {
        try await visit { jetStream, _ in
            let bucket = try await jetStream.makeBucket(KeyValueConfiguration("short", ttl: .seconds(1)))
            try await bucket.put("a", SharedBytes("1"))
            #expect(try await bucket.get("a") != nil)
            let deadline = ContinuousClock.now + .seconds(120)
            while try await bucket.get("a") != nil, ContinuousClock.now < deadline {}
            #expect(try await bucket.get("a") == nil)
        }
    }

    @Test func withoutJetStreamNobodyAnswers() async throws {
        let server = try LiveServer()
        let client = try await server.client()
        let error = await #expect(throws: NATSError.self) {
            try await JetStream(client).create(StreamConfiguration("A", subjects: ["a"]))
        }
        #expect(error?.code == .noResponders || error?.apiCode == 10076)
        client.shutdown()
        client.wait()
    }
}
