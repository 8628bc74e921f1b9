import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

struct ProxyPreambleTests {
    typealias Outcome = ProxyPreamble.Outcome

    static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]

    static func binary(_ command: UInt8, _ family: UInt8, _ rest: [UInt8]) -> [UInt8] {
        signature + [command, family, UInt8(rest.count >> 8), UInt8(rest.count & 255)] + rest
    }

    static let v4: [UInt8] = [10, 1, 2, 3, 10, 0, 0, 1, 0x12, 0x34, 0x01, 0xBB]
    static let v6: [UInt8] =
        [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1] + [UInt8](repeating: 0, count: 15)
        + [1, 0x12, 0x34, 0x01, 0xBB]
    static let unix: [UInt8] =
        Array("/run/client".utf8) + [UInt8](repeating: 0, count: 97) + Array("/run/server".utf8)
        + [UInt8](repeating: 0, count: 97)

    static func proxied(_ source: String, _ destination: String, _ count: Int) throws -> Outcome {
        .proxied(
            source: try SocketAddress(parsing: source), destination: try SocketAddress(parsing: destination),
            preambleBytes: count)
    }

    static func cases() throws -> [([UInt8], Outcome)] {
        let tlv: [UInt8] = [0x04, 0, 3, 1, 2, 3]
        let long = Array("PROXY UNKNOWN ".utf8) + [UInt8](repeating: 0x78, count: 91) + [13, 10]
        return [
            (
                Array("PROXY TCP4 10.1.2.3 10.0.0.1 4660 443\r\n".utf8),
                try proxied("10.1.2.3:4660", "10.0.0.1:443", 39)
            ),
            (
                Array("PROXY TCP6 2001:db8::1 ::1 0 65535\r\n".utf8),
                try proxied("[2001:db8::1]:0", "[::1]:65535", 36)
            ),
            (Array("PROXY UNKNOWN\r\n".utf8), .local(preambleBytes: 15)),
            (Array("PROXY UNKNOWN a b  c\r\n".utf8), .local(preambleBytes: 22)),
            (long, .local(preambleBytes: 107)),
            (binary(0x21, 0x11, v4), try proxied("10.1.2.3:4660", "10.0.0.1:443", 28)),
            (binary(0x21, 0x11, v4 + tlv), try proxied("10.1.2.3:4660", "10.0.0.1:443", 34)),
            (binary(0x21, 0x21, v6), try proxied("[2001:db8::1]:4660", "[::1]:443", 52)),
            (binary(0x21, 0x31, unix), try proxied("unix:/run/client", "unix:/run/server", 232)),
            (binary(0x20, 0x00, []), .local(preambleBytes: 16)),
            (binary(0x20, 0x11, v4), .local(preambleBytes: 28)),
            (binary(0x20, 0xFF, tlv), .local(preambleBytes: 22)),
            (binary(0x21, 0x00, tlv), .local(preambleBytes: 22)),
        ]
    }

    private func outcome(_ bytes: [UInt8], cuts: [Int] = [], bytesMax: Int = 4096) -> Outcome {
        var preamble = ProxyPreamble(bytesMax: bytesMax)
        for cut in cuts { _ = preamble.parse(array: Array(bytes[..<cut])) }
        return preamble.parse(array: bytes)
    }

    @Test func whatBalancersSend() throws {
        for (bytes, expected) in try Self.cases() {
            #expect(outcome(bytes) == expected)
            #expect(outcome(bytes + Array("GET / HTTP/1.1".utf8)) == expected)
            for cut in 0..<bytes.count {
                #expect(outcome(Array(bytes[..<cut])) == .incomplete, "\(expected) cut at \(cut)")
                #expect(outcome(bytes, cuts: [cut]) == expected, "\(expected) cut at \(cut)")
            }
            #expect(outcome(bytes, cuts: Array(0..<bytes.count)) == expected)
        }
    }

    @Test func aUnixPathMayFillItsField() throws {
        let path = [UInt8](repeating: 0x61, count: 108)
        let expected = Outcome.proxied(
            source: .unix(path: String(repeating: "a", count: 108)), destination: .unix(path: ""),
            preambleBytes: 232)
        #expect(outcome(Self.binary(0x21, 0x31, path + [UInt8](repeating: 0, count: 108))) == expected)
    }

    @Test(arguments: [
        "G", "PROXX", "PROXY\t", "PROXY TCP4\r\n", "PROXY  TCP4 1.2.3.4 1.2.3.4 1 2\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n", "PROXY TCP4 1.2.3.4  1.2.3.4 1 2\r\n",
        "PROXY TCP4 ::1 ::1 1 2\r\n", "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n",
        "PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n",
        "PROXY TCP4 1.2.3.04 1.2.3.4 1 2\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 \r\n", "PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n", "PROXY \r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\rx", "PROXY TCP4 \0",
        "PROXY UNKNOWN é", "PROXY UNKNOWN " + String(repeating: "x", count: 93),
    ])
    func whatIsNoLine(text: String) {
        let bytes = Array(text.utf8)
        guard case .refused(let error) = outcome(bytes) else {
            Issue.record("not refused: \(text)")
            return
        }
        #expect(error.description.utf8.allSatisfy { $0 >= 0x20 })
        #expect(outcome(bytes, cuts: Array(0...bytes.count)) == .refused(error))
    }

    @Test func whatIsNoBinaryHeader() {
        let bad: [[UInt8]] = [
            Self.signature.dropLast() + [11], [13, 13], Self.signature + [0x11], Self.signature + [0x22],
            Self.signature + [0x31], Self.binary(0x21, 0x11, Array(Self.v4.dropLast())),
            Self.binary(0x21, 0x21, Self.v4), Self.binary(0x21, 0x31, Self.v6),
            Self.binary(0x21, 0x12, Self.v4), Self.binary(0x21, 0x41, Self.v4),
            Self.binary(0x21, 0x10, Self.v4),
            // The length alone refuses it; nothing is waited for.
            Self.signature + [0x21, 0x11, 0xFF, 0xFF],
        ]
        for bytes in bad {
            guard case .refused = outcome(bytes) else {
                Issue.record("not refused: \(bytes)")
                continue
            }
        }
        #expect(outcome(Self.binary(0x21, 0x11, Self.v4), bytesMax: 28) != .incomplete)
        guard case .refused = outcome(Self.binary(0x21, 0x11, Self.v4), bytesMax: 27) else {
            Issue.record("longer than the limit")
            return
        }
    }

    @Test func noiseBehavesTheSameInPieces() throws {
        var random = SimulatedRandom(seed: 7)
        var refused = 0
        let cases = try Self.cases()
        for round in 0..<2000 {
            var bytes = cases[round % cases.count].0
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            let cuts = [Int.random(in: 0...bytes.count, using: &random), bytes.count]
            let whole = outcome(bytes)
            #expect(outcome(bytes, cuts: cuts) == whole, "round \(round)")
            if case .refused = whole { refused += 1 }
        }
        #expect(refused > 200)
    }
}

extension ProxyPreamble {
    /// Shows a copy that goes away afterwards.
    mutating func parse(array bytes: [UInt8]) -> Outcome {
        let shown = SharedBytes(copying: bytes)
        return parse(shown.bytes)
    }
}
