public import ZCNet
public import ZCNetWebSocket

/// A scripted end of a WebSocket connection in a simulated network, for an application's own tests: what it
/// is sent is read by the same machine that a real peer reads with.
///
/// As a client, of a server that is tested:
///
/// ```swift
/// let network = SimulatedNetwork(seed: 1)
/// let group = try network.makeGroup(loops: 1)
/// let server = try WebSocketServer(on: "127.0.0.1:9001", group: group) { Echo() }
/// network.start(group)
/// let client = SimulatedWebSocket(network, to: server.address)
/// client.send("hello")
/// _ = try network.run { client.messages.count == 1 }
/// network.stop()
/// ```
/// As a server, for a client that is tested:
///
/// ```swift
/// let address = try SocketAddress(parsing: "127.0.0.1:9002")
/// var served: [SimulatedWebSocket] = []
/// network.answer(at: address) { peer in
///     let socket = SimulatedWebSocket(accepting: peer)
///     socket.onOpen = { $0.send("welcome") }
///     served.append(socket)
/// }
/// client.connect(to: "ws://127.0.0.1:9002/") { result in … }
/// _ = try network.run { served.first?.messages.isEmpty == false }
/// ```
/// A real server and a real client in one network are a pair too: give both a group of that network.
///
/// **Threads.** The one that steps the network. **Ownership.** The test keeps it; what nobody keeps answers
/// nothing.
public final class SimulatedWebSocket {
    /// A message that came.
    public enum Message: Hashable, Sendable {
        /// A whole text message.
        case text(String)
        /// A whole binary message.
        case binary([UInt8])
    }

    /// The TCP connection underneath, for faults: resets, pauses, bytes of one's own.
    public let peer: SimulatedPeer
    /// The server's answer to the handshake, without its last empty line; empty before it has come, and at a
    /// server.
    public private(set) var response = ""
    /// The client's request; nil before it has come, and at a client.
    public private(set) var request: HTTPRequestHead?
    /// What came, in order.
    public private(set) var messages: [Message] = []
    /// The payloads of pings that came; each was answered.
    public private(set) var pings: [[UInt8]] = []
    /// The payloads of pongs that came.
    public private(set) var pongs: [[UInt8]] = []
    /// The peer's close frame: its code, 1005 for none, and reason.
    public private(set) var close: (code: WebSocketCloseCode, reason: String)?
    /// The rule that the peer broke, if any.
    public private(set) var error: WebSocketError?
    /// Whether the upgrade has been agreed to.
    public private(set) var isUpgraded = false
    /// Whether pings and the close frame are answered.
    public var answers = true
    /// Called when the conversation begins; what a server sends here follows its answer in the same segment.
    public var onOpen: ((SimulatedWebSocket) -> Void)?
    /// Called with each message, behind its being added to `messages`.
    public var onMessage: ((SimulatedWebSocket, Message) -> Void)?

    private var session: WebSocketSession
    private let core = SimulatedWebSocket.makeCore()
    /// What a server answers with; nil at a client.
    private var answer: ((HTTPRequestHead) -> [UInt8]?)?
    private var refusal: HTTPResponse?
    private var parser = HTTPHeadParser()
    private var consumed = 0
    private var unread: [UInt8] = []
    private var hasSentClose = false

    /// Connects and asks for the upgrade.
    ///
    /// - Parameter headers: lines to add to the request, such as `Origin: http://here`.
    public init(
        _ network: SimulatedNetwork, to address: SocketAddress, path: String = "/", headers: [String] = []
    ) {
        session = WebSocketSession(isClient: true)
        peer = network.connect(to: address)
        var lines = ["GET \(path) HTTP/1.1", "Host: simulated", "Upgrade: websocket", "Connection: Upgrade"]
        lines += ["Sec-WebSocket-Key: c2ltdWxhdGVkIG5vbmNlIQ==", "Sec-WebSocket-Version: 13"] + headers
        peer.onReceive = { [weak self] in self?.read() }
        peer.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
    }

    /// Serves a connection that a script was given, see ``SimulatedNetwork``: reads the request and answers
    /// it.
    ///
    /// - Parameters:
    ///   - subprotocols: what the server speaks, best first; the first that is offered is chosen.
    ///   - headers: fields to add to the answer.
    ///   - refusal: what to answer instead of agreeing.
    public init(
        accepting peer: SimulatedPeer, subprotocols: [String] = [], headers: HTTPHeaders = HTTPHeaders(),
        refusal: HTTPResponse? = nil
    ) {
        self.peer = peer
        session = WebSocketSession(isClient: false)
        answer = { head in
            if refusal != nil { return nil }
            guard case .offered(let request) = ServerHandshake.check(head) else { return nil }
            let chosen = request.firstSubprotocol(of: subprotocols)
            return try? ServerHandshake.accept(request, subprotocol: chosen, headers: headers)
        }
        self.refusal = refusal ?? HTTPResponse(status: 400, text: "expected a WebSocket handshake\n")
        peer.onReceive = { [weak self] in self?.read() }
    }

    private static func makeCore() -> WebSocketCore {
        var options = WebSocketOptions()
        options.messageBytesMax = 1 << 30
        return WebSocketCore(options)
    }

    /// Whether the peer has said goodbye.
    public var isClosed: Bool { close != nil }

    // MARK: Sending

    /// Sends a text message.
    public func send(_ text: String) { send(frame: 0x81, Array(text.utf8)) }

    /// Sends a binary message.
    public func send(binary bytes: [UInt8]) { send(frame: 0x82, bytes) }

    /// Sends a ping, with up to 125 bytes.
    public func ping(_ payload: [UInt8] = []) { send(frame: 0x89, payload) }

    /// Sends a close frame; without a code an empty one.
    public func sendClose(_ code: WebSocketCloseCode? = .normalClosure, reason: String = "") {
        hasSentClose = true
        send(frame: 0x88, ClosePayload.encode(code: code, reason: reason))
    }

    /// Sends one frame of one's own making: the first byte as given, right or wrong, and the payload; a
    /// client's are masked.
    public func send(frame first: UInt8, _ payload: [UInt8]) {
        send(frame: first, payload, isMasked: answer == nil)
    }

    /// Sends one frame, masked as it should be or not.
    public func send(frame first: UInt8, _ payload: [UInt8], isMasked: Bool) {
        if !isMasked {
            let head = FrameHead.make(first: first, count: payload.count)
            return peer.send((0..<head.count).map { head.byte(at: $0) } + payload)
        }
        let key: UInt32 = 0x5EED_C0DE
        let head = FrameHead.make(first: first, count: payload.count, key: key)
        var bytes = (0..<head.count).map { head.byte(at: $0) }
        bytes += payload.enumerated().map { index, byte in
            byte ^ UInt8(truncatingIfNeeded: key >> UInt32((index & 3) * 8))
        }
        peer.send(bytes)
    }

    // MARK: Receiving

    /// Reads what has just come.
    private func read() {
        unread += peer.received[consumed...]
        consumed = peer.received.count
        if !isUpgraded && !(answer == nil ? readResponse() : readRequest()) { return }
        readFrames()
    }

    private func readResponse() -> Bool {
        let end: [UInt8] = [13, 10, 13, 10]
        guard unread.count >= 4,
            let index = (0...(unread.count - 4)).first(where: { Array(unread[$0..<($0 + 4)]) == end })
        else { return false }
        response = String(decoding: unread[..<index], as: UTF8.self)
        unread.removeFirst(index + 4)
        isUpgraded = response.hasPrefix("HTTP/1.1 101 ")
        if isUpgraded { onOpen?(self) }
        return isUpgraded
    }

    private func readRequest() -> Bool {
        if request != nil { return false }
        let outcome = parser.parse(unread.span.rawBytes)
        guard case .request(let head, let count) = outcome else { return false }
        request = head
        unread.removeFirst(count)
        guard let bytes = answer?(head) else {
            peer.send(refusal?.serialized(isHead: false, keepsAlive: false) ?? [])
            peer.finish()
            return false
        }
        peer.send(bytes)
        isUpgraded = true
        onOpen?(self)
        return true
    }

    private func readFrames() {
        if unread.isEmpty || error != nil || close != nil { return }
        let count = unread.count
        let rest: [UInt8] = unsafe unread.withUnsafeMutableBytes { bytes in
            var position = 0
            while position < count, error == nil, close == nil {
                let step = unsafe session.next(bytes, at: &position, core)
                if step.kind == .incomplete { break }
                take(step)
            }
            return unsafe Array(bytes[position...])
        }
        unread = rest
    }

    private func take(_ step: FrameStep) {
        let bytes = step.bytes.array
        switch step.kind {
        case .text: add(.text(String(decoding: bytes, as: UTF8.self)))
        case .binary: add(.binary(bytes))
        case .ping:
            pings.append(bytes)
            if answers { send(frame: 0x8A, bytes) }
        case .pong: pongs.append(bytes)
        case .close:
            let payload = try? ClosePayload.parse(step.bytes).get()
            close = (payload?.code ?? .noStatusReceived, payload?.reason ?? "")
            if answers && !hasSentClose { send(frame: 0x88, bytes) }
            // RFC 6455 7.1.1: the server ends the TCP connection.
            if answer != nil && (answers || hasSentClose) { peer.finish() }
        case .failed: error = session.extra?.error
        case .incomplete, .fragment: break
        }
        if step.isGathered { session.extra?.releaseMessage() }
    }

    private func add(_ message: Message) {
        messages.append(message)
        onMessage?(self, message)
    }
}
