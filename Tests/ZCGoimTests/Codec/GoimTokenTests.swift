import Testing
import ZCNet
import ZCNetTesting

@testable import ZCGoim

/// Bodies of op 7, and lists of operations.
@Suite struct GoimTokenTests {
    private func parse(_ text: String) throws -> GoimToken {
        try GoimToken(parsing: SharedBytes(text.utf8).bytes)
    }

    @Test func goimsOwnTokenIsRead() throws {
        let text =
            #"{"mid":123, "room_id":"live://1000", "platform":"web", "accepts":[1000,1001,1002]}"#
        let token = try parse(text)
        #expect(token.mid == 123 && token.key.isEmpty)
        #expect(token.room == "live://1000" && token.platform == "web")
        #expect(token.accepts.map(\.rawValue) == [1000, 1001, 1002])
    }

    @Test func whatIsWrittenIsRead() throws {
        let token = GoimToken(
            mid: Int64.min, key: "a\"b\\c\u{1}\u{1F600}", room: "r://\n", platform: "lïnux",
            accepts: [GoimOperation(rawValue: -5), GoimOperation(rawValue: Int32.max)])
        #expect(try parse(token.json) == token)
        #expect(try parse(GoimToken().json) == GoimToken())
    }

    @Test func whatIsUnknownIsPassedOver() throws {
        let text =
            #"{"x":{"y":[1,-2.5e3,true,null,{"z":"\u00e9\ud83d\ude00"}]},"mid":0,"accepts":null,"k":[]}"#
        #expect(try parse(text) == GoimToken())
        #expect(try parse(#" {"platform" : "\ud83d\ude00\/" } "#).platform == "\u{1F600}/")
    }

    /// goim reads tokens with Go's reader.
    @Test func namesInAnyCaseAndNullsAreTaken() throws {
        let text = #"{"MID":7,"Key":null,"ROOM_ID":"r://1","platform":null,"Accepts":[null,5],"mid":null}"#
        let token = try parse(text)
        #expect(token.mid == 7 && token.key.isEmpty && token.room == "r://1" && token.platform.isEmpty)
        #expect(token.accepts.map(\.rawValue) == [0, 5])
    }

    @Test(arguments: [
        "", "1", "{", "{}x", #"{"mid":"1"}"#, #"{"mid":1.5}"#, #"{"mid":9223372036854775808}"#,
        #"{"mid":01}"#,
        #"{"mid":+1}"#, #"{"key":1}"#, #"{"key":"\ud83d"}"#, #"{"key":"\x"}"#, #"{"accepts":[1,]}"#,
        #"{"accepts":[2147483648]}"#, #"{"accepts":{}}"#, #"{"a":tru}"#, "{\"key\":\"\u{1}\"}", #"{"a" 1}"#,
        #"{"a":"#, #"{"key":"\u12"}"#, #"{"mid":-}"#, #"{"a":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}"#, "[]",
    ])
    func whatIsNoTokenIsRefused(_ text: String) {
        #expect(throws: GoimError.self) { try parse(text) }
    }

    @Test func aTokenCutAnywhereIsRefused() {
        let text = Array(#"{"mid":1,"key":"k\u00e9","accepts":[1,2],"x":null}"#.utf8)
        for cut in 0..<text.count {
            #expect(throws: GoimError.self, "cut at \(cut)") {
                try GoimToken(parsing: SharedBytes(copying: text[..<cut]).bytes)
            }
        }
        var broken = text
        broken[16] = 0xFF
        #expect(throws: GoimError.self) { try GoimToken(parsing: SharedBytes(copying: broken).bytes) }
    }

    @Test(arguments: 0..<4 as Range<UInt64>) func randomTokensEndSomehow(_ seed: UInt64) {
        var random = SimulatedRandom(seed: seed)
        let letters = Array(#"{}[]":,\u0123aeEmidky-+. "#.utf8)
        var accepted = 0
        for _ in 0..<2000 {
            var text = Array(#"{"mid":1,"key":"a\u0041","accepts":[1]}"#.utf8)
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let place = Int.random(in: 0..<text.count, using: &random)
                text[place] = letters[Int.random(in: 0..<letters.count, using: &random)]
            }
            if (try? GoimToken(parsing: SharedBytes(copying: text).bytes)) != nil { accepted += 1 }
        }
        #expect(accepted > 0 && accepted < 2000)
    }

    @Test func listsOfOperationsAreRead() throws {
        func parse(_ text: String) throws -> [Int32] {
            try GoimOperationList.parse(SharedBytes(text.utf8).bytes, countMax: 3)
        }
        #expect(try parse("1000,1001") == [1000, 1001])
        #expect(try parse(" 1 , -2,3 ") == [1, -2, 3])
        #expect(try parse("") == [])
        for text in ["a", "1,b", "1 2", "2147483648", "1,2,3,4", " "] {
            #expect(throws: GoimError.self, "'\(text)'") { try parse(text) }
        }
    }

    @Test func reservedOperationsAreTheSessionsOwn() {
        let reserved = (-20..<200).filter { GoimOperation(rawValue: $0).isReserved }
        #expect(reserved == [2, 3, 7, 8, 12, 13, 14, 15, 16, 17])
        #expect(!GoimOperation(rawValue: Int32.min).isReserved)
    }
}
