import Testing
import ZCNet

@testable import ZCCluster

/// Chains, tables of publishers and slots: values, without an engine.
@Suite struct ChannelChainTests {
    private let author = BatchIdentity(producer: 1, number: 1)

    private func entry(_ producer: UInt64, _ number: UInt64, _ text: String = "m") -> ChannelEntry {
        ChannelEntry([SharedBytes(text.utf8)], identity: BatchIdentity(producer: producer, number: number))
    }

    private func range(_ first: UInt64, _ end: UInt64) -> Range<MessageSequence> {
        MessageSequence(rawValue: first)..<MessageSequence(rawValue: end)
    }

    @Test func twoThatFollowTheSameRecordMakeOneOfThemVoid() throws {
        var chain = ChannelChain()
        let first = try #require(chain.compose([entry(5, 1)], term: 1, author: author).record)
        #expect(try chain.apply(first, at: 10) == .valid)
        let left = try #require(chain.compose([entry(5, 2)], term: 1, author: author).record)
        let right = try #require(chain.compose([entry(6, 1)], term: 2, author: author).record)
        #expect(try chain.apply(right, at: 12) == .valid)
        #expect(try chain.apply(left, at: 13) == .void)
        #expect(chain.tail == 12 && chain.seen == 13 && chain.next == MessageSequence(rawValue: 3))
        // Whoever begins to read before a void record, of whatever term, finds the same.
        var other = ChannelChain(before: right)
        #expect(try other.apply(left, at: 12) == .valid)
        #expect(try other.apply(right, at: 13) == .void)
        // What follows names the valid one.
        let next = try #require(chain.compose([entry(5, 2)], term: 2, author: author).record)
        #expect(next.behind == 12 && next.first == MessageSequence(rawValue: 3))
        #expect(try chain.apply(next, at: 14) == .valid)
    }

    @Test func aMissingRecordIsFound() throws {
        var chain = ChannelChain()
        var other = chain
        for place in 1...3 as ClosedRange<UInt64> {
            let record = try #require(chain.compose([entry(5, place)], term: 1, author: author).record)
            _ = try chain.apply(record, at: place)
            if place == 2 { continue }
            if place == 1 {
                #expect(try other.apply(record, at: place) == .valid)
            } else {
                let lost = #expect(throws: ClusterError.self) { try other.apply(record, at: place) }
                #expect(lost?.code == .recordsLost)
            }
        }
    }

    @Test func whatComesAgainIsAnsweredAsAtFirst() throws {
        var chain = ChannelChain()
        let entries = [entry(5, 1), entry(6, 4), entry(5, 1), ChannelEntry(["n", "n"])]
        let first = chain.compose(entries, term: 1, author: author)
        #expect(
            first.outcomes == [
                .stored(range(1, 2)), .stored(range(2, 3)),
                .answered(.success(range(1, 2)), withRecord: true), .stored(range(3, 5)),
            ])
        let record = try #require(first.record)
        #expect(record.entries.count == 3)
        _ = try chain.apply(record, at: 1)
        let again = chain.compose([entry(6, 4), entry(5, 1)], term: 1, author: author)
        #expect(again.record == nil)
        #expect(
            again.outcomes == [
                .answered(.success(range(2, 3)), withRecord: false),
                .answered(.success(range(1, 2)), withRecord: false),
            ])
        // Before what is known of the publisher, nothing can be said.
        guard
            case .answered(.failure(let error), false) = chain.compose(
                [entry(6, 3)], term: 1, author: author
            ).outcomes[0]
        else {
            Issue.record("a number that lies back was taken")
            return
        }
        #expect(error.code == .stale && error.expected == "number 4 or later" && error.got == "3")
    }

    /// Whoever begins at a digest knows what the one who wrote it all along knows.
    @Test func aDigestSaysWhatCameBefore() throws {
        var chain = ChannelChain()
        var records: [ChannelRecord] = []
        for number in 1...200 as ClosedRange<UInt64> {
            let entries = [entry(number % 7, number), entry(100 + number % 50, number)]
            let record = try #require(
                chain.compose(entries, term: number / 64, author: author).record)
            _ = try chain.apply(record, at: number * 3)
            records.append(record)
        }
        let digests = records.indices.filter { records[$0].digestPlace == 0 }
        #expect(digests.first == 0 && digests.count >= 6)
        #expect(zip(digests, digests.dropFirst()).allSatisfy { $1 - $0 <= 32 })
        let start = try #require(digests.last)
        var other = ChannelChain(before: records[start])
        for index in start..<records.count { _ = try other.apply(records[index], at: UInt64(index + 1) * 3) }
        #expect(other == chain)
    }

    @Test func theTableForgetsWhoWasSilentLongest() {
        var table = PublisherTable()
        let most = UInt64(PublisherTable.publishersMax)
        for producer in 1...most + 1 {
            table.record(BatchIdentity(producer: producer, number: 1), range(producer, producer + 1))
        }
        #expect(table.rule(BatchIdentity(producer: 1, number: 1)) == .new)
        #expect(table.rule(BatchIdentity(producer: 2, number: 1)) == .repeated(range(2, 3)))
        for number in 2...20 as ClosedRange<UInt64> {
            table.record(BatchIdentity(producer: 2, number: number), range(1000 + number, 1001 + number))
        }
        #expect(table.rule(BatchIdentity(producer: 2, number: 5)) == .repeated(range(1005, 1006)))
        #expect(table.rule(BatchIdentity(producer: 2, number: 4)) == .stale(oldest: 5))
        #expect(table.byteCount <= PublisherTable.byteCountMax)
    }

    @Test func slotsMoveOnlyWhereTheyMust() throws {
        let members = ["a", "b", "c"].map { SlotTable.Member(name: $0, incarnation: 1) }
        let before = (0..<256).map { SlotTable.preferred($0, among: members) }
        let after = (0..<256).map { SlotTable.preferred($0, among: Array(members.dropLast())) }
        for (old, new) in zip(before, after) where old != members[2] { #expect(old == new) }
        for member in members { #expect(before.count { $0 == member } > 40) }
    }

    @Test func aSlotIsTakenFromANodeThatIsGone() throws {
        let length = Duration.seconds(6)
        let me = SlotTable.Member(name: "a", incarnation: 1)
        let other = SlotTable.Member(name: "b", incarnation: 2)
        var table = SlotTable(me, leaseLength: length)
        var now = MonotonicInstant.zero + .seconds(100)
        func own(_ revision: UInt64) -> LeaseEntry {
            LeaseEntry(key: "node.a", value: LeaseValue.node(me), revision: revision)
        }
        // A node that is not there itself takes nothing.
        #expect(table.moves(at: now).isEmpty)
        try table.apply(own(1), at: now)
        #expect(table.moves(at: now).count == 256)
        try table.apply(LeaseEntry(key: "node.b", value: LeaseValue.node(other), revision: 2), at: now)
        let mine = table.moves(at: now)
        #expect(mine.count < 200 && mine.allSatisfy { $0.member == me && $0.term == 1 && $0.revision == 0 })
        let slot = try #require((0..<256).first { SlotTable.preferred($0, among: [me, other]) == me })
        let move = SlotTable.Move(slot: slot, member: other, term: 4, revision: 0)
        try table.apply(LeaseEntry(key: "slot.\(slot)", value: LeaseValue.slot(move), revision: 7), at: now)
        // Another's that is there is not taken, though it should be this one's; the other hands it over.
        #expect(!table.moves(at: now).contains { $0.slot == slot })
        now = now + length + .milliseconds(1)
        try table.apply(own(9), at: now)
        #expect(
            table.moves(at: now).first { $0.slot == slot }
                == SlotTable.Move(slot: slot, member: me, term: 5, revision: 7))
        // What is older than what is known is passed over.
        #expect(try table.apply(own(8), at: now) == .nothing)
        #expect(throws: ClusterError.self) {
            try table.apply(LeaseEntry(key: "slot.256", value: "1", revision: 20), at: now)
        }
        #expect(throws: ClusterError.self) {
            try table.apply(LeaseEntry(key: "slot.3", value: "nonsense", revision: 20), at: now)
        }
    }
}
