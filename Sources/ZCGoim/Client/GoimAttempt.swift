import ZCNet

/// A connection that somebody waits for. The completion comes once.
final class GoimAttempt: Sendable {
    typealias Completion = @Sendable (Result<GoimRemote, GoimConnectError>) -> Void

    let address: String
    let token: GoimMessage
    private let completion: Locked<Completion?>

    init(_ address: String, _ token: GoimMessage, _ completion: @escaping Completion) {
        self.address = address
        self.token = token
        self.completion = Locked(completion)
    }

    func succeed(_ remote: GoimRemote) { take()?(.success(remote)) }

    func fail(_ cause: GoimConnectError.Cause) { take()?(.failure(GoimConnectError(address, cause))) }

    private func take() -> Completion? {
        completion.withLock { completion in
            defer { completion = nil }
            return completion
        }
    }
}

/// A client's side of a session.
extension GoimLine {
    /// The connection is up: it waits for its attempt, which names it on the same loop.
    func beginAsClient() {
        let link = makeLink()
        withCore { $0.opened[link.id] = link }
    }

    /// Asks to be let in.
    func authenticate(for attempt: GoimAttempt, _ link: GoimLink) {
        link.attempt = attempt
        let header = attempt.token.header
        let result = unsafe attempt.token.body.withUnsafeBytes { unsafe send(header, $0) }
        // Nobody would send it again, and the server would be waited for in vain.
        if !result.isAccepted { close(.connection(.overflow)) }
    }

    /// The server has let the client in; false when it says so again.
    @usableFromInline
    func wasLetIn() -> Bool {
        guard !session[].flags.contains(.open), let link = session[].link else { return false }
        let options = withCore { $0.options }
        session[].flags.insert(.open)
        session[].heardAt = base.withHost { $0.now }
        link.heartbeatTimeout = options.heartbeat * options.heartbeatsMissedMax
        arm(options.heartbeat)
        link.attempt?.succeed(GoimRemote(link: link))
        link.attempt = nil
        return true
    }

    /// The server has answered a heartbeat: how many are in the room.
    @usableFromInline
    func heartbeatAnswered(_ body: RawSpan) -> Int {
        session[].heardAt = base.withHost { $0.now }
        return Int(body.integer(as: Int32.self, at: 0, .bigEndian) ?? 0)
    }

    /// A client's clock: a heartbeat is due, or the server has not answered for too long.
    func beat() {
        guard session[].flags.contains(.open), let link = session[].link else {
            return close(.handshakeTimeout)
        }
        let silence = base.withHost { $0.now - session[].heardAt }
        if silence < link.heartbeatTimeout {
            link.outputMark = OutputMark()
        } else if !takesOutput(link) {
            return close(.heartbeatTimeout)
        }
        _ = send(GoimHeader(.heartbeat))
        arm(withCore { $0.options.heartbeat })
    }

    @usableFromInline var batchBytesMax: Int { withCore { $0.options.limits.batchBytesMax } }
}
