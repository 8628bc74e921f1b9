import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

@Suite struct ClosePayloadTests {
    private func parse(_ bytes: [UInt8]) -> Result<ClosePayload, ClosePayloadError> {
        bytes.withBytes { ClosePayload.parse($0) }
    }

    private func bytes(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
        [UInt8(code >> 8), UInt8(code & 0xFF)] + reason
    }

    @Test func nothingIsNoCode() {
        #expect(parse([]) == .success(ClosePayload(code: nil, reason: "")))
        #expect(ClosePayload.encode(code: nil, reason: "") == [])
        #expect(ClosePayload.encode(code: nil, reason: "a reason has no place without a code") == [])
    }

    @Test func oneByteIsHalfACode() {
        for byte in UInt8.min...UInt8.max { #expect(parse([byte]) == .failure(.halfACode)) }
        #expect(ClosePayloadError.halfACode.closeCode == .protocolError)
    }

    @Test func everyCodeIsJudged() {
        for number in UInt16.min...UInt16.max {
            let code = WebSocketCloseCode(rawValue: number)
            let wanted: Result<ClosePayload, ClosePayloadError> =
                code.isSendable
                ? .success(ClosePayload(code: code, reason: "")) : .failure(.unsendableCode(number))
            if parse(bytes(number)) != wanted { Issue.record("\(number)") }
        }
        #expect(ClosePayloadError.unsendableCode(1005).closeCode == .protocolError)
        #expect(ClosePayloadError.unsendableCode(1005).description.hasSuffix("got 1005"))
    }

    @Test func aReasonThatIsNotUTF8() {
        let cases: [([UInt8], Int)] = [
            ([0xFF], 0), ([0x61, 0xC0, 0x80], 1), ([0x61, 0x62, 0xE8, 0xAA], 4), ([0xED, 0xA0, 0x80], 1),
        ]
        for (reason, right) in cases {
            #expect(parse(bytes(1000, reason)) == .failure(.reasonNotUTF8(right)))
        }
        #expect(ClosePayloadError.reasonNotUTF8(0).closeCode == .invalidPayload)
    }

    @Test func noControlFrameIsLonger() {
        let longest = [UInt8](repeating: 0x61, count: 123)
        #expect(
            parse(bytes(1000, longest))
                == .success(.init(code: .normalClosure, reason: .init(repeating: "a", count: 123))))
        #expect(parse(bytes(1000, longest + [0x61])) == .failure(.tooLong(126)))
        #expect(ClosePayloadError.tooLong(126).closeCode == .protocolError)
    }

    @Test func whatIsEncodedIsParsed() {
        for reason in ["", "bye", "zażółć gęślą jaźń", "🙂"] {
            let encoded = ClosePayload.encode(code: .goingAway, reason: reason)
            #expect(encoded == bytes(1001, Array(reason.utf8)))
            #expect(parse(encoded) == .success(ClosePayload(code: .goingAway, reason: reason)))
        }
    }

    /// A character of every width, with the cut at every place within it.
    @Test func aLongReasonIsCutBetweenCharacters() {
        for character in ["a", "é", "語", "🙂"] {
            let width = character.utf8.count
            for lead in 110...124 {
                let head = String(repeating: "x", count: lead)
                let encoded = ClosePayload.encode(
                    code: .normalClosure, reason: head + String(repeating: character, count: 9))
                let fitting = lead >= 123 ? 0 : (123 - lead) / width
                let wanted = String(head.prefix(123)) + String(repeating: character, count: min(9, fitting))
                #expect(encoded == bytes(1000, Array(wanted.utf8)), "\(character) after \(lead)")
                #expect(parse(encoded) == .success(ClosePayload(code: .normalClosure, reason: wanted)))
            }
        }
    }

    @Test func aReasonThatJustFitsIsWhole() {
        let reason = String(repeating: "x", count: 119) + "🙂"
        #expect(reason.utf8.count == 123)
        #expect(ClosePayload.encode(code: .normalClosure, reason: reason) == bytes(1000, Array(reason.utf8)))
    }

    @Test func anUnsendableCodeIsAProgrammersError() async {
        await #expect(processExitsWith: .failure) {
            _ = ClosePayload.encode(code: .noStatusReceived, reason: "")
        }
    }

    @Test func randomBytesNeverTrap() {
        for seed in UInt64(1)...2000 {
            var random = SimulatedRandom(seed: seed)
            let count = Int.random(in: 0...125, using: &random)
            var payload = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            if count >= 2, Bool.random(using: &random) { payload.replaceSubrange(0..<2, with: bytes(1000)) }
            guard case .success(let read) = parse(payload) else { continue }
            #expect(ClosePayload.encode(code: read.code, reason: read.reason) == payload, "seed \(seed)")
        }
    }
}
