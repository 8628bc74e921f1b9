import Testing

@testable import ZCNet
@testable import ZCNetTesting
@testable import ZCNetWebSocket

/// Does whatever a peer may do to make a server hold memory, on many connections, drawn from a seed.
final class MemoryAdversary {
    /// What the adversary's connections are to the server.
    enum Kind: CaseIterable { case http, plain, compressed, takeover, streamed }

    /// One connection, and what it may say next without breaking a rule, which would end it too soon.
    private final class Client {
        let kind: Kind
        let socket: SimulatedWebSocket
        var isInMessage = false
        var isInFrame = false

        init(_ kind: Kind, _ socket: SimulatedWebSocket) {
            self.kind = kind
            self.socket = socket
        }
    }

    let site: SimulatedSite
    private var random: SimulatedRandom
    private var clients: [Client] = []
    private var raw: [SimulatedPeer] = []
    /// How often each thing was done, so that a run shows that it did them.
    private(set) var tally: [String: Int] = [:]
    /// The most connections at a time.
    private(set) var most = 0
    private let keepsakes = Keepsakes()

    static let messageBytesMax = 128 << 10
    static let memoryBytesMax = 2 << 20

    init(seed: UInt64, faults: SimulatedFaults, sending: SimulatedSending) throws {
        random = SimulatedRandom(seed: seed &+ 77)
        var group = EventLoopGroup.Configuration()
        group.limits.memoryBytesMax = Self.memoryBytesMax
        group.limits.chunkBytes = 32 << 10
        func options(_ edit: (inout WebSocketOptions) -> Void) -> WebSocketOptions {
            var options = WebSocketOptions()
            options.messageBytesMax = Self.messageBytesMax
            options.connection.outboundBytesMax = 512 << 10
            edit(&options)
            return options
        }
        let keepsakes = keepsakes
        #if Deflate
        let deflate: DeflateOptions? = DeflateOptions()
        #else
        let deflate: DeflateOptions? = nil
        #endif
        site = try SimulatedSite(
            seed: seed, faults: faults, sending: sending, group: group,
            configure: {
                $0.requests.bodyBytesMax = 1 << 20
                $0.options = options { _ in }
            },
            routes: { routes, _ in
                // SAFETY: bytes have no padding.
                let bytes = [UInt8](repeating: 7, count: 10_000)
                let room = PreparedMessage(binary: unsafe bytes.span.bytes)
                routes.webSocket("/plain") { ObedientHandler(room: room, keepsakes: keepsakes) }
                routes.webSocket("/compressed", options: options { $0.deflate = deflate }) {
                    ObedientHandler(room: room, keepsakes: keepsakes)
                }
                var takeover = deflate
                takeover?.clientNoContextTakeover = false
                takeover?.serverNoContextTakeover = false
                routes.webSocket("/takeover", options: options { $0.deflate = takeover }) {
                    ObedientHandler(room: room, keepsakes: keepsakes)
                }
                let streamed = options {
                    $0.deflate = deflate
                    $0.deliversFragments = true
                }
                routes.webSocket("/streamed", options: streamed) {
                    ObedientHandler(room: room, keepsakes: keepsakes)
                }
                // Decided by nobody, so that what is kept for the decision stays until time is up.
                routes.webSocket("/undecided", policy: .later { _, _ in }) {
                    ObedientHandler(room: room, keepsakes: keepsakes)
                }
                let page = HTTPResponse(status: 200, text: String(repeating: "page ", count: 4000))
                routes.get("/page") { _ in page }
            })
    }

    /// The chunks that handlers keep, as far as they themselves know: the one that the loop still receives
    /// into is no charge of theirs.
    var keptChunkBytes: Int { max(0, keepsakes.chunkCount - 1) * (32 << 10) }

    var host: ConnectionHost { site.group.siblings.all[0] }

    private func count(_ what: String) { tally[what, default: 0] += 1 }

    private func bytes(_ limit: Int) -> ArraySlice<UInt8> {
        let count = random.size(upTo: limit)
        return random.next() & 1 == 0 ? Self.zeros[..<count] : Self.noise[..<count]
    }

    // Both what compresses well and what does not.
    private static let zeros = [UInt8](repeating: 0, count: 256 << 10)
    private static let noise: [UInt8] = {
        var random = SimulatedRandom(seed: 5)
        return (0..<(256 << 10)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }()

    /// Does one thing.
    func act() throws {
        if clients.isEmpty || Int.random(in: 0..<6, using: &random) == 0 { return open() }
        guard let client = clients.randomElement(using: &random) else { return }
        let choice = Int.random(in: 0..<20, using: &random)
        if choice < 2 || !client.socket.isUpgraded { return actHTTP() }
        switch choice {
        case 2:
            client.socket.peer.pauseReading()
            count("stops reading")
        case 3: client.socket.peer.resumeReading()
        case 4: end(client.socket)
        default: try talk(client, choice)
        }
    }

    private func talk(_ client: Client, _ choice: Int) throws {
        if client.isInFrame { return }
        switch choice {
        case 5: return send(client, "ping", frame(0x89, bytes(125)))
        case 6...12 where client.isInMessage: return goOn(client)
        case _ where client.isInMessage: return
        case 6...9:
            client.isInMessage = true
            send(client, "fragment", frame(0x02, bytes(Self.messageBytesMax)))
        case 10, 11:
            client.isInFrame = true
            let count = Self.messageBytesMax - random.size(upTo: 1000)
            send(
                client, "partial frame", frame(0x82, Self.noise[..<count]).dropLast(random.size(upTo: count)))
        case 12, 13: send(client, "whole", frame(0x82, bytes(20_000)))
        case 14, 15: try sendCompressed(client)
        case 16: send(client, "flood", frame(0x81, Array("flood".utf8)[...]))
        case 17: send(client, "share", frame(0x81, Array("share".utf8)[...]))
        case 18: send(client, "retain", frame(0x81, Array("retain".utf8)[...]))
        default:
            send(client, "pause", frame(0x81, Array("pause".utf8)[...]) + frame(0x82, bytes(40_000)))
        }
    }

    private func goOn(_ client: Client) {
        client.isInMessage = Int.random(in: 0..<4, using: &random) > 0
        send(client, "continuation", frame(client.isInMessage ? 0 : 0x80, bytes(Self.messageBytesMax / 4)))
    }

    private func open() {
        let kind = Kind.allCases.randomElement(using: &random) ?? .plain
        count("open")
        let extensions = "Sec-WebSocket-Extensions: permessage-deflate"
        switch kind {
        case .http: raw.append(site.network.connect(to: site.server.address))
        case .plain: clients.append(Client(kind, site.connect("/plain")))
        default: clients.append(Client(kind, site.connect("/\(kind)", headers: [extensions])))
        }
        clients.removeAll { $0.socket.peer.isOver }
        if clients.count > 300 { clients.removeFirst().socket.peer.reset() }
        most = max(most, clients.count)
    }

    private func actHTTP() {
        guard let peer = raw.randomElement(using: &random) else { return }
        count("http")
        switch Int.random(in: 0..<10, using: &random) {
        case 9: peer.send(StrangerMemoryTests.unfinishedHead(16_000 - random.size(upTo: 100)))
        case 0:
            let value = String(repeating: "x", count: random.size(upTo: 5000))
            peer.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + value)
        case 5:
            // Little of which much becomes: each field is two strings and a place.
            let fields = String(repeating: "x:y\r\n", count: random.size(upTo: 90))
            peer.send("GET / HTTP/1.1\r\nHost: a\r\n" + fields)
        case 6:
            let handshake = """
                GET /undecided HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n
                """
            peer.send(handshake)
        case 7, 8:
            let pages = 1 + random.size(upTo: 20)
            for _ in 0..<pages { peer.send("GET /page HTTP/1.1\r\nHost: a\r\n\r\n") }
        case 1: peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n")
        case 2: peer.send(bytes(100_000))
        case 3: peer.pauseReading()
        default: peer.reset()
        }
        raw.removeAll { $0.isOver || $0.didReset }
    }

    /// A frame whose mask is 0, which saves the test's time.
    private func frame(_ first: UInt8, _ payload: ArraySlice<UInt8>) -> [UInt8] {
        let head = FrameHead.make(first: first, count: payload.count, key: 1)
        return (0..<(head.count - 4)).map { head.byte(at: $0) } + [0, 0, 0, 0] + payload
    }

    private func send(_ client: Client, _ what: String, _ frames: some Sequence<UInt8>) {
        count(what)
        client.socket.peer.send(frames)
    }

    private func sendCompressed(_ client: Client) throws {
        #if Deflate
        guard client.kind != .plain else { return }
        let bomb = Self.zeros[..<(Self.messageBytesMax * Int.random(in: 1...3, using: &random) / 2)]
        let message = Array(random.next() & 1 == 0 ? bomb : bytes(50_000))
        let size = 1000 + random.size(upTo: 200_000)
        var frames = try CompressedSessionTests.frames(message, opcode: 2, size: size)
        if random.next() & 1 == 0 {
            client.isInFrame = true
            frames = Array(frames.prefix(random.size(upTo: frames.count)))
        }
        send(client, "compressed", frames)
        #endif
    }

    private func end(_ socket: SimulatedWebSocket) {
        count("end")
        switch Int.random(in: 0..<8, using: &random) {
        case 0: socket.peer.reset()
        case 1: socket.peer.finish()
        case 2: socket.sendClose()
        default: break
        }
    }
}

/// Does what it is told, which is what an application might do by itself: answers at length, sends the same
/// bytes to everybody, keeps what it was lent, pauses.
struct ObedientHandler: WebSocketHandler {
    let room: PreparedMessage
    let keepsakes: Keepsakes
    private var peers: [ConnectionID] = []
    private let place: Int

    init(room: PreparedMessage, keepsakes: Keepsakes) {
        self.room = room
        self.keepsakes = keepsakes
        place = keepsakes.makePlace()
    }

    mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
        peers.append(peer.id)
    }

    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        switch message.isText ? message.text : "" {
        case "flood":
            let bytes = [UInt8](repeating: 1, count: 30_000)
            // SAFETY: bytes have no padding.
            for _ in 0..<8 { peer.send(binary: unsafe bytes.span.bytes) }
        case "share":
            for _ in 0..<6 { peer.send(room) }
        case "retain":
            keepsakes.keep(message.payload.retain(), at: place)
        case "pause":
            peer.pauseReading()
            peer.schedule(after: .milliseconds(50), tag: 1)
        default: peer.send(message)
        }
    }

    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketPeer) {
        peer.resumeReading()
    }
}

/// What handlers keep of what they were lent, each in a place of its own, the latest forty of it. One thread
/// in fact; a lock satisfies the compiler.
final class Keepsakes: Sendable {
    private let places = Locked<[[SharedBytes]]>([])

    func makePlace() -> Int {
        places.withLock { places in
            places.append([])
            return places.count - 1
        }
    }

    func keep(_ bytes: SharedBytes, at place: Int) {
        places.withLock { places in
            places[place].append(bytes)
            if places[place].count > 40 { places[place].removeFirst(20) }
        }
    }

    /// In how many chunks all of it lies.
    var chunkCount: Int {
        places.withLock { places in
            Set(places.joined().compactMap { $0.owner as? ChunkStorage }.map { ObjectIdentifier($0) }).count
        }
    }
}
