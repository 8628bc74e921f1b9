#if Deflate
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// What is published to members who agreed on compression, and to others beside them.
@Suite struct RoomDeflateTests {
    /// What a client makes of everything that it was sent, by its own decompressor.
    static func read(_ client: SimulatedWebSocket, windowBits: Int? = 15, takeover: Bool = false)
        -> [SessionFeeder.Event]
    {
        var options = WebSocketOptions()
        options.deflate = DeflateOptions()
        var feeder = SessionFeeder(options, isClient: true)
        if let windowBits {
            feeder.session.flags.insert(.deflate)
            feeder.session.makeExtra().deflate = DeflateSession(
                DeflateAgreement(
                    serverNoContextTakeover: !takeover, clientNoContextTakeover: true,
                    serverWindowBits: windowBits, clientWindowBits: 15),
                role: .client, options: DeflateOptions())
        }
        // Behind the response's head and its empty line.
        feeder.feed(Array(client.peer.received.dropFirst(client.response.utf8.count + 4)))
        return feeder.events
    }

    static func offer(_ parameters: String = "") -> [String] {
        ["Sec-WebSocket-Extensions: permessage-deflate\(parameters)"]
    }

    static func world(loops: Int = 1, _ deflate: DeflateOptions = DeflateOptions()) throws -> SimulatedRooms {
        try SimulatedRooms(loops: loops, joinsAtOnce: ["a"]) {
            $0.options.deflate = deflate
            $0.options.pingInterval = nil
        }
    }

    static let text = (0..<200).map { "{\"symbol\": \"ABC\", \"price\": \($0 * 7919 % 1000)}" }.joined()

    @Test(arguments: [1, 2, 4]) func oneFormForEachWindow(loops: Int) throws {
        let world = try Self.world(loops: loops)
        let offers = [[], Self.offer(), Self.offer("; server_max_window_bits=10"), []]
        let clients = (0..<12).map { world.site.connect(headers: offers[$0 % 4]) }
        try world.run("upgrades") { world.remotes.all.count == 12 }
        let message = PreparedMessage(text: Self.text)
        for _ in 0..<3 { world.rooms.publish(message, to: "a") }
        try world.run("deliveries") { world.rooms.counts.delivered == 36 }
        try world.site.network.run(for: .milliseconds(100))
        #expect(message.forms?.madeCount == 2)
        let heard = [SessionFeeder.Event](repeating: .text(Array(Self.text.utf8)), count: 3)
        for (index, client) in clients.enumerated() {
            let bits = [nil, 15, 10, nil][index % 4]
            #expect(Self.read(client, windowBits: bits) == heard)
            let isSmall = client.peer.received.count < Self.text.utf8.count * 2
            #expect(isSmall == (bits != nil), "\(client.peer.received.count) bytes came")
        }
        world.site.network.stop()
    }

    /// With takeover, what was compressed elsewhere is in the reader's window and not in the writer's: own
    /// messages and shared ones in any order must be read as they were sent.
    @Test(arguments: 0..<16) func contextsSurviveWhatIsShared(seed: Int) throws {
        var deflate = DeflateOptions()
        deflate.serverNoContextTakeover = false
        deflate.minimumBytes = 40
        let world = try Self.world(deflate)
        let bits = seed % 2 == 0 ? 15 : 9
        let client = world.site.connect(headers: Self.offer(bits == 9 ? "; server_max_window_bits=9" : ""))
        try world.run("the upgrade") { client.isUpgraded && world.remotes.all.count == 1 }
        #expect(!client.response.contains("server_no_context_takeover"))
        var random = SimulatedRandom(seed: UInt64(seed))
        var sent: [String] = []
        for _ in 0..<60 {
            let start = Int(random.next() % 3000)
            let text = "t" + String(Self.text.dropFirst(start).prefix(Int(random.next() % 900)))
            var message = PreparedMessage(text: text)
            message.allowsCompression = random.next() % 4 != 0
            switch random.next() % 3 {
            case 0: world.rooms.publish(message, to: "a")
            case 1: world.remotes.all[0].send(message)
            default: client.send("echo x \(text)")
            }
            sent.append(text)
            try world.site.network.run(for: .milliseconds(10))
        }
        let events = Self.read(client, windowBits: bits, takeover: true)
        #expect(events == sent.map { .text(Array($0.utf8)) })
        world.site.network.stop()
    }

    @Test func whatIsSmallOrMustNotBeIsSentAsItIs() throws {
        let world = try Self.world()
        let client = world.site.connect(headers: Self.offer())
        try world.run("the upgrade") { client.isUpgraded && world.remotes.all.count == 1 }
        let small = PreparedMessage(text: String(repeating: "small ", count: 40))
        var secret = PreparedMessage(text: Self.text)
        secret.allowsCompression = false
        var random = SimulatedRandom(seed: 3)
        let noise = (0..<4000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let incompressible = unsafe PreparedMessage(binary: noise.span.bytes)
        for message in [small, secret, incompressible] { world.rooms.publish(message, to: "a") }
        try world.run("three messages") { client.messages.count == 3 }
        // The scripted client knows no compression: it has read them all, so none was.
        #expect(client.messages.last == .binary(noise))
        #expect(small.forms?.madeCount == 0)
        #expect(secret.forms?.madeCount == 0)
        #expect(incompressible.forms?.madeCount == 1)
        world.site.network.stop()
    }

    /// With takeover a message that was compressed and then refused is in no reader's window.
    @Test func aRefusedMessageLeavesNoTrace() throws {
        var deflate = DeflateOptions()
        deflate.serverNoContextTakeover = false
        let world = try SimulatedRooms {
            $0.options.deflate = deflate
            $0.options.pingInterval = nil
            $0.options.messageBytesMax = 8 << 10
            $0.options.connection.outboundBytesMax = 16 << 10
            $0.options.connection.outboundHighWatermarkBytes = 8 << 10
            $0.options.connection.outboundLowWatermarkBytes = 1 << 10
            $0.options.connection.pausesReadingUnderPressure = false
        }
        let client = world.site.connect(headers: Self.offer())
        try world.run("the upgrade") { client.isUpgraded && world.remotes.all.count == 1 }
        client.peer.pauseReading()
        var random = SimulatedRandom(seed: 9)
        var sent: Set<[UInt8]> = []
        func say() {
            let letters = (0..<4000).map { _ in UInt8(ascii: "a") + UInt8(random.next() % 26) }
            sent.insert(letters)
            client.send("echo x " + String(decoding: letters, as: UTF8.self))
        }
        let overflows = { world.site.group.loops[0].metrics[.overflows] }
        while overflows() < 3 {
            guard sent.count < 2000 else {
                Issue.record("expected refusals within 2000 messages")
                break
            }
            say()
            try world.site.network.run(for: .milliseconds(5))
        }
        client.peer.resumeReading()
        try world.site.network.run(for: .milliseconds(100))
        for _ in 0..<3 { say() }
        try world.site.network.run(for: .milliseconds(100))
        let events = Self.read(client, takeover: true)
        #expect(events.count == sent.count - overflows())
        for event in events {
            guard case .text(let bytes) = event, sent.contains(bytes) else {
                Issue.record("expected what was said, got \(event)")
                break
            }
        }
        world.site.network.stop()
    }

    /// Threads that need the same form at once get the same one.
    @Test func aFormIsMadeOnce() async throws {
        let forms = CompressedForms()
        await withTaskGroup(of: SharedBytes?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var frame: SharedBytes?
                    for bits in 9...15 {
                        frame = forms.frame(windowBits: bits) { SharedBytes("\(bits)".utf8) }
                    }
                    return frame
                }
            }
            for await frame in group { #expect(frame == SharedBytes("15".utf8)) }
        }
        #expect(forms.madeCount == 7)
        #expect(forms.frame(windowBits: 8) { SharedBytes("8".utf8) } == nil)
    }
}
#endif
