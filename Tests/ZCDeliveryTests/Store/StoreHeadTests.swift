import Testing
import ZCNet

@testable import ZCDelivery

@Suite struct StoreHeadTests {
    private func batch(
        _ count: Int = 1, term: UInt64 = 0, _ identity: (UInt64, UInt64)? = nil, at position: UInt64? = nil
    ) -> MessageBatch {
        var batch = MessageBatch(Array(repeating: "m", count: count))
        batch.term = term
        batch.identity = identity.map { BatchIdentity(producer: $0.0, number: $0.1) }
        batch.position = position.map { MessageSequence(rawValue: $0) }
        return batch
    }

    private func code(_ head: StoreHead, _ batch: MessageBatch) -> MessageStoreError.Code? {
        do throws(MessageStoreError) {
            _ = try head.rule(batch)
            return nil
        } catch {
            return error.code
        }
    }

    private func append(_ head: inout StoreHead, _ batch: MessageBatch) throws -> StoreHead.Undo {
        guard case .append(let range) = try head.rule(batch) else { throw MessageStoreError(.staleBatch) }
        return head.record(range, term: batch.term, batch.identity)
    }

    @Test func rulesAreKept() throws {
        var head = StoreHead(producersMax: 10)
        _ = try append(&head, batch(3, term: 2, (7, 5)))
        #expect(head.extent.range == .first..<MessageSequence(rawValue: 4) && head.extent.term == 2)
        #expect(code(head, MessageBatch([])) == .invalidBatch)
        #expect(code(head, batch(1, term: 1)) == .staleTerm)
        #expect(code(head, batch(1, term: 2, (7, 4))) == .staleBatch)
        #expect(code(head, batch(1, term: 2, (8, 0))) == .invalidBatch)
        #expect(code(head, batch(1, term: 2, at: 5)) == .wrongPosition)
        #expect(code(head, batch(1, term: 2, at: 4)) == nil)
        #expect(try head.rule(batch(3, term: 2, (7, 5))) == .repeated(.first..<MessageSequence(rawValue: 4)))
        #expect(throws: MessageStoreError.self) { try head.check(MessageSequence(rawValue: 5)) }
        try head.check(MessageSequence(rawValue: 4))
    }

    @Test func whatIsTakenBackIsAsIfItNeverWas() throws {
        var head = StoreHead(producersMax: 10)
        _ = try append(&head, batch(1, (1, 1)))
        let before = head.extent
        let undos = [
            try append(&head, batch(2, term: 3, (1, 2))), try append(&head, batch(2, term: 4, (2, 9))),
            try append(&head, batch(1, term: 4, (1, 3))),
        ]
        for undo in undos.reversed() { head.takeBack(undo) }
        #expect(head.extent == before)
        #expect(try head.rule(batch(1, (1, 1))) == .repeated(.first..<MessageSequence(rawValue: 2)))
        for identity in [(1, 2), (1, 3), (2, 9)] as [(UInt64, UInt64)] {
            #expect(code(head, batch(1, identity)) == nil)
        }
    }

    @Test func silentProducersAreForgotten() throws {
        var table = ProducerTable(producersMax: 3)
        let range = MessageSequence.first..<MessageSequence.first + 1
        for round in 1...1000 as ClosedRange<UInt64> {
            table.record(BatchIdentity(producer: 1, number: round), range)
            table.record(BatchIdentity(producer: round + 10, number: 1), range)
            table.forgetSilent()
            #expect(table.count <= 3 && table[1]?.number == round)
            #expect(table[round + 10] != nil && (round < 3 || table[round + 8] == nil))
        }
    }
}
