/// Every tag of a timer that the library sets for itself, so that no two of them meet. An application's tags
/// are below.
///
/// A layer keeps those that it knows and passes the others on, from the loop up: who knows more about a
/// connection has the smaller tags.
extension ConnectionTimerTag {
    /// From here on tags serve the library on every connection.
    @inlinable package static var libraryBegin: UInt8 { 200 }
    /// From here on tags serve the library where a session above the transport has handlers of its own.
    @inlinable package static var sessionBegin: UInt8 { 190 }

    // A session above the transport.

    /// The application has decided elsewhere about a peer.
    @inlinable package static var verdict: ConnectionTimerTag { ConnectionTimerTag(library: 198) }
    /// The handshake's time, or the heartbeat's.
    @inlinable package static var heartbeat: ConnectionTimerTag { ConnectionTimerTag(library: 199) }

    // A conversation, and what comes before one.

    /// The time for a ping, or for its answer.
    package static var keepalive: ConnectionTimerTag { ConnectionTimerTag(library: 200) }
    /// The time for a handshake, a request or an answer.
    package static var handshake: ConnectionTimerTag { ConnectionTimerTag(library: 202) }
    /// The end of a pause of a peer that had used up its rate.
    package static var receiveRate: ConnectionTimerTag { ConnectionTimerTag(library: 203) }
    /// The time for the rest of a message.
    package static var messageAge: ConnectionTimerTag { ConnectionTimerTag(library: 204) }
    /// The time that a link's task has given something.
    package static var link: ConnectionTimerTag { ConnectionTimerTag(library: 205) }
}

extension TimerPayload {
    /// The loop's own, which no handler is told of.
    enum Tag: UInt8 {
        case connectionDeadline = 250
        case listenerRetry = 251
        case task = 252
        case shutdownDeadline = 253
    }
}
