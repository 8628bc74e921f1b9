import SBEVectors
import Testing

@testable import ZCSBE

/// What twins are compared by: the bytes that are kept of each field. They stand one behind the other without
/// a mark between them, so none may begin like another: what is absent not like what is there and zero.
@Suite struct TwinRecordTests {
    /// Keeps each value, and writes it; no record begins another, and no two look alike as JSON.
    private func expectApart<Value>(
        _ kind: String, _ values: [Value], _ visit: (inout SBEVisitor, inout Value) -> Void
    ) {
        var records: [[UInt8]] = []
        var texts: [String] = []
        for value in values {
            var value = value
            var keeper = SBEVisitor(.record)
            visit(&keeper, &value)
            records.append(keeper.record)
            var writer = SBEVisitor(.json)
            visit(&writer, &value)
            texts.append(writer.json.text)
        }
        for one in records.indices {
            for other in records.indices where one != other {
                let isBegin = records[other].starts(with: records[one])
                #expect(!isBegin, "\(kind): \(values[one]) begins \(values[other])")
            }
        }
        #expect(Set(texts).count == texts.count, "\(kind): \(texts)")
    }

    @Test func numbersThatAreAbsentAreNotZero() {
        expectApart("number", [nil, 0, 1, 256] as [UInt32?]) { visitor, value in
            visitor.later(&value, "x", 0, since: 1)
        }
        expectApart("optional", [nil, 0, 1, -1] as [Int32?]) { visitor, value in
            visitor.optional(&value, "x", 0, null: .min, since: 1)
        }
        expectApart("float", [nil, 0, -0.0, 1, .nan] as [Double?]) { visitor, value in
            visitor.later(&value, "x", 0, since: 1)
        }
    }

    @Test func textsAndArraysThatAreAbsentAreNotEmpty() {
        expectApart("text", [nil, "", "a", "ab"] as [SBEOctets?]) { visitor, value in
            visitor.later(&value, "x", 0, 8, since: 1, .utf8, isASCII: true)
        }
        expectApart("array", [nil, [], [0], [0, 0], [1]] as [[UInt16]?]) { visitor, value in
            visitor.later(&value, "x", 0, 3, since: 1)
        }
        expectApart("text that is there", ["", "a", "ab"] as [SBEOctets]) { visitor, value in
            visitor.text(&value, "x", 0, 8, .utf8, isASCII: true)
        }
    }

    @Test func enumerationsAndSetsThatAreAbsentAreNotNullOrEmpty() {
        let models: [CarExtVectors.Model?] = [nil, .null, .a, .b, .unknown(9)]
        expectApart("enumeration", models) { visitor, value in
            visitor.later(&value, "x", 0, since: 1, null: .null, isOptional: false)
        }
        let extras: [CarVectors.OptionalExtras?] = [nil, [], .sunRoof, [.sunRoof, .cruiseControl]]
        expectApart("set", extras) { visitor, value in visitor.later(&value, "x", 0, since: 1) }
    }

    @Test func compositesThatAreAbsentAreNotZero() {
        var strong = CarVectors.Booster.Value()
        strong.horsePower = 200
        expectApart("composite", [nil, CarVectors.Booster.Value(), strong]) { visitor, value in
            visitor.later(&value, "x", 0, since: 1)
        }
    }

    /// What is not there is null in JSON; what is has its name once.
    @Test func absentFieldsAreNullInJSON() {
        var (number, text, set) = (UInt32?.none, SBEOctets?.none, CarVectors.OptionalExtras?.none)
        var booster = CarVectors.Booster.Value?.none
        var visitor = SBEVisitor(.json)
        visitor.later(&number, "number", 0, since: 1)
        visitor.later(&text, "text", 0, 8, since: 1, .utf8, isASCII: true)
        visitor.later(&set, "set", 0, since: 1)
        visitor.later(&booster, "booster", 0, since: 1)
        let words = visitor.json.text.filter { !$0.isWhitespace }
        #expect(words == #""number":null,"text":null,"set":null,"booster":null"#)
    }
}
