import Testing
import ZCNetTesting

@testable import ZCNet
@testable import ZCGoim

/// What gathers for a room: the same in all forms, and no timers beyond one per room.
@Suite struct GoimGatheredTests {
    private static let operation = GoimOperation(rawValue: 1000)

    private static func protos(
        _ form: borrowing WriteBuffer, _ format: GoimHeaderFormat
    ) -> [String]? {
        let bytes = unsafe form.bytes.withUnsafeBytes { unsafe Array($0) }
        return NaiveProto.readAll(bytes, format)?.map(\.text)
    }

    /// Messages that fit one form, both or none, single and in batches: the forms never differ.
    @Test(arguments: 0..<40)
    func aMessageIsInAllFormsOrInNone(seed: UInt64) throws {
        var random = SimulatedRandom(seed: seed)
        let most = 200 + Int(random.next() % 400)
        let gathered = GoimGathered(
            [.plain, .extended], QueueMemory(bytesMax: 1 << 30), due: .zero, formBytesMax: most)
        var expected: [String] = []
        var refusals = 0
        for number in 0..<60 {
            func one(_ part: Int) -> GoimMessage {
                let filler = String(repeating: "x", count: Int(random.next() % 60))
                return GoimMessage(Self.operation, "\(number).\(part) \(filler)")
            }
            let messages = (0..<(random.next() % 3 == 0 ? Int(random.next() % 4) : 1)).map(one)
            let format = random.next() & 1 == 0 ? GoimHeaderFormat.plain : .extended
            let isBatch = messages.count != 1
            if gathered.add(isBatch ? GoimMessage(batching: messages, format) : messages[0]) {
                expected += messages.map(\.text)
            } else {
                refusals += 1
            }
            let forms = [Self.protos(gathered.plain, .plain), Self.protos(gathered.extended, .extended)]
            guard forms == [expected, expected], gathered.count == expected.count else {
                Issue.record("seed \(seed): expected \(expected) in both forms, got \(forms)")
                return
            }
        }
        #expect(refusals > 0 && !expected.isEmpty)
    }

    /// Lets everybody in, and anywhere.
    private struct Guests: GoimHandler {
        mutating func authenticate(
            _ request: borrowing GoimProto, from peer: inout GoimPeer
        ) -> GoimVerdict { .accept(GoimIdentity(mid: 1, key: "k")) }
        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {}
    }

    /// Somebody who goes from room to room; each is pushed to, and closes before its delay is over.
    @Test func timersDoNotOutliveTheirRooms() throws {
        let network = SimulatedNetwork(seed: 1)
        var configuration = GoimServer.Configuration()
        configuration.goim.merging = GoimMerging(count: 20, delay: .seconds(3600))
        configuration.goim.heartbeat = .seconds(80_000)
        let group = try network.makeGroup()
        let server = try GoimServer(tcp: "127.0.0.1:9100", configuration: configuration, group: group) {
            Guests()
        }
        network.start(group)
        let peer = network.connect(to: try #require(server.tcpAddress))
        peer.send(NaiveProto(7, 1, "{}").bytes())
        #expect(try network.run { server.hub.online == 1 })
        func timers() throws -> Int {
            // The figure is that of the loop's last turn.
            peer.send(NaiveProto(2, 1).bytes())
            try network.run(for: .milliseconds(5))
            return server.snapshot()[.timersArmed]
        }
        let before = try timers()
        for room in 0..<300 {
            peer.send(NaiveProto(12, 1, "r://\(room)").bytes())
            #expect(try network.run { server.hub.online(inRoom: "r://\(room)") == 1 })
            server.hub.push(GoimMessage(Self.operation, "m"), toRoom: "r://\(room)")
            try network.run(for: .milliseconds(2))
        }
        #expect(try timers() == before + 1, "the last room's")
        // Batches that are full before their delay is over have one timer as well.
        for _ in 0..<50 {
            for _ in 0..<20 { server.hub.push(GoimMessage(Self.operation, "m"), toRoom: "r://299") }
            try network.run(for: .milliseconds(2))
        }
        #expect(try timers() <= before + 1)
        peer.send(NaiveProto(12, 1).bytes())
        #expect(try network.run { server.hub.roomCounts.isEmpty })
        #expect(try timers() == before)
        network.stop()
    }

    /// A timer that was set for one batch looks after the next, which waits as long as it may and no longer.
    @Test func everyBatchWaitsItsDelay() throws {
        let network = SimulatedNetwork(seed: 1)
        var configuration = GoimServer.Configuration()
        configuration.goim.merging = GoimMerging(count: 2, delay: .seconds(10))
        let group = try network.makeGroup()
        let server = try GoimServer(tcp: "127.0.0.1:9100", configuration: configuration, group: group) {
            Guests()
        }
        network.start(group)
        let peer = network.connect(to: try #require(server.tcpAddress))
        peer.send(NaiveProto(7, 1, "{}").bytes() + NaiveProto(12, 1, "r").bytes())
        #expect(try network.run { server.hub.online(inRoom: "r") == 1 })
        try network.run(for: .milliseconds(50))
        func push() { server.hub.push(GoimMessage(Self.operation, "m"), toRoom: "r") }
        let start = peer.received.count
        push()
        try network.run(for: .seconds(6))
        push()
        try network.run(for: .seconds(1))
        #expect(peer.received.count == start + 2 * 17, "two are a batch")
        push()
        try network.run(for: .milliseconds(9900))
        #expect(peer.received.count == start + 2 * 17)
        try network.run(for: .milliseconds(200))
        #expect(peer.received.count == start + 3 * 17)
        network.stop()
    }
}
