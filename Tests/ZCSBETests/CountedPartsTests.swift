import SBEVectors
import Testing
import ZCSBE

/// Headers and dimensions that count groups and data: version 0 of a schema reads what version 1 wrote.
@Suite struct CountedPartsTests {
    private typealias Old = CountsVectorsV0.Order
    private typealias New = CountsVectorsV1.Order

    private static let newer: [UInt8] = {
        var order = New.Value()
        order.number = 7
        order.price = 2.5
        for index in 0..<3 {
            var leg = New.Legs.Value()
            leg.quantity = UInt16(10 + index)
            leg.side = "B"
            leg.memo = SBEOctets(String(repeating: "m", count: index))
            leg.fees = (0..<index).map { _ in
                var fee = New.Legs.Fees.Value()
                fee.reason = "tax"
                return fee
            }
            order.legs.append(leg)
            var party = New.Parties.Value()
            party.role = UInt8(index)
            party.name = SBEOctets("party \(index)")
            party.desks = Array(repeating: .init(), count: 2 - index)
            order.parties.append(party)
        }
        order.marks = Array(repeating: .init(), count: 2)
        order.note = "note"
        order.remark = "remark"
        return (try? order.encoded()) ?? []
    }()

    @Test func countsAreWritten() throws {
        let bytes = Self.newer
        // blockLength, templateId, schemaId, version, numGroups, numVarDataFields.
        #expect(Array(bytes.prefix(12)) == [12, 0, 1, 0, 41, 0, 1, 0, 3, 0, 2, 0])
        // Of the legs: blockLength, numInGroup, numGroups, numVarDataFields.
        #expect(Array(bytes[24..<30]) == [3, 0, 3, 0, 1, 1])
        // Of the first leg's fees, of which there are none.
        #expect(Array(bytes[33..<39]) == [2, 0, 0, 0, 0, 1])
        let old = try Old.Value().encoded()
        #expect(
            old == [4, 0, 1, 0, 41, 0, 0, 0, 2, 0, 1, 0] + [0, 0, 0, 0] + [2, 0, 0, 0, 0, 0]
                + [1, 0, 0, 0, 0, 1] + [0, 0])
    }

    @Test func anOldReaderSkipsWhatItDoesNotKnow() throws {
        let bytes = Self.newer + [0xAA, 0xBB]
        let order = try Old.decode(bytes.span)
        #expect(order.number == 7 && order.actingVersion == 1 && order.actingBlockLength == 12)
        #expect(12 + order.encodedLength == Self.newer.count)
        var quantities: [UInt16] = []
        order.legs.forEach { quantities.append($0.quantity) }
        #expect(quantities == [10, 11, 12])
        var parties: [String] = []
        order.parties.forEach { parties.append("\($0.role) \($0.name.text)") }
        #expect(parties == ["0 party 0", "1 party 1", "2 party 2"])
        #expect(order.note.text == "note")
    }

    /// The subscript is there because version 0's entries are equally long; version 1's are not.
    @Test func entriesAreFoundByNumberThoughTheyAreUnequal() throws {
        let bytes = Self.newer
        let order = try Old.decode(bytes.span)
        var legs = order.legs
        for index in [2, 0, 1] { #expect(legs[index].quantity == UInt16(10 + index)) }
        _ = legs.next()
        #expect(legs.count == 2 && legs[1].quantity == 12)
    }

    /// The reference implementation leaves the counts as its buffer had them.
    @Test func countsOfTheOwnVersionMeanNothing() throws {
        var value = Old.Value()
        value.legs = [.init()]
        value.parties = [.init()]
        value.note = "n"
        let bytes = try value.encoded()
        var noisy = bytes
        for index in [8, 9, 10, 11, 20, 21, 28, 29] { noisy[index] = 0xFF }
        #expect(try Old.Value(decoding: noisy.span) == value)
        for index in [8, 9, 10, 11, 20, 21, 28, 29] { noisy[index] = 0 }
        #expect(try Old.Value(decoding: noisy.span) == value)
    }

    @Test func everyPrefixIsRefusedByBoth() {
        for count in 0..<Self.newer.count {
            let prefix = Array(Self.newer[..<count])
            #expect(throws: SBEError.self, "cut to \(count)") { _ = try Old.Value(decoding: prefix.span) }
            #expect(throws: SBEError.self, "cut to \(count)") { _ = try New.Value(decoding: prefix.span) }
        }
    }

    @Test func everyFlippedBitIsAnErrorOrAValue() {
        for bit in 0..<Self.newer.count * 8 {
            var bytes = Self.newer
            bytes[bit / 8] ^= 1 << (bit % 8)
            for read in [
                { try Old.Value(decoding: $0.span).json }, { try New.Value(decoding: $0.span).json },
            ]
                as [([UInt8]) throws -> String]
            {
                do {
                    #expect(try read(bytes).first == "{")
                } catch {
                    #expect(error is SBEError, "bit \(bit): \(error)")
                }
            }
        }
    }

    /// A sender says how deep unknown groups stand in each other.
    @Test func depthOfUnknownGroupsIsBounded() {
        func message(_ depth: Int) -> [UInt8] {
            var bytes: [UInt8] = [4, 0, 1, 0, 41, 0, 9, 0, 3, 0, 1, 0] + [0, 0, 0, 0]
            bytes += [2, 0, 0, 0, 0, 0] + [1, 0, 0, 0, 0, 1]
            for _ in 0..<depth { bytes += [0, 0, 1, 0, 1, 0] }
            return bytes + [0, 0, 0, 0, 0, 0] + [0, 0]
        }
        let shallow = message(10)
        let deep = message(20_000)
        #expect(throws: Never.self) { _ = try Old.Value(decoding: shallow.span) }
        #expect(throws: SBEError.self) { _ = try Old.Value(decoding: deep.span) }
    }
}
