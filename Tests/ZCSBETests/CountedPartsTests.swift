import SBEVectors
import Testing

@testable import ZCSBE

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
        func message(_ depth: Int, last: [UInt8] = [0, 0, 0, 0, 0, 0]) -> [UInt8] {
            var bytes: [UInt8] = [4, 0, 1, 0, 41, 0, 9, 0, 3, 0, 1, 0] + [0, 0, 0, 0]
            bytes += [2, 0, 0, 0, 0, 0] + [1, 0, 0, 0, 0, 1]
            for _ in 0..<depth { bytes += [0, 0, 1, 0, 1, 0] }
            return bytes + last + [0, 0]
        }
        for depth in [0, 10, 15] {
            #expect(throws: Never.self) { _ = try Old.Value(decoding: message(depth).span) }
        }
        for depth in [16, 20_000] {
            #expect(throws: SBEError.self) { _ = try Old.Value(decoding: message(depth).span) }
        }
        // Of the deepest that are followed, an entry has data and no groups.
        let withData = message(15, last: [0, 0, 1, 0, 0, 1] + [1, 0, 0x41])
        #expect(throws: Never.self) { _ = try Old.Value(decoding: withData.span) }
    }

    /// A header may count groups alone, or data alone; only of a newer version is something unknown.
    @Test func eitherCountMayBeMissing() {
        let bytes: [UInt8] = [3, 0, 2, 0]
        let (groups, data) = (SBEWireInteger(0, 2), SBEWireInteger(2, 2))
        func unknown(_ version: Int, _ groups: SBEWireInteger?, _ data: SBEWireInteger?) -> [Int] {
            let extent = unsafe SBEExtent(bytes.span.bytes, from: 0).ofVersion(version)
            let parts = SBEUnknownParts(
                extent, at: 0, groups, data, known: SBEEnd.self, CountsVectorsV0.Schema.self)
            return [parts.groups, parts.data]
        }
        #expect(unknown(1, groups, data) == [3, 2] && unknown(0, groups, data) == [0, 0])
        #expect(unknown(1, groups, nil) == [3, 0] && unknown(1, nil, data) == [0, 2])
        #expect(unknown(1, nil, nil) == [0, 0])
    }

    /// What an older version did not have is empty or nil, whatever bytes stand behind the message.
    @Test func aNewReaderFindsNothingNewInAnOldMessage() throws {
        var value = Old.Value()
        (value.number, value.note) = (7, "note")
        value.legs = [.init(), .init()]
        value.parties = [.init()]
        let bytes = try value.encoded()
        for filler in [nil, 0, 1, 0xFF] as [UInt8?] {
            let behind = bytes + (filler.map { [UInt8](repeating: $0, count: 64) } ?? [])
            let order = try New.decode(behind.span)
            #expect(order.number == 7 && order.price == nil && order.note == "note")
            let (marks, remark) = (order.marks.count, order.remark.text)
            #expect(marks == 0 && remark == "" && order.legs.count == 2)
            order.legs.forEach { leg in
                let (fees, memo) = (leg.fees.count, leg.memo.text)
                #expect(fees == 0 && memo == "" && leg.side == nil)
            }
            order.parties.forEach { party in
                let desks = party.desks.count
                #expect(desks == 0)
            }
            let copy = try New.Value(decoding: behind.span)
            #expect(copy.marks.isEmpty && copy.remark.bytes.isEmpty && copy.price == nil)
            #expect(copy.legs.allSatisfy { $0.fees.isEmpty && $0.memo.bytes.isEmpty && $0.side == nil })
            #expect(copy.parties.allSatisfy(\.desks.isEmpty) && copy.note == "note")
        }
    }

    /// Zeros at the end of data are data; at the end of an array of characters they are none.
    @Test func zerosAtTheEndOfDataStay() throws {
        var value = Old.Value()
        value.note = SBEOctets([0x41, 0, 0])
        let bytes = try value.encoded()
        #expect(try Old.Value(decoding: bytes.span).note.bytes == [0x41, 0, 0])
        #expect(try SBEOctets(Old.decode(bytes.span).note).bytes == [0x41, 0, 0])
    }
}
