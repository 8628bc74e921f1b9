import Testing
import ToolSupport
import ZCNetWebSocket

/// What `zc ws` makes of lines, bytes and recordings.
struct SpokenLineTests {
    @Test(arguments: [
        ("hello", SpokenLine.text("hello")), ("", .text("")), ("//etc", .text("/etc")), ("/ping", .ping),
        ("/hex 00 fF7f", .binary([0, 255, 127])), ("/hex", .binary([])), ("/help", .help),
        ("/close", .close(.normalClosure, reason: "")),
        ("/close 4001 so be it", .close(4001, reason: "so be it")),
    ])
    func wordsAreWords(_ line: String, _ meaning: SpokenLine) {
        #expect(SpokenLine(line, hasWords: true) == meaning)
        #expect(SpokenLine(line, hasWords: false) == .text(line))
    }

    @Test(arguments: ["/hex 0", "/hex 0g", "/close 1005", "/close x", "/close 70000", "/pong"])
    func whatIsNoWordIsSaidSo(_ line: String) {
        guard case .mistake(let why) = SpokenLine(line, hasWords: true) else {
            Issue.record("\(line) was taken")
            return
        }
        #expect(why.hasPrefix("expected ") && why.contains(", got "))
    }

    @Test func bytesAreRowsOfSixteen() {
        #expect(FrameText.rows([]) == [])
        let rows = FrameText.rows(Array("hello".utf8) + Array(repeating: 0, count: 12))
        #expect(rows.count == 2)
        #expect(rows[0].hasPrefix("00000000  68 65 6c 6c 6f 00 00"))
        #expect(rows[0].hasSuffix("  hello..........."))
        #expect(rows[1] == "00000010  00" + String(repeating: " ", count: 48) + ".")
    }

    /// A server's text must not move the cursor, change colours or answer in the user's name.
    @Test func noTextCommandsATerminal() {
        #expect(FrameText.harmless("a\tb\u{1B}[2Jc\u{9B}d\r") == "a\tb\\u{1b}[2Jc\\u{9b}d\\u{d}")
        #expect(FrameText.harmless("grüße, 👋") == "grüße, 👋")
    }

    @Test(arguments: [
        FrameRecord(seconds: 0, isSent: true, .text("say \"so\"\n")),
        FrameRecord(seconds: 1.25, isSent: false, .text("")),
        FrameRecord(seconds: 3, isSent: true, .binary([])),
        FrameRecord(seconds: 0.5, isSent: false, .binary([0, 15, 255])),
    ])
    func aRecordingIsReadAsItWasWritten(_ record: FrameRecord) {
        #expect(FrameRecord(record.line) == record)
        #expect(!record.line.contains("\n"))
    }

    @Test(arguments: [
        "", "{}", "{\"at\":1}", "{\"at\":-1,\"sent\":\"a\"}", "{\"sent\":\"a\"}",
        "{\"at\":1,\"sentHex\":\"0\"}",
        "{\"at\":\"1\",\"sent\":\"a\"}", "[1]",
    ])
    func otherLinesAreNoneOfARecording(_ line: String) {
        #expect(FrameRecord(line) == nil)
    }
}
