import Testing
import ZCNet

@testable import ZCNetWebSocket

@Suite struct WebSocketConfigurationTests {
    typealias Change = @Sendable (inout WebSocketServer.Configuration) -> Void

    /// The field that a configuration is refused for.
    static func refusedField(_ change: Change) -> String? {
        var configuration = WebSocketServer.Configuration()
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
        ("options.messageBytesMax", { $0.options.messageBytesMax = 0 }),
        ("options.frameBytesMax", { $0.options.frameBytesMax = 124 }),
        ("options.pingInterval", { $0.options.pingInterval = .zero }),
        ("options.pongTimeout", { $0.options.pongTimeout = .zero }),
        ("options.closeTimeout", { $0.options.closeTimeout = .seconds(100_000) }),
        ("options.connection.lingerTimeout", { $0.options.connection.lingerTimeout = .zero }),
        ("tcp.group.loops", { $0.tcp.group.loops = 0 }),
        ("tcp.connection.unreadBytesMax", { $0.tcp.connection.unreadBytesMax = 0 }),
        ("handshakeTimeout", { $0.handshakeTimeout = .zero }),
        ("head.bytesMax", { $0.head.bytesMax = 10 }),
        ("head.lineBytesMax", { $0.head.lineBytesMax = $0.head.bytesMax + 1 }),
        ("head.headersMax", { $0.head.headersMax = 0 }),
        ("requests.requestsMax", { $0.requests.requestsMax = 0 }),
        ("requests.keepAliveTimeout", { $0.requests.keepAliveTimeout = .zero }),
        ("requests.bodyBytesMax", { $0.requests.bodyBytesMax = -1 }),
        ("limits.conversationsMax", { $0.limits.conversationsMax = 0 }),
        ("limits.conversationsPerClientMax", { $0.limits.conversationsPerClientMax = 0 }),
        ("limits.handshakesMax", { $0.limits.handshakesMax = 0 }),
        ("limits.queuedBytesMax", { $0.limits.queuedBytesMax = 0 }),
        ("limits.retryAfter", { $0.limits.retryAfter = .milliseconds(10) }),
        (
            "options.receiveRate.messagesPerSecond",
            { $0.options.receiveRate = ReceiveRate(messagesPerSecond: 0) }
        ),
        ("options.receiveRate.byteBurst", { $0.options.receiveRate = ReceiveRate(byteBurst: 1 << 33) }),
    ]

    @Test(arguments: wrong)
    func everyFieldIsCheckedAndNamed(field: String, change: Change) {
        #expect(Self.refusedField(change) == field)
    }

    @Test func aRoutesOptionsAreCheckedToo() throws {
        var options = WebSocketOptions()
        options.messageBytesMax = -1
        let routes = WebSocketRoutes { routes in
            routes.webSocket("/", options: options) { Silent() }
        }
        #expect(throws: ConfigurationError.self) {
            _ = try WebSocketServer(on: "127.0.0.1:0", routes: routes)
        }
    }

    typealias Declare = @Sendable (inout WebSocketRoutes) -> Void

    static let unreachable: [(field: String, got: String, Declare)] = [
        ("webSocket", "\"chat\"", { $0.webSocket("chat") { Silent() } }),
        ("webSocket", "\"\"", { $0.webSocket("") { Silent() } }),
        ("webSocket", "\"/a?b\"", { $0.webSocket("/a?b") { Silent() } }),
        (
            "webSocket", "\"/a\" twice",
            { routes in for _ in 0..<2 { routes.webSocket("/a") { Silent() } } }
        ),
        ("webSocket", "every path twice", { routes in for _ in 0..<2 { routes.webSocket { Silent() } } }),
        ("page", "\"health\"", { $0.get("health") { _ in HTTPResponse(status: 200) } }),
        ("page", "\"/#top\"", { $0.page("/#top", "text") }),
        (
            "page", "\"/metrics\" twice",
            { routes in
                routes.page("/metrics", "text")
                routes.metrics()
            }
        ),
    ]

    /// What no request could reach is refused, and not passed over in silence.
    @Test(arguments: unreachable)
    func aRouteThatNobodyCanReachIsRefused(field: String, got: String, declare: Declare) {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try WebSocketServer(on: "127.0.0.1:0", routes: WebSocketRoutes(declare))
        }
        #expect(error?.field == "routes.\(field)" && error?.got == got, "\(error as Any)")
    }

    @Test func aPageAndAConversationShareAPath() throws {
        let routes = WebSocketRoutes { routes in
            routes.webSocket("/") { Silent() }
            routes.webSocket { Silent() }
            routes.page("/", "<!doctype html>")
        }
        _ = try WebSocketServer(on: "127.0.0.1:0", routes: routes)
    }

    struct Silent: WebSocketHandler {
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    }
}
