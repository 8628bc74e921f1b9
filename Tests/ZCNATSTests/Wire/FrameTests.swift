import Testing
import ZCNet

@testable import ZCNATS

/// Operations of servers as they are read: whole, cut at every byte, and broken.
@Suite struct FrameTests {
    /// What a frame says, with the bytes that it points at.
    struct Reading: Equatable, CustomStringConvertible {
        var kind: NATSFrame.Kind
        var sid = 0
        var parts: [String] = []
        var description: String { "\(kind) \(sid) \(parts)" }
    }

    static func read(
        _ bytes: [UInt8], _ limits: NATSFrameLimits = NATSFrameLimits()
    ) -> (readings: [Reading], position: Int, error: NATSError?) {
        var readings: [Reading] = []
        var position = 0
        var error: NATSError?
        bytes.withBytes { span in
            do throws(NATSError) {
                while let frame = try NATSFrame.read(span, at: position, limits) {
                    let parts = [frame.subject, frame.reply, frame.headers, frame.payload]
                        .map { span.extracting($0).text }
                    readings.append(Reading(kind: frame.kind, sid: frame.sid, parts: parts))
                    position = frame.end
                }
            } catch let failure {
                error = failure
            }
        }
        return (readings, position, error)
    }

    static let all: [(text: String, reading: Reading)] = [
        ("INFO {\"a\":1}\r\n", Reading(kind: .info, parts: ["", "", "", "{\"a\":1}"])),
        ("MSG a.b 1 5\r\nhello\r\n", Reading(kind: .message, sid: 1, parts: ["a.b", "", "", "hello"])),
        ("MSG a 90 r.x 0\r\n\r\n", Reading(kind: .message, sid: 90, parts: ["a", "r.x", "", ""])),
        ("msg\ta  7\t 2 \r\n\r\n\r\n", Reading(kind: .message, sid: 7, parts: ["a", "", "", "\r\n"])),
        (
            "HMSG a 2 12 14\r\nNATS/1.0\r\n\r\nok\r\n",
            Reading(kind: .message, sid: 2, parts: ["a", "", "NATS/1.0\r\n\r\n", "ok"])
        ),
        (
            "HMSG a 3 r 12 12\r\nNATS/1.0\r\n\r\n\r\n",
            Reading(kind: .message, sid: 3, parts: ["a", "r", "NATS/1.0\r\n\r\n", ""])
        ),
        ("PING\r\n", Reading(kind: .ping, parts: ["", "", "", ""])),
        ("pong\r\n", Reading(kind: .pong, parts: ["", "", "", ""])),
        ("+OK\r\n", Reading(kind: .ok, parts: ["", "", "", ""])),
        ("-ERR 'no'\r\n", Reading(kind: .error, parts: ["", "", "", "'no'"])),
    ]

    @Test func everyOperationIsRead() {
        let text = Self.all.map(\.text).joined()
        let (readings, position, error) = Self.read(Array(text.utf8))
        #expect(readings == Self.all.map(\.reading))
        #expect(position == text.utf8.count && error == nil)
    }

    @Test func cutAtEveryByteNothingChanges() {
        let bytes = Array(Self.all.map(\.text).joined().utf8)
        let whole = Self.read(bytes).readings
        for cut in 0...bytes.count {
            let first = Self.read(Array(bytes[..<cut]))
            #expect(first.error == nil, "cut at \(cut)")
            let second = Self.read(Array(bytes[first.position...]))
            #expect(first.readings + second.readings == whole, "cut at \(cut)")
        }
    }

    @Test(arguments: [
        ("MSG a 1 5\r\nhelloXY", "the end of a message of 5 bytes"),
        ("MSG a 1 x\r\n", "a size in digits"),
        ("MSG a one 1\r\n", "a number"),
        ("MSG a 1 r 5 6\r\n", "1 sizes at the end of a message's line"),
        ("MSG a 1\r\n", "a blank"),
        ("HMSG a 1 5\r\n", "2 sizes at the end of a message's line"),
        ("HMSG a 1 9 5\r\n", "at most 5 bytes of headers"),
        ("MSG a 1 9999999999999999999\r\n", "messages of at most 8388608 bytes"),
        ("MSG a 1111111111111111111 1\r\n", "a number of at most 18 digits"),
        ("MSG a 1 5\n", "no control character"),
        ("MSGa 1 5\r\n", "a blank"),
        ("PING\n", "a line to end in CRLF"),
        ("PING x\r\n", "nothing behind PING"),
        ("PANG\r\n", "PONG"),
        ("HTTP/1.1 400 Bad Request\r\n", "HMSG"),
        ("\u{16}\u{3}\u{1}", "MSG, HMSG, PING, PONG, +OK, -ERR or INFO"),
    ]) func whatIsBrokenIsNamed(_ text: String, _ expected: String) {
        let bytes = Array(text.utf8)
        let error = Self.read(bytes).error
        #expect(error?.expected == expected)
        #expect(error?.got.isEmpty == false)
        // Nothing shorter is taken for an operation, nor for another error.
        for cut in 0..<bytes.count {
            let part = Self.read(Array(bytes[..<cut]))
            #expect(part.readings.isEmpty && (part.error == nil || part.error?.expected == expected))
        }
    }

    @Test func whatDoesNotEndIsRefused() {
        let endless = Self.read(Array("MSG ".utf8) + [UInt8](repeating: 97, count: 9000)).error
        #expect(endless?.expected == "lines of at most 8192 bytes")
        let info = Array("INFO {".utf8) + [UInt8](repeating: 32, count: 100 << 10)
        #expect(Self.read(info).error == nil)
        let longer = info + [UInt8](repeating: 32, count: 40 << 10)
        #expect(Self.read(longer).error?.expected == "lines of at most 131072 bytes")
    }

    @Test func aMessageAboveTheLimitIsRefusedBeforeItComes() {
        var limits = NATSFrameLimits()
        limits.messageBytesMax = 10
        #expect(Self.read(Array("MSG a 1 11\r\n".utf8), limits).error?.code == .payload)
        #expect(Self.read(Array("MSG a 1 10\r\n0123456789\r\n".utf8), limits).readings.count == 1)
    }
}
