import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

struct WebSocketKeyTests {
    /// RFC 6455 1.3.
    @Test func theSpecificationsExample() throws {
        let key = try #require(WebSocketKey("dGhlIHNhbXBsZSBub25jZQ=="))
        #expect(key.accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test(arguments: [
        "", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25j", "dGhlIHNhbXBsZSBub25jZSE=",
        "dGhlIHNhbXBsZSBub25jZSEh", "dGhlIHNhbXBsZSBub25jZQ=\r", "SGVsbG8sIHdvcmxkIQ==",
        "dGhlIHNhbXBsZSBub25j*Q==",
    ])
    func whatIsNone(text: String) { #expect(WebSocketKey(text) == nil) }

    @Test func newKeysAreRandom() {
        var first = SimulatedRandom(seed: 1)
        var again = SimulatedRandom(seed: 1)
        let key = WebSocketKey(using: &first)
        #expect(WebSocketKey(key.text) == key)
        #expect(WebSocketKey(using: &again) == key)
        #expect(WebSocketKey(using: &first) != key)
        #expect(WebSocketKey() != WebSocketKey())
    }
}
