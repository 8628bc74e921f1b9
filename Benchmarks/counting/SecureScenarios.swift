#if TLS
import ZCNet
import ZCNetTLS
import ZCNetWebSocket

/// The same over TLS: what a message costs once the handshake is over.
extension Scenario {
    static func secure(messages: Int) -> [Scenario] {
        [(32, 1), (32, 16), (512, 16), (16_384, 1), (16_384, 16)].flatMap { bytes, pipelined in
            var overTCP = Script.echo(bytesAtOnce: bytes * pipelined)
            var overWebSocket = WebSocketScript.echo(
                isText: false, payloadBytes: bytes, pipelined: pipelined)
            (overTCP.isSecure, overWebSocket.isSecure) = (true, true)
            return [
                Scenario(
                    name: "tls, \(bytes) B x \(pipelined)", script: overTCP, pipelined: pipelined,
                    messages: messages
                ) { tcp in
                    var tcp = tcp
                    tcp.security = try .tls(configuration)
                    return try TCPServer(on: "127.0.0.1:0", configuration: tcp) { Echo() }
                },
                Scenario(
                    name: "wss binary, \(bytes) B x \(pipelined)", script: overWebSocket,
                    pipelined: pipelined, messages: messages
                ) { tcp in
                    var configuration = WebSocketServer.Configuration()
                    configuration.tcp = tcp
                    configuration.tcp.security = try .tls(Self.configuration)
                    return try WebSocketServer(on: "127.0.0.1:0", configuration: configuration) {
                        WebSocketEcho()
                    }
                },
            ]
        }
    }

    private static var configuration: TLSServerConfiguration {
        TLSServerConfiguration(
            certificateChain: .bytes(Array((certificate + "\n").utf8)),
            privateKey: .bytes(Array((key + "\n").utf8)))
    }

    // Of nobody, for `localhost`.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUICGEvc6JAnhstnAmG22CwR7tOa8wCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEzMDAzMzIzNFoYDzIxMjYxMTA2
        MDMzMjM0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAASkX5NZ5J/zdBk8a6OIMd7ihWhHj/+wihaz9iB3bC83NjLwwUU9qB8T
        Fok2z4L4MsGYL1XqcysTFdyqfpTl/0KRo28wbTAdBgNVHQ4EFgQUw+rpNxW7oesH
        4/H5MjGemx5GwrIwHwYDVR0jBBgwFoAUw+rpNxW7oesH4/H5MjGemx5GwrIwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSAAwRQIgbGewMgY2NQWydVhhiIQRU7iNAdFilXzbMiMZiYt2I8kCIQDF
        ZqvaSs7/CyyYF/ctonc3oQv/fOt4a0cIhxbPgmGn0A==
        -----END CERTIFICATE-----
        """
    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYQPH2vweINY5+FfG
        tFXJhT98Z2OzF/O4EIItVsO36rmhRANCAASkX5NZ5J/zdBk8a6OIMd7ihWhHj/+w
        ihaz9iB3bC83NjLwwUU9qB8TFok2z4L4MsGYL1XqcysTFdyqfpTl/0KR
        -----END PRIVATE KEY-----
        """
}
#endif
