import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

struct Base64Tests {
    /// RFC 4648 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func vectors(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test func everyDigit() {
        let bytes: [UInt8] = (0..<48).map { index in
            let group = UInt32(index / 3 * 4)
            let bits = group << 18 | (group + 1) << 12 | (group + 2) << 6 | (group + 3)
            return UInt8(truncatingIfNeeded: bits >> UInt32(16 - index % 3 * 8))
        }
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        #expect(Base64.encode(bytes) == alphabet)
        #expect(Base64.decode(alphabet) == bytes)
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zm=v", "Zm9v\n", "Zm 9", "Zm-_", "=Zm9", "Zm9v=",
        "Zé8=",
    ])
    func whatIsNone(text: String) { #expect(Base64.decode(text) == nil) }

    @Test func leftOverBitsDoNotMatter() { #expect(Base64.decode("Zh==") == [0x66]) }

    @Test func roundTrips() {
        var random = SimulatedRandom(seed: 3)
        for count in 0...64 {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }
}
