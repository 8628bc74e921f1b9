import ZCNet

/// One connection's way through HTTP: requests, until one of them becomes a conversation. Loop thread only.
final class HTTPExchange {
    /// What the next byte belongs to.
    enum Phase {
        /// A balancer's header, before anything else.
        case preamble(ProxyPreamble)
        /// A request's head, which `parser` has seen a part of, or nothing.
        case head
        /// A body, which is kept, handed on or passed over before its request is answered.
        case body(of: HTTPRequestHead, BodyReader)
    }

    /// What the connection's timer is for.
    enum Clock {
        /// The whole of a request or handshake.
        case request
        /// The rest between two requests.
        case idle
        /// A task that answers, or that has to read on before more of a body is received.
        case answer
        /// A client that takes a stream.
        case stream
    }

    var phase = Phase.head
    /// Reads the head at hand. Why not within the phase: it would be copied for each reception.
    private var parser: HTTPHeadParser
    /// Who is at the other end of the socket.
    var peerAddress = SocketAddress.unix(path: "")
    /// Whose connection that is, as far as a balancer's header says.
    var sourceAddress = SocketAddress.unix(path: "")
    var timer = TimerID.none
    var clock = Clock.request
    /// When the clock was set.
    var clockBegan = MonotonicInstant.zero
    /// How far the client has come with the answers since.
    var watch = OutputWatch(at: .zero)
    /// How many requests were answered.
    var answeredCount = 0
    /// A decision or an answer is being made elsewhere; no further request is read until it is there.
    var isWaiting = false
    /// The task that answers the request at hand.
    var running: RunningAnswer?
    /// How much of a body has come since the clock was set.
    var contentBytes = 0
    /// Reading was stopped because the client does not take the responses.
    var isPressed = false
    /// A file is on its way, which takes no memory while it waits, but a descriptor: the next request waits,
    /// too.
    var isSendingFile = false
    /// The place for a conversation that the request at hand has, and whose it is.
    var place: Place?

    /// A place among the server's conversations, taken before the decision so that a crowd costs none.
    struct Place {
        /// Nil for a client whose address nobody knows.
        let client: IPAddress?
    }

    init(_ limits: HTTPHeadLimits) {
        parser = HTTPHeadParser(limits: limits)
    }

    // MARK: Memory

    private var memory = HeadMemory()
    /// What has come of a body that is to be whole; its memory is in the loop's books by itself.
    private var body = WriteBuffer(limit: 0)
    /// Whether the body at hand is kept.
    private var keepsBody = false
    /// What the head takes that is kept for its body or a decision.
    private var keptBytes = 0

    /// Whether a request is kept until more has come: its body, or a decision.
    private var keepsHead: Bool { if case .body = phase { true } else { isWaiting } }

    /// Notes how large the request is that has just been read.
    func didRead(_ bytes: Int, _ head: HTTPRequestHead) {
        keptBytes = HTTPHeadParser.memory(bytes: bytes, fields: head.headers.count)
    }

    /// What is held: a head that is kept, and what has come of the next.
    var heldBytes: Int {
        let unfinished = if case .head = phase { parser.heldBytes } else { 0 }
        return (keepsHead ? keptBytes : 0) + unfinished + (running?.upload?.heldBytes ?? 0)
    }

    /// What the head that was just read takes, which somebody else answers for from now on.
    func passOnKept() -> Int {
        defer { keptBytes = 0 }
        return keptBytes
    }

    /// Has the body that follows kept, up to so many bytes.
    func keepBody(_ bytesMax: Int, _ budget: MemoryBudget) {
        body = WriteBuffer(limit: bytesMax, budget: budget)
        keepsBody = true
    }

    /// Keeps what has come of a body, where somebody wants it.
    func keep(_ content: RawSpan) throws(HTTPError) {
        contentBytes += content.byteCount
        if let upload = running?.upload { return upload.append(content) }
        if !keepsBody { return }
        do throws(WriteBufferError) {
            try body.append(content)
        } catch {
            throw HTTPError(503, expected: "memory for the request's body", got: "none")
        }
    }

    /// The whole body, which is the caller's from now on.
    func takeBody() -> SharedBytes {
        keepsBody = false
        var taken = WriteBuffer(limit: 0)
        swap(&taken, &body)
        return taken.isEmpty ? SharedBytes() : taken.freeze()
    }

    /// Nobody waits for the task's answer any more.
    func endRunning() {
        guard let ended = running else { return }
        running = nil
        isWaiting = false
        ended.end()
    }

    /// Brings the loop's books up to what is held; false where there is no memory for it.
    func settle(_ budget: MemoryBudget) -> Bool { memory.settle(heldBytes, budget) }

    /// The request is answered, or will never be. A connection that ends reads no other, and whoever still
    /// refers to it keeps nothing of what it held.
    func letGo(isLast: Bool) {
        keptBytes = 0
        _ = takeBody()
        if isLast { beginHead() }
        if isLast || !keepsHead { memory.letGo() }
    }

    /// What the host asks of a connection's memory, whose state is an exchange.
    static func memory(_ place: @escaping (ConnectionBase) -> StatePlace) -> ProtocolMemory {
        // the role is an entry's, whose state is a reference to an exchange.
        func exchange(_ base: ConnectionBase) -> HTTPExchange {
            place(base).beginning(with: HTTPExchange.self)[]
        }
        return ProtocolMemory(
            held: { base in
                var held = HeldMemory()
                held.requests = exchange(base).heldBytes
                held.messages = exchange(base).body.capacity
                return held
            },
            loopContexts: { 0 }, trim: { _ in }, trimLoop: {},
            shed: { base in exchange(base).shed() })
    }

    /// Lets go of the request in progress: the connection ends without an answer to it.
    private func shed() {
        endRunning()
        isWaiting = false
        letGo(isLast: true)
    }

    /// Reads the request that `bytes` begins with; an unfinished one is shown again with more behind it.
    func read(_ bytes: RawSpan) -> HTTPHeadParser.Outcome {
        guard case .head = phase else { return .incomplete }
        let outcome = parser.parse(bytes)
        if case .request = outcome { parser = HTTPHeadParser(limits: parser.limits) }
        return outcome
    }

    /// The method of the request that is being read, empty where it is not known yet: an answer to HEAD has
    /// no body, whatever went wrong with it.
    var method: String {
        switch phase {
        case .preamble: ""
        case .head: parser.method
        case .body(let head, _): head.method
        }
    }

    /// Goes on to the next request.
    func beginHead() {
        phase = .head
        parser = HTTPHeadParser(limits: parser.limits)
    }

    /// Whether the connection stands between two requests: nothing of the next has come.
    var isBetweenRequests: Bool {
        if case .head = phase { return parser.scannedBytes == 0 && !isWaiting }
        return false
    }
}
