import ZCNet

/// One connection's way from the request to the response: what has come of the answer so far. Loop thread
/// only.
final class ClientExchange {
    /// What reading has come to.
    enum Progress {
        /// The bytes must be shown again with more behind them.
        case incomplete
        /// So many bytes are read, and more are to come.
        case read(Int)
        /// The server agrees; the conversation begins behind so many bytes.
        case switched(HTTPResponseHead, Int)
        /// The server does not want to, and has said all that is kept of why.
        case refused(WebSocketRefusal)
        /// This is no response.
        case malformed(HTTPError)
    }

    /// Set when the connection is up, before a byte is read.
    private(set) var attempt: ClientAttempt?
    /// The limit for the handshake.
    var timer = TimerID.none
    /// The refusal whose body is still coming.
    private(set) var refusal: WebSocketRefusal?

    private let limits: HTTPHeadLimits
    private let bodyBytesMax: Int
    private var parser: HTTPHeadParser
    private var body: BodyReader?
    /// What has come for information only, ahead of the answer.
    private var informationCount = 0
    private var informationBytes = 0
    /// Servers send a 100 or a 103 or two; whoever sends more than so many has no answer to give.
    static var informationCountMax: Int { 16 }
    /// What the refusal's head takes.
    private var headMemory = 0
    private var memory = HeadMemory()

    init(_ configuration: WebSocketClient.Configuration) {
        limits = configuration.head
        bodyBytesMax = configuration.refusalBodyBytesMax
        parser = HTTPHeadParser(kind: .response, limits: limits)
    }

    func begin(_ attempt: ClientAttempt) { self.attempt = attempt }

    // MARK: Memory

    private var heldBytes: Int { parser.heldBytes + headMemory + (refusal?.body.capacity ?? 0) }

    /// Brings the loop's books up to what is held; false where there is no memory for it.
    func settle(_ budget: MemoryBudget) -> Bool { memory.settle(heldBytes, budget) }

    /// What the host asks of a connection's memory, whose state is an exchange. Nothing is shed: the attempt
    /// fails with what has come.
    static func memory(_ place: @escaping (ConnectionBase) -> StatePlace) -> ProtocolMemory {
        ProtocolMemory(
            held: { base in
                var held = HeldMemory()
                // the role is an entry's, whose state is a reference to an exchange.
                held.requests = place(base).beginning(with: ClientExchange.self)[].heldBytes
                return held
            },
            loopContexts: { 0 }, trim: { _ in }, trimLoop: {}, shed: { _ in })
    }

    // MARK: Reading

    /// Reads what `bytes` begins with: a head, or more of a refusal's body.
    func read(_ bytes: RawSpan) -> Progress {
        if refusal != nil { return readBody(bytes) }
        switch parser.parse(bytes) {
        // A parser of responses reads no request.
        case .incomplete, .request: return .incomplete
        case .refused(let error): return .malformed(error)
        case .response(let head, let count):
            if head.status == 101 { return .switched(head, count) }
            parser = HTTPHeadParser(kind: .response, limits: limits)
            // RFC 9110 15.2: what is only for information precedes the answer and may be ignored.
            if (100..<200).contains(head.status) { return passOver(count) }
            headMemory = HTTPHeadParser.memory(bytes: count, fields: head.headers.count)
            return beginBody(of: head, behind: count)
        }
    }

    /// Passes over a response for information. All of them together have no more room than one answer, or a
    /// server could keep its client busy until the time for the handshake is over.
    private func passOver(_ count: Int) -> Progress {
        informationCount += 1
        informationBytes += count
        guard informationCount <= Self.informationCountMax else {
            let expected = "an answer behind at most \(Self.informationCountMax) responses of status 1xx"
            return .malformed(HTTPError(502, expected: expected, got: "another"))
        }
        guard informationBytes <= limits.bytesMax else {
            let expected = "at most \(limits.bytesMax) bytes of responses of status 1xx"
            return .malformed(HTTPError(502, expected: expected, got: "\(informationBytes)"))
        }
        return .read(count)
    }

    private func beginBody(of head: HTTPResponseHead, behind count: Int) -> Progress {
        var refusal = WebSocketRefusal(head: head)
        do throws(HTTPError) {
            let body = try BodyReader(head.framing, extraBytesMax: limits.bytesMax)
            refusal.isBodyCut = !body.isComplete
            self.body = body
        } catch {
            return .malformed(error)
        }
        self.refusal = refusal
        return refusal.isBodyCut && bodyBytesMax > 0 ? .read(count) : .refused(refusal)
    }

    private func readBody(_ bytes: RawSpan) -> Progress {
        guard var refusal, var body else { return .incomplete }
        var index = 0
        var isBroken = false
        while index < bytes.byteCount && !body.isComplete && refusal.body.count < bodyBytesMax {
            do throws(HTTPError) {
                // No more than there is room for, so that all of a piece is kept.
                let end = min(bytes.byteCount, index + bodyBytesMax - refusal.body.count)
                let piece = try body.next(bytes.extracting(index..<end))
                for offset in index..<(index + piece.count) where piece.isContent {
                    refusal.body.append(bytes.byte(at: offset))
                }
                index += piece.count
            } catch {
                // The head has said no. What cannot be read of the reason why ends it.
                isBroken = true
                break
            }
        }
        refusal.isBodyCut = !body.isComplete
        self.refusal = refusal
        self.body = body
        let isEnough = isBroken || body.isComplete || refusal.body.count >= bodyBytesMax
        return isEnough ? .refused(refusal) : .read(index)
    }

    /// The connection is over: a body that ends with it is whole.
    func bodyEnded() -> WebSocketRefusal? {
        if body?.lastsUntilEnd == true { refusal?.isBodyCut = false }
        return refusal
    }
}

/// One attempt to begin a conversation: what is asked, and who is owed the one answer.
///
/// Any thread. The answer is given outside of the lock, by whoever settles the attempt: the loop, or the
/// thread that cancels.
package final class ClientAttempt: Sendable {
    typealias Completion = @Sendable (Result<RemoteWebSocket, WebSocketConnectError>) -> Void

    private enum Phase {
        /// Nobody has asked yet.
        case made
        /// There is no connection yet.
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
