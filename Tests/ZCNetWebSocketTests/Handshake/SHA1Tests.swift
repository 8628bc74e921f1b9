import Testing

@testable import ZCNetWebSocket

struct SHA1Tests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// RFC 3174 7.3 without its million letters, and the empty message.
    @Test(arguments: [
        ("abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ),
        (
            "0123456701234567012345670123456701234567012345670123456701234567", 10,
            "dea356a2cddd90c7a7ecedc5ebb563934f460452"
        ),
        ("", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ])
    func vectors(text: String, times: Int, digest: String) {
        let message = Array(repeatElement(Array(text.utf8), count: times).joined())
        #expect(hex(SHA1.digest(message)) == digest)
    }

    /// The lengths around the ends of blocks, chained so that one wrong digest spoils the last.
    @Test func everyLengthOfTheTail() {
        var chain: [UInt8] = []
        for count in 0...130 { chain = SHA1.digest(chain + [UInt8](repeating: UInt8(count), count: count)) }
        #expect(hex(chain) == "c5e065db29e9cbeda2033c81574b1ac810a9b3ec")
    }
}
