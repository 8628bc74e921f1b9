import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

@Suite struct WebSocketSessionTests {
    typealias Event = SessionFeeder.Event

    static func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] { SessionFeeder.frame(first, payload) }
    static func frame(_ first: UInt8, _ text: String) -> [UInt8] { frame(first, Array(text.utf8)) }

    /// A conversation with every kind of frame, and what it means.
    static let conversation: (bytes: [UInt8], events: [Event]) = {
        let long = [UInt8](repeating: 0x5A, count: 200)
        let bytes =
            frame(0x81, "hello") + frame(0x82, long) + frame(0x89, "p") + frame(0x01, "gr\u{FC}n")
            + frame(0x8A, "q")
            + frame(0x00, "\u{1F600}") + frame(0x89, []) + frame(0x80, "!") + frame(0x81, "")
            + frame(0x02, [])
            + frame(0x80, []) + frame(0x88, [0x03, 0xE8])
        let events: [Event] = [
            .text(Array("hello".utf8)), .binary(long), .ping(Array("p".utf8)), .pong(Array("q".utf8)),
            .ping([]),
            .text(Array("gr\u{FC}n\u{1F600}!".utf8)), .text([]), .binary([]), .close([0x03, 0xE8]),
        ]
        return (bytes, events)
    }()

    @Test func framesBecomeEvents() {
        var feeder = SessionFeeder()
        feeder.feed(Self.conversation.bytes)
        #expect(feeder.events == Self.conversation.events)
        #expect(feeder.unread.isEmpty)
    }

    @Test func everyCutGivesTheSame() {
        let (bytes, events) = Self.conversation
        for cut in 0...bytes.count {
            var feeder = SessionFeeder()
            feeder.feed(bytes[..<cut])
            feeder.feed(bytes[cut...])
            #expect(feeder.events == events, "cut at \(cut)")
        }
    }

    @Test func byteByByteGivesTheSameInLinearSteps() {
        var feeder = SessionFeeder()
        for byte in Self.conversation.bytes { feeder.feed([byte]) }
        #expect(feeder.events == Self.conversation.events)
        #expect(feeder.steps <= Self.conversation.bytes.count + Self.conversation.events.count)
    }

    @Test(arguments: 0..<40)
    func randomSplitsGiveTheSame(seed: Int) {
        var random = SimulatedRandom(seed: UInt64(seed))
        var bytes: [UInt8] = []
        var events: [Event] = []
        for _ in 0..<20 { Self.addMessage(&random, &bytes, &events) }
        var feeder = SessionFeeder()
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int(random.next() % 700) + 1)
            feeder.feed(bytes[start..<end])
            start = end
        }
        #expect(feeder.events == events)
    }

    private static func addMessage(
        _ random: inout SimulatedRandom, _ bytes: inout [UInt8], _ events: inout [Event]
    ) {
        let isText = random.next() % 2 == 0
        let letters = ["a", "\u{E4}", "\u{4E2D}", "\u{1F680}"]
        let count = Int(random.next() % 400)
        let payload =
            isText
            ? Array((0..<count).map { _ in letters[Int(random.next() % 4)] }.joined().utf8)
            : (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var rest = payload[...]
        var opcode: UInt8 = isText ? 1 : 2
        while true {
            let part = rest.prefix(Int(random.next() % 500))
            rest = rest.dropFirst(part.count)
            bytes += frame(opcode | (rest.isEmpty ? 0x80 : 0), Array(part))
            opcode = 0
            if rest.isEmpty { break }
            if random.next() % 3 == 0 {
                let ping = [UInt8](repeating: 7, count: Int(random.next() % 126))
                bytes += frame(0x89, ping)
                events.append(.ping(ping))
            }
        }
        events.append(isText ? .text(payload) : .binary(payload))
    }

    // MARK: Rules

    @Test(arguments: [
        (frame(0x80, "x"), WebSocketCloseCode.protocolError),
        (frame(0x00, "x"), .protocolError),
        (frame(0x01, "x") + frame(0x81, "y"), .protocolError),
        (frame(0x02, "x") + frame(0x02, "y"), .protocolError),
        (frame(0x83, "x"), .protocolError),
        (frame(0xC1, "x"), .protocolError),
        (frame(0x09, "x"), .protocolError),
        (frame(0x81, [0xC3]), .invalidPayload),
        (frame(0x81, [0xC3, 0x28]), .invalidPayload),
        (frame(0x01, [0xE2, 0x82]) + frame(0x80, [0x41]), .invalidPayload),
        (frame(0x01, [0xE2, 0x82]) + frame(0x80, []), .invalidPayload),
    ])
    func brokenRulesHaveTheirCode(bytes: [UInt8], code: WebSocketCloseCode) {
        for cut in 0...bytes.count {
            var feeder = SessionFeeder()
            feeder.feed(bytes[..<cut])
            feeder.feed(bytes[cut...])
            #expect(feeder.events == [.failed(code)], "cut at \(cut)")
        }
    }

    @Test func badTextFailsAtItsFirstByte() {
        // The third byte cannot follow; the frame promises a hundred.
        var payload = [UInt8](repeating: 0x41, count: 100)
        payload[2] = 0xFF
        let bytes = Self.frame(0x81, payload)
        let headerBytes = bytes.count - 100
        var feeder = SessionFeeder()
        feeder.feed(bytes[..<(headerBytes + 2)])
        #expect(feeder.events.isEmpty)
        feeder.feed(bytes[(headerBytes + 2)..<(headerBytes + 3)])
        #expect(feeder.events == [.failed(.invalidPayload)])
    }

    @Test func aCharacterMaySpanFragments() {
        let euro: [UInt8] = [0xE2, 0x82, 0xAC]
        var feeder = SessionFeeder()
        feeder.feed(Self.frame(0x01, [euro[0]]) + Self.frame(0x89, [0xFF]) + Self.frame(0x00, [euro[1]]))
        feeder.feed(Self.frame(0x80, [euro[2]]))
        #expect(feeder.events == [.ping([0xFF]), .text(euro)])
    }

    // MARK: Limits

    @Test func aMessageOfTheLimitPassesAndOneMoreByteDoesNot() {
        var options = WebSocketOptions()
        options.messageBytesMax = 300
        var feeder = SessionFeeder(options)
        feeder.feed(Self.frame(0x82, [UInt8](repeating: 1, count: 300)))
        feeder.feed(Self.frame(0x02, [UInt8](repeating: 1, count: 299)) + Self.frame(0x80, [1]))
        #expect(feeder.events.count == 2)
        feeder.feed(Self.frame(0x02, [UInt8](repeating: 1, count: 299)))
        // The header of the fragment that is too much is enough.
        feeder.feed(Self.frame(0x80, [1, 2]).prefix(6))
        #expect(feeder.events.last == .failed(.messageTooBig))
    }

    @Test func fragmentsAreHandedOutWhereAskedFor() {
        var options = WebSocketOptions()
        options.deliversFragments = true
        options.messageBytesMax = 10
        options.frameBytesMax = 1000
        var feeder = SessionFeeder(options)
        feeder.feed(Self.frame(0x01, "many") + Self.frame(0x89, []) + Self.frame(0x00, " long words"))
        feeder.feed(Self.frame(0x80, "."))
        #expect(
            feeder.events == [
                .fragment(Array("many".utf8), isText: true, isFirst: true, isFinal: false), .ping([]),
                .fragment(Array(" long words".utf8), isText: true, isFirst: false, isFinal: false),
                .fragment(Array(".".utf8), isText: true, isFirst: false, isFinal: true),
            ])
    }

    @Test func aMillionTinyFragmentsTakeLinearTimeAndBoundedMemory() {
        var options = WebSocketOptions()
        options.messageBytesMax = 1 << 20
        var feeder = SessionFeeder(options)
        feeder.feed(Self.frame(0x02, [1]))
        let batch = Array(repeatElement(Self.frame(0x00, [2]), count: 1000).joined())
        for _ in 0..<20 { feeder.feed(batch) }
        feeder.feed(Self.frame(0x80, []))
        guard case .binary(let bytes) = feeder.events.last else {
            Issue.record("expected a message, got \(feeder.events)")
            return
        }
        #expect(bytes.count == 20_001)
        #expect(feeder.steps < 100)
    }

    @Test func aClientReadsUnmaskedFrames() {
        var feeder = SessionFeeder(isClient: true)
        feeder.feed(SessionFeeder.frame(0x81, Array("hi".utf8), key: nil))
        #expect(feeder.events == [.text(Array("hi".utf8))])
        feeder.feed(Self.frame(0x81, "masked"))
        #expect(feeder.events.last == .failed(.protocolError))
    }

    // MARK: Fuzz

    @Test(arguments: 0..<60)
    func noiseNeverCrashesAndSplitsNeverMatter(seed: Int) {
        var random = SimulatedRandom(seed: UInt64(seed) &+ 1000)
        var bytes = Self.conversation.bytes
        for _ in 0..<(1 + seed % 5) {
            bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        var whole = SessionFeeder()
        whole.feed(bytes)
        var split = SessionFeeder()
        for byte in bytes { split.feed([byte]) }
        #expect(whole.events == split.events)
    }
}
