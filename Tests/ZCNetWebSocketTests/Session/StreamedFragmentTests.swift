import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Frames that are handed out in the pieces that they come in.
@Suite struct StreamedFragmentTests {
    static func options(_ change: (inout WebSocketOptions) -> Void = { _ in }) -> WebSocketOptions {
        var options = WebSocketOptions()
        options.deliversFragments = true
        options.frameBytesMax = 1 << 30
        change(&options)
        return options
    }

    /// The messages that the fragments of a feeder make, and whether each began and ended as it must.
    static func messages(_ events: [SessionFeeder.Event]) -> [SessionFeeder.Event]? {
        var result: [SessionFeeder.Event] = []
        var open: [UInt8]?
        for event in events {
            guard case .fragment(let bytes, let isText, let isFirst, let isFinal) = event else {
                result.append(event)
                continue
            }
            guard isFirst == (open == nil) else { return nil }
            let whole = (open ?? []) + bytes
            open = isFinal ? nil : whole
            if isFinal { result.append(isText ? .text(whole) : .binary(whole)) }
        }
        return open == nil ? result : nil
    }

    static let text = Array("h\u{E9}llo, \u{1F600} w\u{F6}rld".utf8)

    /// Several frames, a ping between them and a message behind, cut at every byte in two and fed byte by
    /// byte.
    @Test func everyCutMakesTheSameMessages() {
        let frame = SessionFeeder.frame
        let bytes =
            frame(0x01, Array(Self.text[..<2]), [1, 2, 3, 4]) + frame(0x89, [9], [9, 8, 7, 6])
            + frame(0x00, [], [1, 2, 3, 4])
            + frame(0x80, Array(Self.text[2...]), [0xAA, 0, 0xCC, 0xDD])
            + frame(0x82, [1, 2, 3], [0, 0, 0, 0])
            + frame(0x82, [], [1, 2, 3, 4]) + frame(0x88, [], [1, 2, 3, 4])
        let expected: [SessionFeeder.Event] = [
            .ping([9]), .text(Self.text), .binary([1, 2, 3]), .binary([]), .close([]),
        ]
        for cut in 0...bytes.count {
            var feeder = SessionFeeder(Self.options())
            feeder.feed(bytes[..<cut])
            feeder.feed(bytes[cut...])
            #expect(Self.messages(feeder.events) == expected, "cut at \(cut): \(feeder.events)")
        }
        var single = SessionFeeder(Self.options())
        for byte in bytes {
            single.feed([byte])
            // Nothing but a header, or a control frame, is ever left unread.
            #expect(single.unread.count < 14)
        }
        #expect(Self.messages(single.events) == expected)
        #expect(single.steps <= 3 * bytes.count)
    }

    @Test(arguments: 0..<40)
    func randomPiecesMakeTheSameMessages(seed: Int) {
        var random = SimulatedRandom(seed: UInt64(seed))
        var expected: [SessionFeeder.Event] = []
        var bytes: [UInt8] = []
        for _ in 0..<12 {
            let payload = (0..<Int(random.next() % 4000)).map { _ in UInt8(truncatingIfNeeded: random.next())
            }
            expected.append(.binary(payload))
            var rest = payload[...]
            var first: UInt8 = 2
            repeat {
                let part = Array(rest.prefix(Int(random.next() % 3000)))
                rest = rest.dropFirst(part.count)
                let key = (0..<4).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                bytes += SessionFeeder.frame(first | (rest.isEmpty ? 0x80 : 0), part, key: key)
                first = 0
            } while !rest.isEmpty
        }
        var feeder = SessionFeeder(Self.options())
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int(random.next() % 700) + 1
            feeder.feed(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        #expect(Self.messages(feeder.events) == expected)
    }

    /// The first byte that cannot be UTF-8 ends it, though the frame goes on for a gigabyte.
    @Test func textIsCheckedAsItComes() {
        var header: [UInt8] = [0x81, 0xFF, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0]
        header += [0x41, 0xC3]
        var feeder = SessionFeeder(Self.options())
        feeder.feed(header)
        #expect(feeder.events == [.fragment([0x41, 0xC3], isText: true, isFirst: true, isFinal: false)])
        feeder.feed([0x28])
        #expect(feeder.events.last == .failed(.invalidPayload))
    }

    @Test func textEndsWhereACharacterDoes() {
        var feeder = SessionFeeder(Self.options())
        let bytes = SessionFeeder.frame(0x81, [0x41, 0xC3])
        feeder.feed(bytes.dropLast())
        feeder.feed(bytes.suffix(1))
        #expect(feeder.events.last == .failed(.invalidPayload))
    }

    @Test func aFrameBeyondItsLimitIsRefusedByItsHeader() {
        var feeder = SessionFeeder(Self.options { $0.frameBytesMax = 70_000 })
        feeder.feed([0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0x11, 0x71, 0, 0, 0, 0])
        #expect(feeder.events == [.failed(.messageTooBig)])
    }

    /// A gigabyte in one frame, in pieces of 64 KiB: nothing of it is kept.
    @Test func aGigabyteStreamsThrough() {
        var session = WebSocketSession(isClient: false)
        let core = WebSocketCore(Self.options())
        let total = 1 << 30
        let piece = 64 << 10
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 16)
        defer { unsafe memory.deallocate() }
        let key: [UInt8] = [1, 2, 3, 4]
        // Masked zeros, wherever in the key they begin.
        let zeros = (0..<(piece + 4)).map { key[$0 & 3] }
        unsafe memory.copyBytes(from: [0x82, 0xFF, 0, 0, 0, 0, 0x40, 0, 0, 0] + key)
        var sent = 0
        var seen = 0
        var isRight = true
        var filled = 14
        while seen < total {
            // Odd sizes, so that the key turns.
            let count = min(piece - filled - sent % 3, total - sent)
            let shown = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<(filled + count)])
            unsafe zeros.withUnsafeBytes { bytes in
                let source = unsafe bytes[(sent & 3)..<((sent & 3) + count)]
                unsafe UnsafeMutableRawBufferPointer(rebasing: shown[filled...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
            }
            sent += count
            var position = 0
            filled = 0
            while true {
                let step = unsafe session.next(shown, at: &position, core)
                if step.kind != .fragment { break }
                isRight = isRight && step.isFirst == (seen == 0) && !step.isGathered
                let ends = unsafe step.bytes.withUnsafeBytes { unsafe ($0.first, $0.last) }
                isRight = isRight && ends.0 == 0 && ends.1 == 0
                seen += step.count
                isRight = isRight && step.isFinal == (seen == total)
            }
            #expect(position == shown.count)
            guard isRight else { break }
        }
        #expect(isRight && seen == total)
        #expect(session.extra?.gathered.count == 0)
    }

    #if Deflate
    static func feeder(messageBytesMax: Int = 1 << 20) -> SessionFeeder {
        var options = options { $0.messageBytesMax = messageBytesMax }
        options.deflate = DeflateOptions()
        var feeder = SessionFeeder(options)
        feeder.session.flags.insert(.deflate)
        feeder.session.makeExtra().deflate = DeflateSession(
            CompressedSessionTests.agreement, role: .server, options: DeflateOptions())
        return feeder
    }

    @Test(arguments: [1, 7, 100, 100_000])
    func compressedFramesAreInflatedAsTheyCome(size: Int) throws {
        let text = Array(String(repeating: "gr\u{FC}n und gelb, ", count: 300).utf8)
        let bytes =
            try CompressedSessionTests.frames(text, opcode: 1, size: size)
            + SessionFeeder.frame(0x81, [0x41]) + CompressedSessionTests.frames([], opcode: 2, size: size)
        let expected: [SessionFeeder.Event] = [.text(text), .text([0x41]), .binary([])]
        var whole = Self.feeder()
        whole.feed(bytes)
        #expect(Self.messages(whole.events) == expected)
        for cut in stride(from: 0, through: bytes.count, by: max(1, bytes.count / 200)) {
            var split = Self.feeder()
            split.feed(bytes[..<cut])
            split.feed(bytes[cut...])
            #expect(Self.messages(split.events) == expected, "cut at \(cut)")
        }
    }

    @Test func theCapHoldsWhileInflatingInPieces() throws {
        let bomb = try CompressedSessionTests.frames(
            [UInt8](repeating: 0, count: 8 << 20), opcode: 2, size: 1 << 20)
        var capped = Self.feeder(messageBytesMax: 100_000)
        capped.feed(bomb)
        #expect(capped.events.last == .failed(.messageTooBig))
        // Under a large cap no piece is larger than what a kilobyte can hold.
        var open = Self.feeder(messageBytesMax: 1 << 30)
        open.feed(bomb)
        let sizes = open.events.map { (event) -> Int in
            if case .fragment(let bytes, _, _, _) = event { bytes.count } else { 0 }
        }
        #expect(sizes.reduce(0, +) == 8 << 20)
        #expect((sizes.max() ?? 0) <= 1032 * 1024 + 1024)
    }

    @Test func inflatedTextIsCheckedAsItComes() throws {
        var feeder = Self.feeder()
        feeder.feed(try CompressedSessionTests.frames([0x41, 0xFF], opcode: 1, size: 100))
        #expect(feeder.events.last == .failed(.invalidPayload))
    }
    #endif

    /// Through a whole server: memory follows what came, and a handler that pauses loses nothing.
    @Test func aLargeFrameStreamsThroughAServer() throws {
        let site = try SimulatedSite(configure: {
            $0.options = Self.options()
        }) { routes, log in routes.webSocket { Gauge(log: log) } }
        let client = site.connect()
        let payload = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        client.send(binary: payload)
        client.send("done")
        try site.run("all of it") { site.log.count(of: "text") == 1 }
        #expect(site.log.all == ["binary 3000000 \(Gauge.digest(payload, 0)) in order", "text"])
        #expect(site.server.snapshot()[.messagesIn] == 2)
        site.network.stop()
    }

    struct Gauge: WebSocketHandler {
        struct Progress {
            var count = 0
            var digest: UInt64 = 0
            var isInOrder = true
        }
        let log: SimulatedSite.Log

        static func digest(_ bytes: some Sequence<UInt8>, _ start: UInt64) -> UInt64 {
            bytes.reduce(start) { ($0 &* 31) &+ UInt64($1) }
        }

        mutating func makeState() -> Progress { Progress() }

        mutating func onFragment(
            _ fragment: borrowing WebSocketFragment, from peer: inout WebSocketConnection<Progress>
        ) {
            if fragment.isText { return log.add("text") }
            let bytes = unsafe fragment.bytes.withUnsafeBytes { unsafe Array($0) }
            if fragment.isFirst != (peer.state.count == 0) { peer.state.isInOrder = false }
            peer.state.count += bytes.count
            peer.state.digest = Self.digest(bytes, peer.state.digest)
            if peer.state.count > 1_000_000 && peer.state.count < 1_100_000 {
                peer.pauseReading()
                peer.schedule(after: .milliseconds(5), tag: 1)
            }
            guard fragment.isFinal else { return }
            let order = peer.state.isInOrder ? "in order" : "out of order"
            log.add("binary \(peer.state.count) \(peer.state.digest) \(order)")
        }

        mutating func onTimer(
            _ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<Progress>
        ) { peer.resumeReading() }

        mutating func onMessage(
            _ message: borrowing WebSocketMessage, from peer: inout WebSocketConnection<Progress>
        ) { log.add("message") }
    }
}
