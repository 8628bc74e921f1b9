import Testing
import ZCNet
import ZCNetTesting

@testable import ZCCluster

/// Records, tables and messages between nodes, as bytes.
@Suite struct ChannelRecordTests {
    private let channel = ChannelName.named("room")
    private let id = BatchIdentity(producer: 77, number: 5)

    private var record: ChannelRecord {
        var table = PublisherTable()
        table.record(BatchIdentity(producer: 7, number: 3), .first..<MessageSequence(rawValue: 3))
        table.record(
            BatchIdentity(producer: 8, number: 1),
            MessageSequence(rawValue: 3)..<MessageSequence(rawValue: 4))
        return ChannelRecord(
            behind: 17, first: MessageSequence(rawValue: 4), term: 5,
            author: BatchIdentity(producer: 9, number: 2), digestPlace: 0, digest: table,
            entries: [
                ChannelEntry(["a", "", "ccc"], identity: BatchIdentity(producer: 7, number: 4)),
                ChannelEntry(["d"]),
            ])
    }

    @Test func aRecordComesBackAsItWas() throws {
        let bytes = try record.encoded(for: channel)
        #expect(read(bytes, channel) == .success(record))
        #expect(record.range == MessageSequence(rawValue: 4)..<MessageSequence(rawValue: 8))
        #expect(record.batches.map(\.range.lowerBound.rawValue) == [4, 7])
        var plain = record
        plain.digestPlace = 11
        plain.digest = PublisherTable()
        #expect(read(try plain.encoded(for: channel), channel) == .success(plain))
    }

    private func read(_ bytes: SharedBytes, _ channel: ChannelName) -> Result<ChannelRecord, ClusterError> {
        do throws(ClusterError) { return .success(try ChannelRecord(bytes, of: channel)) } catch {
            return .failure(error)
        }
    }

    private func isRefused(_ bytes: SharedBytes, _ channel: ChannelName) -> Bool {
        guard case .failure(let error) = read(bytes, channel) else { return false }
        return error.code == .corrupt && !error.expected.isEmpty && !error.got.isEmpty
    }

    private func message(_ bytes: SharedBytes) -> Result<NodeMessage, ClusterError> {
        do throws(ClusterError) { return .success(try NodeMessage(bytes)) } catch { return .failure(error) }
    }

    private func isName(_ text: String) -> Bool { (try? ChannelName(text)) != nil }

    private func isNodeName(_ text: String) -> Bool { (try? NodeName.checked(text)) != nil }

    /// Cut anywhere, with any bit turned, or in another channel's log, it is none.
    @Test func whatIsNoRecordIsRefused() throws {
        let bytes = try record.encoded(for: channel)
        for count in 0..<bytes.count { #expect(isRefused(bytes.slice(0..<count), channel)) }
        for bit in 0..<bytes.count * 8 {
            var changed = bytes.bytes.array
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(isRefused(SharedBytes(copying: changed), channel), "bit \(bit)")
        }
        #expect(isRefused(SharedBytes(copying: bytes.bytes.array + [0]), channel))
        #expect(isRefused(bytes, .named("other")))
    }

    @Test func messagesBetweenNodesComeBackAsTheyWere() throws {
        let error = ClusterError(.stale, expected: "number 4 or later", got: "1")
        let stored = try record.encoded(for: channel)
        let messages: [NodeMessage] = [
            .request(
                sender: "node-a", id,
                [
                    .init(channel: channel, entry: record.entries[0]),
                    .init(channel: .named("other"), entry: record.entries[1]),
                ]),
            .answer(id, [.success(record.range), .failure(error)]),
            .stored(place: 12, record: stored),
            .notice(next: MessageSequence(rawValue: 8)),
        ]
        for said in messages {
            let bytes = try said.encoded(bytesMax: 4096)
            #expect(message(bytes) == .success(said))
            let less = bytes.count - 1
            #expect((try? said.encoded(bytesMax: less)) == nil)
            if case .stored = said { continue }
            for count in 0..<bytes.count {
                #expect((try? message(bytes.slice(0..<count)).get()) == nil)
            }
        }
        // Counts that nothing stands behind are not made room for.
        let lie: [UInt8] = [2] + Array(repeating: 0, count: 16) + [255, 255, 255, 255]
        #expect((try? message(SharedBytes(copying: lie)).get()) == nil)
    }

    @Test func whatComesByChanceIsRefusedOrRead() throws {
        var random = SimulatedRandom(seed: 3)
        let entry = NodeMessage.Forwarded(channel: channel, entry: record.entries[0])
        let encoded = [
            try NodeMessage.answer(id, [.success(record.range)]).encoded(bytesMax: 4096),
            try NodeMessage.request(sender: "node-a", id, [entry]).encoded(bytesMax: 4096),
            try record.encoded(for: channel),
        ]
        let seeds = encoded.map { $0.bytes.array }
        for _ in 0..<3000 {
            var bytes = seeds[Int(random.next() % 3)]
            for _ in 0..<(1 + random.next() % 4) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            let shared = SharedBytes(copying: bytes)
            if case .success(let said) = message(shared) {
                let again = try said.encoded(bytesMax: 1 << 16)
                #expect(again.count > 0)
            }
            let isAsItWas = bytes == seeds[2]
            #expect(isAsItWas || isRefused(shared, channel))
        }
    }

    @Test func namesAreChecked() {
        #expect(!isName("") && !isName(String(repeating: "x", count: 129)))
        #expect(isName(String(repeating: "x", count: 128)))
        #expect(ChannelName.named("a b.c").word == "a=20b=2Ec" && ChannelName.named("ä").word == "=C3=A4")
        for name in ["", "a.b", "a b", String(repeating: "x", count: 65)] {
            #expect(!isNodeName(name))
        }
        let slots = Set((0..<4096).map { ChannelName.named("channel \($0)").slot })
        #expect(slots.count == 256)
    }
}

extension ChannelName {
    /// A name that is known to be one.
    static func named(_ text: String) -> ChannelName {
        guard let name = try? ChannelName(text) else { preconditionFailure("\(text) is no name") }
        return name
    }
}
