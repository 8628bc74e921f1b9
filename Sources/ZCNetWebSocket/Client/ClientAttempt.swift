import ZCNet

/// One attempt to begin a conversation: what is asked, and who is owed the one answer.
///
/// Any thread. The answer is given outside of the lock, by whoever settles the attempt: the loop, or the
/// thread that cancels.
package final class ClientAttempt: Sendable {
    typealias Completion = @Sendable (Result<RemoteWebSocket, WebSocketConnectError>) -> Void

    private enum Phase {
        /// Nobody has asked yet.
        case made
        /// No connection yet.
        case connecting(Completion)
        /// The request is on its way through this connection.
        case asking(Completion, RemoteConnection)
        case settled
    }

    let url: String
    let endpoint: String
    let isSecure: Bool
    let handshake: ClientHandshake
    /// Told, on the loop and behind the handler, of the end of the conversation that comes of this.
    let onEnd: (@Sendable (WebSocketCloseReason) -> Void)?
    private let phase = Locked(Phase.made)

    init(
        _ url: WebSocketURL, as text: String, handshake: ClientHandshake,
        onEnd: (@Sendable (WebSocketCloseReason) -> Void)?
    ) {
        self.url = text
        isSecure = url.isSecure
        endpoint =
            switch url.endpoint {
            case .address(let address): address.description
            case .host(let name, let port): "\(name):\(port)"
            }
        self.handshake = handshake
        self.onEnd = onEnd
    }

    /// Names who is to be answered; false, and it was answered, when the attempt was cancelled before.
    func begin(_ completion: @escaping Completion) -> Bool {
        let isFresh = phase.withLock { phase in
            guard case .made = phase else { return false }
            phase = .connecting(completion)
            return true
        }
        if !isFresh { completion(.failure(error(.cancelled))) }
        return isFresh
    }

    /// The connection is up; false when nobody waits for it any more.
    func connected(_ remote: RemoteConnection) -> Bool {
        phase.withLock { phase in
            guard case .connecting(let completion) = phase else { return false }
            phase = .asking(completion, remote)
            return true
        }
    }

    /// Whoever gets the completion has settled the attempt; nil for everybody after the first.
    func settle() -> Completion? { take()?.completion }

    /// Answers with a failure, unless there is an answer already.
    func fail(_ cause: WebSocketConnectError.Cause) { settle()?(.failure(error(cause))) }

    /// Gives up: the answer comes now, and a connection that is under way ends.
    func cancel() {
        let taken = take()
        taken?.remote?.perform(isControl: true) { base, _ in
            base.end(CloseReason(.local), isAbortive: true)
        }
        taken?.completion(.failure(error(.cancelled)))
    }

    private func take() -> (completion: Completion, remote: RemoteConnection?)? {
        phase.withLock { phase in
            defer { phase = .settled }
            return switch phase {
            case .connecting(let completion): (completion, nil)
            case .asking(let completion, let remote): (completion, remote)
            case .made, .settled: nil
            }
        }
    }

    private func error(_ cause: WebSocketConnectError.Cause) -> WebSocketConnectError {
        WebSocketConnectError(url: url, cause: cause)
    }
}
