public import ZCNet
public import ZCNetWebSocket

/// Why a connection to a goim server did not come about.
public struct GoimConnectError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Cause: Hashable, Sendable {
        /// The address is none.
        case address
        /// No TCP connection.
        case unreachable(ConnectError)
        /// No WebSocket conversation.
        case webSocket(WebSocketConnectError)
        /// The server, or this side, ended it before the server had let the client in.
        case closed(GoimCloseReason)
    }

    /// Where to.
    public let address: String
    /// What went wrong.
    public let cause: Cause

    init(_ address: String, _ cause: Cause) {
        self.address = address
        self.cause = cause
    }

    /// A line for a log.
    public var description: String {
        switch cause {
        case .address: "expected tcp://HOST:PORT or ws://HOST:PORT/PATH, got '\(address)'"
        case .unreachable(let error): "\(error)"
        case .webSocket(let error): "\(error)"
        case .closed(let reason): "\(address): not let in: \(reason)"
        }
    }
}
