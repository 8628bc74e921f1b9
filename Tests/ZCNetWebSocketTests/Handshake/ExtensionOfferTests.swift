import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

struct ExtensionOfferTests {
    @Test(
        arguments: [
            ([], []), (["a"], ["a"]), (["a, b", "c"], ["a", "b", "c"]), ([" a ; x ;y = 1 "], ["a; x; y=1"]),
            (["a;x=\"1\""], ["a; x=1"]), (["a;x=\"\\1\\a\" , b"], ["a; x=1a", "b"]),
            ([",,a,\t,b,"], ["a", "b"]), (["a;x;x=2"], ["a; x; x=2"]),
            (
                ["permessage-deflate; client_max_window_bits; server_max_window_bits=10, permessage-deflate"],
                [
                    "permessage-deflate; client_max_window_bits; server_max_window_bits=10",
                    "permessage-deflate",
                ]
            ),
        ] as [([String], [String])])
    func reads(values: [String], offers: [String]) throws {
        let parsed = try ExtensionOffer.parse(values)
        #expect(parsed.map(\.description) == offers)
        #expect(try ExtensionOffer.parse(parsed.map(\.description)) == parsed)
    }

    @Test func partsOfAnOffer() throws {
        let offer = try #require(try ExtensionOffer.parse(["e; a; B=\"c\""]).first)
        #expect(offer == ExtensionOffer("e", [.init("a"), .init("B", "c")]))
        #expect(offer.pairs.map(\.name) == ["a", "B"] && offer.pairs.map(\.value) == [nil, "c"])
    }

    @Test(arguments: [
        "", " ", ",", ";", "a;", "a;;b", "a;=1", "a;b=", "a;b=,c", "a b", "a;b c", "a=b", "a;b=\"", "a;b=\"c",
        "a;b=\"\"", "a;b=\"c d\"", "a;b=\"c\\", "a;b=\"c\"d", "a;b=c=d", "(", "a;b=\"c\\\"", "a;\"b\"", "é",
    ])
    func refuses(value: String) {
        let error = #expect(throws: HandshakeError.self) { try ExtensionOffer.parse([value]) }
        #expect(error?.code == .extensions)
    }

    @Test func mutationsEitherFailOrRoundTrip() {
        var random = SimulatedRandom(seed: 11)
        let spice = Array(" ,;=\"\\ab\t".utf8)
        var fine = 0
        for round in 0..<3000 {
            var bytes = Array("ab; x=1; y=\"a\\b\", c; z, d".utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = spice.randomElement(using: &random) ?? 0
            }
            let value = String(decoding: bytes, as: UTF8.self)
            guard let parsed = try? ExtensionOffer.parse([value]) else { continue }
            fine += 1
            let text = parsed.map(\.description).joined(separator: ", ")
            #expect((try? ExtensionOffer.parse([text])) == parsed, "round \(round): \(value)")
        }
        #expect(fine > 100 && fine < 2900, "\(fine)")
    }
}
