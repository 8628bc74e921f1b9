import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// A WebSocket client in a simulated network, and what its handler was told.
final class ClientSite {
    let network: SimulatedNetwork
    let client: WebSocketClient
    let log = SimulatedSite.Log()
    let address = SocketAddress.ip(.loopbackV4, port: 9001)

    /// What one `connect` was answered with.
    final class Answer: Sendable {
        private let results = Locked<[Result<RemoteWebSocket, WebSocketConnectError>]>([])
        func add(_ result: Result<RemoteWebSocket, WebSocketConnectError>) {
            results.withLock { $0.append(result) }
        }
        var count: Int { results.withLock { $0.count } }
        var socket: RemoteWebSocket? { results.withLock { try? $0.first?.get() } }
        var error: WebSocketConnectError? {
            results.withLock { results in
                if case .failure(let error) = results.first { error } else { nil }
            }
        }
    }

    init(
        _ network: SimulatedNetwork, loops: Int = 1,
        configure: (inout WebSocketClient.Configuration) -> Void = { _ in }
    ) throws {
        self.network = network
        var configuration = WebSocketClient.Configuration()
        configure(&configuration)
        let log = log
        let group = try network.makeGroup(loops: loops)
        client = try WebSocketClient(configuration, group: group) { LoggingReader(log: log) }
        network.start(group)
    }

    func connect(
        _ url: String = "ws://127.0.0.1:9001/", headers: HTTPHeaders = HTTPHeaders()
    ) -> Answer {
        let answer = Answer()
        let log = log
        client.connect(to: url, headers: headers) { result in
            if case .success = result { log.add("connected") }
            answer.add(result)
        }
        return answer
    }

    /// Runs until `condition` holds; records an issue when it never does.
    func run(_ what: String, _ location: SourceLocation = #_sourceLocation, until condition: () -> Bool)
        throws
    {
        let holds = try network.run(until: condition)
        #expect(holds, "expected \(what); \(log.all)", sourceLocation: location)
    }

    /// The answer to an attempt against a server that sends `response` when it has the request, and perhaps
    /// ends.
    func failure(
        of response: [UInt8], ends: Bool = false, cut: Int? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) throws -> WebSocketConnectError.Cause? {
        let server = ScriptedServer(network, at: address) { peer, _ in
            peer.send(response.prefix(cut ?? response.count))
            if let cut { peer.send(response.dropFirst(cut)) }
            if ends { peer.finish() }
        }
        let answer = connect()
        try run("an answer", location) { answer.count == 1 }
        #expect(log.all.isEmpty, "the handler hears of nothing", sourceLocation: location)
        #expect(server.requests.count == 1, sourceLocation: location)
        return answer.error?.cause
    }
}

/// Answers requests with whatever a test makes of them.
final class ScriptedServer {
    private(set) var peers: [SimulatedPeer] = []
    private(set) var requests: [String] = []

    init(
        _ network: SimulatedNetwork, at address: SocketAddress,
        _ respond: @escaping (SimulatedPeer, _ request: String) -> Void
    ) {
        network.answer(at: address) { [self] peer in
            peers.append(peer)
            peer.onReceive = { [unowned self, unowned peer] in
                let request = String(decoding: peer.received, as: UTF8.self)
                guard request.hasSuffix("\r\n\r\n") else { return }
                requests.append(request)
                respond(peer, request)
            }
        }
    }

    /// The head that agrees to a request.
    static func agreement(to request: String, _ lines: [String] = []) -> String {
        let key = request.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") }
        let accept = WebSocketKey(String(key?.dropFirst(19) ?? ""))?.accept ?? ""
        let head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
        let all = head + ["Sec-WebSocket-Accept: \(accept)"] + lines
        return all.joined(separator: "\r\n") + "\r\n\r\n"
    }
}

/// Writes down what it is told.
struct LoggingReader: WebSocketHandler {
    let log: SimulatedSite.Log

    mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
        let status = upgrade.response?.status ?? 0
        let deflate = upgrade.isCompressed ? " deflate" : ""
        log.add("open \(status) \(upgrade.request.path) \(upgrade.subprotocol ?? "-")\(deflate)")
    }

    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        log.add(message.isText ? "text \(message.text)" : "binary \(message.bytes.byteCount)")
        if message.isText && message.text == "close yourself" { peer.close(.normalClosure, reason: "bye") }
    }

    mutating func onPing(_ payload: RawSpan, from peer: inout WebSocketPeer) {
        log.add("ping \(payload.byteCount)")
    }

    mutating func onPong(_ payload: RawSpan, from peer: inout WebSocketPeer) {
        log.add("pong \(payload.byteCount)")
    }

    mutating func onError(_ error: WebSocketError, from peer: inout WebSocketPeer) {
        log.add("error \(error.code.rawValue)")
    }

    mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
        let cause = reason.cause.description.prefix { $0 != ":" }
        log.add("close \(reason.code.rawValue) \(cause) \(reason.isClean ? "clean" : "unclean")")
    }
}
