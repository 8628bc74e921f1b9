import Testing

@testable import SBECompiler

@Suite struct SwiftNamesTests {
    @Test func membersAreLowerCamelCase() {
        let names = [
            "serialNumber": "serialNumber", "TURBO": "turbo", "trade_id": "tradeId", "ODD_LOT": "oddLOT",
            "ROUND_LOTS": "roundLots",
            "EDTField": "edtField", "TagGroup1": "tagGroup1", "ClOrdID": "clOrdID", "S8": "s8", "EC": "ec",
            "BusinesRejectRefId": "businesRejectRefId", "_": "__", "Value10": "value10",
        ]
        for (name, expected) in names { #expect(SwiftNames.member(name) == expected, "\(name)") }
    }

    @Test func typesAreUpperCamelCaseAndHideNothing() {
        let names = [
            "car": "Car", "message_header": "MessageHeader", "String": "String_", "Type": "Type_",
            "SBEView": "SBEView_", "MONTH_YEAR": "MonthYear", "Value": "Value_", "block": "Block_",
            "part": "Part_",
            "Schema": "Schema_", "_": "T_", "9": "T9",
        ]
        for (name, expected) in names { #expect(SwiftNames.type(name) == expected, "\(name)") }
    }

    @Test func keywordsAreQuotedAndEqualsTold() {
        #expect(SwiftNames.quoted("class") == "`class`")
        #expect(SwiftNames.quoted("car") == "car")
        var taken: Set<String> = ["a"]
        #expect(SwiftNames.unique("a", in: &taken) == "a_")
        #expect(SwiftNames.unique("a", in: &taken) == "a__")
    }
}
