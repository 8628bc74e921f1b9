/// Scripts for goim servers, written without the library's own codec.
enum GoimScript {
    /// What is sent in each round, and what comes back.
    enum Kind: String, CaseIterable, Sendable {
        /// Messages that come back as they are.
        case echo
        /// Messages that are answered without a body.
        case acknowledged
        /// Heartbeats, answered with the number of people in the room.
        case heartbeats
    }

    /// A proto as it stands in a stream.
    private static func proto(_ operation: UInt8, _ sequence: UInt8, _ body: [UInt8]) -> [UInt8] {
        let length = 16 + body.count
        return [0, 0, UInt8(length >> 8), UInt8(length & 0xFF), 0, 16, 0, 1]
            + [0, 0, 0, operation, 0, 0, 0, sequence] + body
    }

    /// So many protos at once, on connections that authenticate first and are in no room.
    static func make(_ kind: Kind, bodyBytes: Int, pipelined: Int, overWebSocket: Bool) -> Script {
        let token = proto(7, 1, Array("{\"mid\":1}".utf8))
        let welcome = proto(8, 1, [])
        let body = (0..<bodyBytes).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var (outgoing, incoming): ([UInt8], [UInt8]) = ([], [])
        for number in 0..<pipelined {
            let sequence = UInt8(truncatingIfNeeded: number)
            let (question, answer) =
                switch kind {
                case .echo: (proto(4, sequence, body), proto(4, sequence, body))
                case .acknowledged: (proto(4, sequence, body), proto(4, sequence, []))
                case .heartbeats: (proto(2, sequence, []), proto(3, sequence, [0, 0, 0, 0]))
                }
            outgoing += overWebSocket ? WebSocketScript.frame(0x82, question, isMasked: true) : question
            incoming += overWebSocket ? WebSocketScript.frame(0x82, answer, isMasked: false) : answer
        }
        guard overWebSocket else {
            return Script(opening: (token, welcome), outgoing: outgoing, incoming: incoming)
        }
        let asked = WebSocketScript.upgrade("/sub") + WebSocketScript.frame(0x82, token, isMasked: true)
        let answered = WebSocketScript.frame(0x82, welcome, isMasked: false)
        return Script(opening: (asked, answered), outgoing: outgoing, incoming: incoming)
    }
}
