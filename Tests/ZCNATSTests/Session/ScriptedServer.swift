import ZCNet
import ZCNetTesting

@testable import ZCNATS

/// As much of a server as tests need, in a simulated network: it hands publications to subscriptions, on all
/// of its connections, and does what it is told beside that.
final class ScriptedServer {
    final class Visitor {
        let peer: SimulatedPeer
        var position = 0
        var subscriptions: [(pattern: NATSPattern, queue: String, sid: Int, left: Int?)] = []
        var connect = ""
        init(_ peer: SimulatedPeer) { self.peer = peer }
    }

    let address: SocketAddress
    var info = "{\"server_id\":\"S\",\"version\":\"2\",\"max_payload\":1048576,\"headers\":true}"
    /// All lines that came, in order.
    var lines: [String] = []
    var published: [(subject: String, reply: String, headers: String, payload: String)] = []
    var visitors: [Visitor] = []
    var answersPings = true
    var hasNoResponders = true
    /// Answers CONNECT with this.
    var refusal: String?
    /// Told of each publication before it is handed on.
    var onPublish: ((Visitor, (subject: String, reply: String, headers: String, payload: String)) -> Void)?

    init(_ network: SimulatedNetwork, at port: UInt16 = 4222) {
        address = .ip(.loopbackV4, port: port)
        network.answer(at: address) { [unowned self] peer in
            let visitor = Visitor(peer)
            visitors.append(visitor)
            peer.send("INFO \(info)\r\n")
            peer.onReceive = { [unowned self, unowned visitor] in take(visitor) }
        }
    }

    var url: String { "nats://\(address)" }

    /// The connections that are open.
    var present: [Visitor] { visitors.filter { !$0.peer.isOver } }

    private func take(_ visitor: Visitor) {
        while let end = visitor.peer.received[visitor.position...].firstIndex(of: 10) {
            let line = String(decoding: visitor.peer.received[visitor.position..<(end - 1)], as: UTF8.self)
            let words = line.split(separator: " ").map(String.init)
            let isHeaded = words.first == "HPUB"
            if words.first == "PUB" || isHeaded {
                let total = (Int(words[words.count - 1]) ?? 0)
                guard visitor.peer.received.count >= end + 1 + total + 2 else { return }
                let headerBytes = isHeaded ? (Int(words[words.count - 2]) ?? 0) : 0
                let body = visitor.peer.received[(end + 1)..<(end + 1 + total)]
                visitor.position = end + 1 + total + 2
                let hasReply = words.count == (isHeaded ? 5 : 4)
                publish(
                    (
                        words[1], hasReply ? words[2] : "",
                        String(decoding: body.prefix(headerBytes), as: UTF8.self),
                        String(decoding: body.dropFirst(headerBytes), as: UTF8.self)
                    ), by: visitor)
                continue
            }
            visitor.position = end + 1
            lines.append(line)
            obey(words, line, visitor)
        }
    }

    private func obey(_ words: [String], _ line: String, _ visitor: Visitor) {
        switch words.first {
        case "CONNECT":
            visitor.connect = line
            if let refusal {
                visitor.peer.send("-ERR '\(refusal)'\r\n")
                visitor.peer.finish()
            }
        case "PING": if answersPings && refusal == nil { visitor.peer.send("PONG\r\n") }
        case "SUB":
            visitor.subscriptions.append(
                (
                    (try? NATSPattern(words[1])) ?? "no.pattern", words.count == 4 ? words[2] : "",
                    (Int(words[words.count - 1]) ?? 0), nil
                ))
        case "UNSUB":
            let sid = (Int(words[1]) ?? 0)
            guard let index = visitor.subscriptions.firstIndex(where: { $0.sid == sid }) else { return }
            if words.count == 3 {
                visitor.subscriptions[index].left = Int(words[2])
            } else {
                visitor.subscriptions.remove(at: index)
            }
        default: break
        }
    }

    private func publish(
        _ message: (subject: String, reply: String, headers: String, payload: String), by visitor: Visitor
    ) {
        published.append(message)
        if let onPublish {
            onPublish(visitor, message)
        } else if !hand(message), hasNoResponders, !message.reply.isEmpty {
            _ = hand((message.reply, "", "NATS/1.0 503\r\n\r\n", ""))
        }
    }

    /// Hands a message to whoever listens; whether anybody does.
    @discardableResult
    func hand(_ message: (subject: String, reply: String, headers: String, payload: String)) -> Bool {
        var isHeard = false
        let subject = (try? NATSSubject(message.subject)) ?? "no.subject"
        for visitor in present {
            for (index, subscription) in visitor.subscriptions.enumerated().reversed()
            where subscription.pattern.matches(subject) {
                isHeard = true
                let reply = message.reply.isEmpty ? "" : message.reply + " "
                let (headers, total) = (
                    message.headers.utf8.count, message.headers.utf8.count + message.payload.utf8.count
                )
                let head = headers > 0 ? "HMSG" : "MSG"
                let sizes = headers > 0 ? "\(headers) \(total)" : "\(total)"
                visitor.peer.send(
                    "\(head) \(message.subject) \(subscription.sid) \(reply)\(sizes)\r\n"
                        + message.headers + message.payload + "\r\n")
                guard let left = subscription.left else { continue }
                visitor.subscriptions[index].left = left - 1
                if left == 1 { visitor.subscriptions.remove(at: index) }
            }
        }
        return isHeard
    }
}

/// A client and its servers in a simulated network, and what the client tells of.
final class SimulatedSite {
    let network: SimulatedNetwork
    let server: ScriptedServer
    let client: NATSClient
    let events = Journal<String>()

    init(
        seed: UInt64 = 1, faults: SimulatedFaults = .none, servers: [UInt16] = [4222],
        _ change: (inout NATSOptions) -> Void = { _ in }
    ) throws {
        network = SimulatedNetwork(seed: seed, faults: faults)
        server = ScriptedServer(network, at: servers[0])
        var options = NATSOptions()
        options.servers = servers.map { "nats://127.0.0.1:\($0)" }
        options.generator = SimulatedRandom(seed: seed)
        change(&options)
        let events = events
        let group = try network.makeGroup()
        client = try NATSClient(options, group: group) { event in events.add(Self.name(event)) }
        network.start(group)
    }

    deinit { network.stop() }

    static func name(_ event: NATSEvent) -> String {
        switch event {
        case .connected: "connected"
        case .away: "away"
        case .waiting: "waiting"
        case .lameDuck: "lame duck"
        case .discovered(let servers): "discovered \(servers)"
        case .serverError(let error): "error \(error.got)"
        case .slowConsumer: "slow"
        case .closed(let error): "closed \(error.map { $0.code.rawValue } ?? "")"
        }
    }

    /// Connects, and answers how that went.
    func connect() throws -> NATSError? {
        let done = Journal<NATSError?>()
        client.connect { done.add($0) }
        _ = try network.run { !done.all.isEmpty }
        return done.all.first ?? NATSError(.timedOut, expected: "an answer", got: "none")
    }
}

/// What callbacks have told, from any thread.
final class Journal<Entry: Sendable>: Sendable {
    private let entries = Locked<[Entry]>([])
    func add(_ entry: Entry) { entries.withLock { $0.append(entry) } }
    var all: [Entry] { entries.withLock { $0 } }
}
