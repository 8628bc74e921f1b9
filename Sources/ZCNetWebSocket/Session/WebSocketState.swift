import ZCNet

/// What the library and the application keep for one connection, side by side.
@frozen
@usableFromInline
package struct WebSocketState<User> {
    @usableFromInline package var session: WebSocketSession
    @usableFromInline package var user: User

    @usableFromInline
    init(session: WebSocketSession, user: User) {
        self.session = session
        self.user = user
    }
}

extension WebSocketState: StateWithSession {
    package static var session: Any.Type { WebSocketSession.self }
}
