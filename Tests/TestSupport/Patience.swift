package import ZCNetWebSocket

/// Limits of time for connections between two sides of a test, far longer than a busy machine takes. Whoever
/// looks at one sets it.
package enum Patience {
    package static let long = Duration.seconds(600)

    package static func apply(to limits: inout ConnectionLimits) {
        limits.idleTimeout = nil
        limits.lingerTimeout = long
    }

    package static var webSocketServer: WebSocketServer.Configuration {
        var configuration = WebSocketServer.Configuration()
        configuration.handshakeTimeout = long
        configuration.options.pingInterval = nil
        apply(to: &configuration.tcp.connection)
        return configuration
    }

    package static var webSocketClient: WebSocketClient.Configuration {
        var configuration = WebSocketClient.Configuration()
        configuration.handshakeTimeout = long
        configuration.tcp.connectTimeout = long
        configuration.options.pingInterval = nil
        apply(to: &configuration.tcp.connection)
        return configuration
    }
}
