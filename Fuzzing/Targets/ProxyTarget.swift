import Glibc
import ZCNet
import ZCNetWebSocket

/// What a balancer puts in front: the same verdict in one piece and in any pieces, and as a naive reader
/// says.
struct ProxyTarget: FuzzTarget {
    let name = "proxy"
    let bytesMax = 5000
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]

    var words: [[UInt8]] {
        [Self.signature, Self.signature + [0x21, 0x11, 0, 12], Self.signature + [0x21, 0x21, 0, 36]]
            + ["PROXY ", "TCP4 ", "TCP6 ", "UNKNOWN", "1.2.3.4 ", "::1 ", "65535", "0", "\r\n"].map {
                Array($0.utf8)
            }
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        let behind = random.bytes(random.below(10))
        if random.oneIn(2) {
            let line = random.pick([
                "TCP4 10.1.2.3 10.0.0.1 50000 443", "TCP6 2001:db8::1 ::1 1 65535", "UNKNOWN",
                "UNKNOWN x y z",
                "TCP4 1.2.3.4 5.6.7.8 0 0",
            ])
            return Array("PROXY \(line)\r\n".utf8) + behind
        }
        let family = random.pick([0, 0x11, 0x21, 0x31, 0x12] as [UInt8])
        let count = random.pick([0, 12, 36, 216]) + (random.oneIn(3) ? random.below(40) : 0)
        let head =
            Self.signature + [random.pick([0x20, 0x21]), family, UInt8(count >> 8), UInt8(count & 255)]
        return head + random.bytes(count) + behind
    }

    func check(_ input: [UInt8]) throws -> String {
        var random = FuzzRandom(of: input)
        let cuts = random.cuts(of: input.count)
        let whole = try outcome(input, cuts: [])
        let split = try outcome(input, cuts: cuts)
        try expect(split == whole, "the same verdict in pieces, cut at \(cuts): \(whole), got \(split)")
        switch whole {
        case .incomplete:
            try expect(input.count < 4096, "a verdict within the limit")
            return "incomplete"
        case .local(let count): try expect(count <= input.count, "no more bytes than there are, got \(count)")
        case .proxied(let source, let destination, let count):
            try expect(count <= input.count, "no more bytes than there are, got \(count)")
            let naive = input[0] == 13 ? binary(input) : text(input, count)
            try expect(naive == [source, destination], "\(naive), as the naive reader says, got \(whole)")
        case .refused(let error): return outline("\(error)")
        }
        return input[0] == 13 ? "two \(input[13])" : "one"
    }

    private func outcome(_ input: [UInt8], cuts: [Int]) throws -> ProxyPreamble.Outcome {
        var preamble = ProxyPreamble()
        for cut in cuts { _ = withExactSpan(input[..<cut]) { preamble.parse($0) } }
        let outcome = withExactSpan(input) { preamble.parse($0) }
        try expect(preamble.scannedBytes <= input.count, "no more looked at than there is")
        return outcome
    }

    /// A line of version 1 that was accepted, read with the C library.
    private func text(_ input: [UInt8], _ count: Int) -> [SocketAddress] {
        let words = String(decoding: input[..<(count - 2)], as: UTF8.self).split(separator: " ")
        guard words.count == 6 else { return [] }
        return [(2, 4), (3, 5)].compactMap { address, port in
            guard let port = UInt16(words[port]) else { return nil }
            if words[1] == "TCP4" {
                var bits = in_addr()
                guard unsafe inet_pton(AF_INET, String(words[address]), &bits) == 1 else { return nil }
                return .ip(IPAddress(v4: UInt32(bigEndian: bits.s_addr)), port: port)
            }
            var bits = in6_addr()
            guard unsafe inet_pton(AF_INET6, String(words[address]), &bits) == 1 else { return nil }
            let bytes = unsafe withUnsafeBytes(of: &bits) { unsafe Array($0) }
            return .ip(IPAddress(high: integer(bytes[..<8]), low: integer(bytes[8...])), port: port)
        }
    }

    /// A header of version 2 that was accepted.
    private func binary(_ input: [UInt8]) -> [SocketAddress] {
        func number(_ start: Int, _ count: Int) -> UInt64 { integer(input[start..<(start + count)]) }
        func path(_ start: Int) -> String {
            String(decoding: input[start..<(start + 108)].prefix { $0 != 0 }, as: UTF8.self)
        }
        switch input[13] {
        case 0x11:
            return [(16, 24), (20, 26)].map { address, port in
                .ip(IPAddress(v4: UInt32(number(address, 4))), port: UInt16(number(port, 2)))
            }
        case 0x21:
            return [(16, 48), (32, 50)].map { address, port in
                .ip(
                    IPAddress(high: number(address, 8), low: number(address + 8, 8)),
                    port: UInt16(number(port, 2)))
            }
        default: return [.unix(path: path(16)), .unix(path: path(124))]
        }
    }

    private func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
