import Testing
import ZCNet

@testable import ZCNetWebSocket

@Suite struct ClientConfigurationTests {
    typealias Change = @Sendable (inout WebSocketClient.Configuration) -> Void

    /// The field that a configuration is refused for.
    static func refusedField(_ change: Change) -> String? {
        var configuration = WebSocketClient.Configuration()
        change(&configuration)
        do throws(ConfigurationError) {
            try configuration.validate()
            return nil
        } catch {
            return error.field
        }
    }

    @Test func theDefaultsAreFine() { #expect(Self.refusedField { _ in } == nil) }

    static let wrong: [(String, Change)] = [
        ("tcp.connectTimeout", { $0.tcp.connectTimeout = .zero }),
        ("options.messageBytesMax", { $0.options.messageBytesMax = 0 }),
        ("head.bytesMax", { $0.head.bytesMax = 10 }),
        ("handshakeTimeout", { $0.handshakeTimeout = .zero }),
        ("refusalBodyBytesMax", { $0.refusalBodyBytesMax = -1 }),
        ("subprotocols", { $0.subprotocols = ["v1", "v1"] }),
        ("subprotocols", { $0.subprotocols = ["two words"] }),
        ("headers", { $0.headers = ["Sec-WebSocket-Version": "8"] }),
        ("headers", { $0.origin = "line\r\nbreak" }),
        (
            "headers",
            {
                $0.origin = "http://a"
                $0.headers = ["Origin": "http://b"]
            }
        ),
    ]

    @Test(arguments: wrong)
    func everyFieldIsCheckedAndNamed(field: String, change: Change) {
        #expect(Self.refusedField(change) == field)
        var configuration = WebSocketClient.Configuration()
        change(&configuration)
        let wrong = configuration
        #expect(throws: ConfigurationError.self) { _ = try WebSocketClient(wrong) { Silent() } }
    }

    struct Silent: WebSocketHandler {
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    }
}
