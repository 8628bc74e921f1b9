import TestSupport
import Testing
import ZCNet

@testable import ZCNATS

/// Words of NATS at the edges of what they may be.
@Suite struct WireEdgeTests {
    /// Where a word must stand there is one: neither the line's end nor another blank takes its place.
    @Test(arguments: ["MSG \r\n", "MSG a \r\n", "MSG a 1 \r\n", "HMSG a 1 12 \r\n", "MSG\r\n", "MSG a\r\n"])
    func aWordThatIsMissingIsAnError(_ text: String) {
        let (readings, _, error) = FrameTests.read(Array(text.utf8))
        #expect(readings == [] && error != nil)
    }

    @Test func headersTakeSoManyBytesAndNoMore() throws {
        // 16 bytes are reckoned for what stands around a name and its value.
        let most = NATSHeaders.bytesMax - 16 - 1
        var headers = NATSHeaders()
        let error = #expect(throws: NATSError.self) {
            try headers.add("n", String(repeating: "v", count: most + 1))
        }
        #expect(error?.code == .header && headers.isEmpty)
        try headers.add("n", String(repeating: "v", count: most))
        #expect(headers["n"]?.utf8.count == most)
        #expect(throws: NATSError.self) { try headers.add("n", "") }
    }

    private func headers(_ lines: String...) -> SharedBytes {
        SharedBytes(("NATS/1.0\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n").utf8)
    }

    @Test func numbersOfHeadersHaveNineteenDigitsAtMost() {
        func read(_ value: String) -> UInt64? { HeaderBlock.integer("n", in: headers("n:" + value).bytes) }
        #expect(read("0") == 0 && read(" 17 ") == 17)
        #expect(read("9999999999999999999") == 9_999_999_999_999_999_999)
        for text in ["", " ", "10000000000000000000", "1x", "-1", "/", ":1", "1 2"] {
            #expect(read(text) == nil, "\(text)")
        }
    }

    /// Blanks around a value are not its own, those within it are; lines without colon are passed over.
    @Test func blanksAroundValuesAreNotTheirs() {
        func read(_ line: String) -> String? {
            HeaderBlock.value(of: "n", in: headers("nothing", line, "m: other").bytes)
        }
        for line in ["n:v", "n: v", "n:v ", "n:   v   "] { #expect(read(line) == "v", "\(line)") }
        #expect(read("n: a b:c ") == "a b:c")
        #expect(read("n:") == "" && read("n:    ") == "")
        #expect(read("nn: v") == nil && read("N: v") == nil)
    }

    @Test func base64OfEveryLengthComesBack() {
        for count in 0...9 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 83 + 200) }
            let text = Base64.urlText(bytes).replacing("-", with: "+").replacing("_", with: "/")
            #expect(Base64.bytes(text) == bytes)
            #expect(Base64.bytes(text + "==") == bytes)
        }
        #expect(Base64.bytes("a!") == nil)
    }

    @Test func aLiteralThatIsNoSubjectIsAMistake() async {
        let subject: NATSSubject = "a.b"
        #expect(subject.bytes.bytes.text == "a.b")
        await #expect(processExitsWith: .failure) { _ = "a..b" as NATSSubject }
        await #expect(processExitsWith: .failure) { _ = "a.*" as NATSSubject }
    }

    @Test func optionsCheckTheirBounds() {
        let bounds: [Bound<NATSOptions>] = [
            Bound(\.pingsOutstandingMax, 1...1000), Bound(\.pendingBytesMax, 1024...1 << 31),
            Bound(\.messageBytesMax, 1024...64 << 20), Bound(\.subscriptionsMax, 1...1 << 20),
            Bound(\.requestsMax, 1...1 << 20),
        ]
        #expect(unkeptBounds(of: NATSOptions(), bounds) { try $0.validate() } == [])
        let changes: [(inout NATSOptions) -> Void] = [
            { $0.servers = [] }, { $0.servers = ["nats://:0"] }, { $0.connectTimeout = .zero },
            { $0.pingInterval = .seconds(86_401) }, { $0.requestTimeout = .microseconds(999) },
            { $0.gatherDelay = .seconds(11) }, { $0.reconnectRoundsMax = -1 },
            { $0.reconnectRoundsMax = (1 << 30) + 1 },
        ]
        for (index, change) in changes.enumerated() {
            var options = NATSOptions()
            change(&options)
            #expect(throws: (any Error).self, "\(index)") { try options.validate() }
        }
    }
}
