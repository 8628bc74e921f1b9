import Testing

@testable import ZCNet
@testable import ZCNetTesting
@testable import ZCNetWebSocket

/// Whoever is told `full` is told when trying again makes sense, on servers and clients, however a message is
/// sent.
@Suite struct RefusalTests {
    /// How messages are sent.
    enum Way: CaseIterable, Sendable { case own, prepared, remote, keyed, remoteKeyed }

    /// Sends its messages in order; behind a refusal it waits for `onWritable`.
    final class Sender: Sendable {
        static let total = 25
        let way: Way
        private let state = Locked(State())

        struct State {
            /// What each of the other side's numbers was sent, and why its connection closed.
            var sent: [Int: Int] = [:]
            var causes: [Int: CloseCause] = [:]
            var numbers: [ConnectionID: Int] = [:]
            var refusals = 0
        }

        init(_ way: Way) { self.way = way }

        var now: State { state.withLock { $0 } }

        static func message(_ number: Int, _ index: Int) -> [UInt8] {
            var random = SimulatedRandom(seed: UInt64(number * 1000 + index))
            // Half of it compresses.
            return [UInt8](repeating: 7, count: 1000)
                + (0..<1000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        }

        func begin(_ number: Int, _ peer: borrowing WebSocketPeer) {
            let id = peer.id
            state.withLock { $0.numbers[id] = number }
            goOn(peer)
        }

        func ended(_ id: ConnectionID, _ reason: WebSocketCloseReason) {
            state.withLock { state in
                if let number = state.numbers[id] { state.causes[number] = reason.cause }
            }
        }

        func goOn(_ peer: borrowing WebSocketPeer) {
            if way == .remote || way == .remoteKeyed { return goOn(peer.remote) }
            while let message = next(peer.id) {
                let bytes = unsafe message.span.bytes
                let result =
                    switch way {
                    case .own: peer.send(binary: bytes)
                    case .keyed: peer.send(binary: bytes, conflatingKey: 1)
                    default: peer.send(PreparedMessage(binary: bytes))
                    }
                if !take(result, peer.id) { return }
            }
        }

        private func goOn(_ remote: RemoteWebSocket) {
            guard let message = next(remote.id) else { return }
            let prepared = unsafe PreparedMessage(binary: message.span.bytes)
            let onResult: @Sendable (SendResult) -> Void = { [self] result in
                if take(result, remote.id) { goOn(remote) }
            }
            if way == .remote {
                remote.send(prepared, onResult: onResult)
            } else {
                remote.send(prepared, conflatingKey: 1, onResult: onResult)
            }
        }

        private func next(_ id: ConnectionID) -> [UInt8]? {
            state.withLock { state in
                guard let number = state.numbers[id] else { return nil }
                let index = state.sent[number, default: 0]
                return index < Self.total ? Self.message(number, index) : nil
            }
        }

        private func take(_ result: SendResult, _ id: ConnectionID) -> Bool {
            state.withLock { state in
                if let number = state.numbers[id], result.isAccepted { state.sent[number, default: 0] += 1 }
                if result == .full { state.refusals += 1 }
            }
            return result.isAccepted
        }
    }

    /// Begins with whoever says its number.
    struct Handler: WebSocketHandler {
        let sender: Sender

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            if let number = Int(message.text) { sender.begin(number, peer) }
        }

        mutating func onWritable(_ peer: inout WebSocketPeer) { sender.goOn(peer) }

        mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            sender.ended(peer.id, reason)
        }
    }

    /// A sender at either side of eight conversations.
    private struct World {
        let network: SimulatedNetwork
        let host: ConnectionHost
        let sockets: [SimulatedWebSocket]

        init(_ sender: Sender, isClient: Bool, isCompressed: Bool, sending: SimulatedSending, seed: UInt64)
            throws
        {
            var faults = SimulatedFaults.none
            (faults.sendBufferBytes, faults.receiveBufferBytes) = (4096, 4096)
            network = SimulatedNetwork(seed: seed, faults: faults, sending: sending)
            var loops = EventLoopGroup.Configuration()
            loops.limits.memoryBytesMax = 1 << 20
            loops.limits.chunkBytes = 64 << 10
            let group = try network.makeGroup(configuration: loops)
            var options = WebSocketOptions()
            options.messageBytesMax = 16 << 10
            options.pingInterval = nil
            options.connection.outboundBytesMax = 20_000
            options.connection.outboundHighWatermarkBytes = 10_000
            options.connection.outboundLowWatermarkBytes = 4000
            let isKeyed = sender.way == .keyed || sender.way == .remoteKeyed
            options.connection.overflowPolicy = isKeyed ? .conflate : .signal
            #if Deflate
            if isCompressed { options.deflate = DeflateOptions() }
            #endif
            var served: [SimulatedWebSocket] = []
            if isClient {
                let address = SocketAddress.ip(.loopbackV4, port: 9001)
                network.answer(at: address) { served.append(SimulatedWebSocket(accepting: $0)) }
                var configuration = WebSocketClient.Configuration()
                configuration.options = options
                let client = try WebSocketClient(configuration, group: group) { Handler(sender: sender) }
                network.start(group)
                for _ in 0..<8 { client.connect(to: "ws://127.0.0.1:9001/") { _ in } }
            } else {
                var configuration = WebSocketServer.Configuration()
                configuration.options = options
                let server = try WebSocketServer(
                    on: "127.0.0.1:9001", configuration: configuration, group: group
                ) { Handler(sender: sender) }
                network.start(group)
                let headers = isCompressed ? ["Sec-WebSocket-Extensions: permessage-deflate"] : []
                for _ in 0..<8 {
                    served.append(SimulatedWebSocket(network, to: server.address, headers: headers))
                }
            }
            #expect(try network.run { served.count == 8 && served.allSatisfy(\.isUpgraded) })
            sockets = served
            host = group.siblings.all[0]
        }
    }

    /// Memory comes and goes, readers pause and go on: in the end everybody has everything, or has ended for
    /// a reason that is told.
    private static func press(
        _ way: Way, isClient: Bool, isCompressed: Bool = false, _ sending: SimulatedSending
    ) throws {
        var (refusals, delivered) = (0, 0)
        for seed in 0..<3 as Range<UInt64> {
            let sender = Sender(way)
            let world = try World(
                sender, isClient: isClient, isCompressed: isCompressed, sending: sending, seed: seed)
            var random = SimulatedRandom(seed: seed &+ 9)
            var held = 0
            func leave(_ count: Int) {
                let change = max(world.host.budget.available - count, -held)
                world.host.budget.charge(change, for: .requests)
                held += change
            }
            for (number, socket) in world.sockets.enumerated() { socket.send("\(number)") }
            for _ in 0..<150 {
                // The first run shows that whoever waits for its reader alone keeps its connection.
                let isShort = seed > 0 && random.next() % 40 == 0
                leave(isShort ? random.size(upTo: 3000) - 1 : 800_000)
                let peer = world.sockets.randomElement(using: &random)?.peer
                if random.next() & 1 == 0 { peer?.pauseReading() } else { peer?.resumeReading() }
                try world.network.run(for: .milliseconds(3))
            }
            world.host.budget.release(held, for: .requests)
            for socket in world.sockets { socket.peer.resumeReading() }
            let done = try world.network.run {
                let now = sender.now
                return world.sockets.indices.allSatisfy { number in
                    if let cause = now.causes[number] { return cause == .overflow }
                    // The other side inflates nothing.
                    return now.sent[number] == Sender.total
                        && (isCompressed || isDelivered(world.sockets[number], number, way))
                }
            }
            #expect(done, "seed \(seed): \(sender.now.sent), \(sender.now.causes)")
            refusals += sender.now.refusals
            delivered += 8 - sender.now.causes.count
            world.network.stop()
        }
        let isKeyed = way == .keyed || way == .remoteKeyed
        #expect(
            (refusals > 0 || isKeyed || isCompressed) && delivered > 0,
            "\(refusals) refused, \(delivered) kept")
    }

    private static func isDelivered(_ socket: SimulatedWebSocket, _ number: Int, _ way: Way) -> Bool {
        let last = SimulatedWebSocket.Message.binary(Sender.message(number, Sender.total - 1))
        if way == .keyed || way == .remoteKeyed { return socket.messages.last == last }
        return socket.messages.count == Sender.total
            && socket.messages.enumerated().allSatisfy { $1 == .binary(Sender.message(number, $0)) }
    }

    @Test(arguments: Way.allCases, SimulatedSending.allCases)
    func aServerThatSendsOnlyWhenToldHasSentEverything(way: Way, sending: SimulatedSending) throws {
        try Self.press(way, isClient: false, sending)
    }

    @Test(arguments: Way.allCases, SimulatedSending.allCases)
    func aClientThatSendsOnlyWhenToldHasSentEverything(way: Way, sending: SimulatedSending) throws {
        try Self.press(way, isClient: true, sending)
    }

    // MARK: Masking

    /// Sends one message whose masking finds no memory, and again when it is told to.
    struct Masked: WebSocketHandler {
        let results: Shared
        let isKeyed: Bool

        final class Shared: Sendable {
            private let list = Locked<[SendResult]>([])
            var all: [SendResult] { list.withLock { $0 } }
            func add(_ result: SendResult) { list.withLock { $0.append(result) } }
        }

        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            peer.conversation.withCore { $0.masked = WriteBuffer(limit: 1000) }
            send(peer.remote)
        }

        mutating func onWritable(_ peer: inout WebSocketPeer) {
            peer.conversation.withCore { $0.masked = WriteBuffer(limit: 1 << 31) }
            send(peer.remote)
        }

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}

        private func send(_ remote: RemoteWebSocket) {
            let message = PreparedMessage(text: String(repeating: "x", count: 2000))
            let results = results
            if isKeyed {
                remote.send(message, conflatingKey: 1) { results.add($0) }
            } else {
                remote.send(message) { results.add($0) }
            }
        }
    }

    @Test(arguments: [false, true])
    func aClientWhoseMaskingFindsNoMemoryIsToldWhenToTryAgain(isKeyed: Bool) throws {
        let network = SimulatedNetwork(seed: 1)
        let address = SocketAddress.ip(.loopbackV4, port: 9001)
        var served: [SimulatedWebSocket] = []
        network.answer(at: address) { served.append(SimulatedWebSocket(accepting: $0)) }
        let results = Masked.Shared()
        var configuration = WebSocketClient.Configuration()
        configuration.options.connection.overflowPolicy = isKeyed ? .conflate : .signal
        let client = try WebSocketClient(configuration, group: try network.makeGroup()) {
            Masked(results: results, isKeyed: isKeyed)
        }
        network.start(client.group)
        client.connect(to: "ws://127.0.0.1:9001/") { _ in }
        let text = SimulatedWebSocket.Message.text(String(repeating: "x", count: 2000))
        #expect(try network.run { served.first?.messages == [text] })
        #expect(results.all.count == 2 && results.all[0] == .full && network.elapsed < .seconds(1))
        network.stop()
    }

    @Test func aRequestThatFindsNoMemoryFailsTheAttempt() throws {
        let network = SimulatedNetwork(seed: 1)
        network.answer(at: .ip(.loopbackV4, port: 9001)) { _ in }
        let group = try network.makeGroup()
        let client = try WebSocketClient(group: group) { LoggingReader(log: SimulatedSite.Log()) }
        network.start(group)
        let budget = group.siblings.all[0].budget
        let held = budget.available
        budget.charge(held, for: .requests)
        let answer = ClientSite.Answer()
        client.connect(to: "ws://127.0.0.1:9001/") { answer.add($0) }
        #expect(try network.run { answer.count == 1 })
        if case .closed(let reason) = answer.error?.cause {
            #expect(reason.cause == .overflow)
        } else {
            Issue.record("\(String(describing: answer.error))")
        }
        #expect(network.elapsed < .seconds(1))
        budget.release(held, for: .requests)
        network.stop()
    }
}

#if Deflate
extension RefusalTests {
    @Test(arguments: [Way.own, .prepared, .remote, .keyed])
    func aServerThatCompressesAndSendsOnlyWhenToldHasSentEverything(way: Way) throws {
        try Self.press(way, isClient: false, isCompressed: true, .direct)
    }
}
#endif
