import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Heads that were valid until something happened to them.
struct HTTPHeadFuzzTests {
    private static let seeds: [String] = [
        HTTPHeadParserTests.browser,
        "POST http://a.example/x?y=z HTTP/1.1\r\nHost: b\r\nContent-Length: 12\r\nA: b\r\nA: c\r\n\r\n",
        "GET / HTTP/1.0\r\nTransfer: none\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.0 404\r\nContent-Length: 0\r\n\r\n",
    ]

    /// What mutations insert: the characters that rules are about.
    private static let spice = Array("\r\n\r\n \t:,\"\\/?#*HTTP/1.10Host: a\0\u{7F}é".utf8)

    private func mutated(_ bytes: [UInt8], using random: inout SimulatedRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 1...12, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            case 1: bytes.insert(Self.spice.randomElement(using: &random) ?? 0, at: place)
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            default: bytes[place] = Self.spice.randomElement(using: &random) ?? 0
            }
        }
        return bytes
    }

    @Test(arguments: 0..<8)
    func splitsDoNotMatter(seed: UInt64) {
        var random = SimulatedRandom(seed: seed)
        var accepted = 0
        var refused = 0
        for round in 0..<600 {
            let seedText = Self.seeds[round % Self.seeds.count]
            let kind: HTTPHeadParser.Kind = seedText.hasPrefix("HTTP") ? .response : .request
            let bytes = mutated(Array(seedText.utf8), using: &random)
            let cuts = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                Int.random(in: 0...bytes.count, using: &random)
            }.sorted()
            let whole = HeadFeed.outcome(of: bytes, kind)
            let split = HeadFeed.outcome(of: bytes, kind, cuts: cuts)
            #expect(split.last == whole.last, "seed \(seed), round \(round), cuts \(cuts)")
            #expect(split.scanned == whole.scanned && whole.scanned <= bytes.count)
            switch whole.last {
            case .incomplete: #expect(whole.scanned == bytes.count)
            case .refused(let error):
                refused += 1
                #expect(error.status >= 400 && error.description.utf8.allSatisfy { $0 >= 0x20 })
            case .request(let head, let count):
                accepted += 1
                #expect(count == whole.scanned)
                checkRoundTrip(head)
            case .response(let head, let count):
                accepted += 1
                #expect(count == whole.scanned)
                #expect((100...999).contains(head.status))
            }
        }
        // Neither all fine nor all broken: the mutations reach both sides.
        #expect(accepted > 100 && refused > 100, "\(accepted) accepted, \(refused) refused")
    }

    /// What was accepted, written again, is accepted as the same: nothing in it can be read in two ways.
    private func checkRoundTrip(_ head: HTTPRequestHead) {
        var lines: [UInt8] = []
        head.headers.appendLines(to: &lines)
        let fields = String(decoding: lines, as: UTF8.self)
        #expect(HeadFeed.request("\(head.method) \(head.target) \(head.version)\r\n\(fields)\r\n") == head)
        #expect(head.path.hasPrefix("/") || head.path == "*")
    }

    @Test func noiseNeverTraps() {
        var random = SimulatedRandom(seed: 99)
        for _ in 0..<2000 {
            let count = Int.random(in: 0...64, using: &random)
            let bytes = (0..<count).map { _ in
                Bool.random(using: &random)
                    ? UInt8.random(in: .min ... .max, using: &random)
                    : Self.spice.randomElement(using: &random) ?? 0
            }
            for kind in [HTTPHeadParser.Kind.request, .response] {
                let whole = HeadFeed.outcome(of: bytes, kind).last
                #expect(HeadFeed.outcome(of: bytes, kind, cuts: [count / 2]).last == whole)
            }
        }
    }
}
