import ZCNet

extension WebSocketClient {
    /// Connects to `ws://HOST[:PORT][/PATH][?QUERY]` or `ws+unix:SOCKET[:/PATH]`, or the same with `wss`;
    /// `completion` comes once.
    ///
    /// ```swift
    /// client.connect(to: "ws://127.0.0.1:9000/") { result in
    ///     switch result {
    ///     case .success(let socket): socket.send("hello")
    ///     case .failure(let error): log("\(error)")
    ///     }
    /// }
    /// ```
    /// The completion comes on the connection's loop, after the handler's `onOpen` and before anything is
    /// read; for a request that cannot be made, or a client that has ended, it comes here and now.
    ///
    /// - Parameters:
    ///   - headers: fields of this request, behind those of the configuration.
    ///   - loop: the loop to serve the connection, one of the group's; nil takes them in turn.
    public func connect(
        to url: String, headers: HTTPHeaders = HTTPHeaders(), onLoop loop: Int? = nil,
        completion: @escaping @Sendable (Result<RemoteWebSocket, WebSocketConnectError>) -> Void
    ) {
        do throws(WebSocketConnectError) {
            begin(try makeAttempt(url, headers), onLoop: loop, completion)
        } catch {
            completion(.failure(error))
        }
    }

    /// Connects, and waits for the answer without holding a thread.
    ///
    /// When the calling task is cancelled first, this throws ``WebSocketConnectError/Cause/cancelled`` at
    /// once, and what was under way ends without the handler hearing of it. A connection that is open by then
    /// is returned all the same: it is the caller's to close.
    public func connect(
        to url: String, headers: HTTPHeaders = HTTPHeaders(), onLoop loop: Int? = nil
    ) async throws(WebSocketConnectError) -> RemoteWebSocket {
        let attempt = try makeAttempt(url, headers)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(attempt, onLoop: loop) { continuation.resume(returning: $0) }
            }
        } onCancel: {
            attempt.cancel()
        }
        return try result.get()
    }

    /// What a connection is to begin with, checked.
    func makeAttempt(
        _ text: String, _ headers: HTTPHeaders, onEnd: (@Sendable (WebSocketCloseReason) -> Void)? = nil
    ) throws(WebSocketConnectError) -> ClientAttempt {
        do throws(HandshakeError) {
            let url = try WebSocketURL(text)
            if url.isSecure && configuration.tcp.security == nil {
                throw HandshakeError(
                    .tlsNotSupported,
                    expected: "a client with tcp.security, such as .tls() of the product ZCNetTLS",
                    got: "wss and none")
            }
            return ClientAttempt(
                url, as: text, handshake: try configuration.makeHandshake(url, headers), onEnd: onEnd)
        } catch {
            throw WebSocketConnectError(url: text, cause: .request(error))
        }
    }

    /// Begins an attempt; the completion comes once, whatever becomes of it.
    func begin(
        _ attempt: ClientAttempt, onLoop loop: Int?, _ completion: @escaping ClientAttempt.Completion
    ) {
        guard attempt.begin(completion) else { return }
        let timeout = configuration.handshakeTimeout
        tcp.connect(to: attempt.endpoint, isSecure: attempt.isSecure, onLoop: loop) { base, place in
            // The connection has just come up as the entry's, so its state is what lies there.
            ClientEntry.begin(attempt, timeout: timeout, Connection<ClientExchange>(base: base, place))
        } failed: { error in
            attempt.fail(error.cause == .stopped ? .stopped : .unreachable(error))
        }
    }
}
