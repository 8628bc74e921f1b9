public import ZCNetWebSocket

/// What a line that somebody types, or that comes from a pipe, has a WebSocket client do.
public enum SpokenLine: Hashable, Sendable {
    /// A text message.
    case text(String)
    /// A binary message.
    case binary([UInt8])
    /// A ping, whose pong tells the time there and back.
    case ping
    /// The end of the conversation.
    case close(WebSocketCloseCode, reason: String)
    /// What can be said.
    case help
    /// Nothing: the line is none of these, and this is why.
    case mistake(String)

    /// What the words mean, for people.
    public static let words = """
        a line          is sent as text            /hex 00 ff ...         sends bytes
        //line          sends /line as text        /close [CODE [REASON]] says goodbye
        /ping           asks for a pong            /help                  shows this
        """

    /// Reads a line.
    ///
    /// - Parameter hasWords: whether `/ping` and the like are words; otherwise every line is text.
    public init(_ line: String, hasWords: Bool) {
        guard hasWords, line.hasPrefix("/") else {
            self = .text(line)
            return
        }
        if line.hasPrefix("//") {
            self = .text(String(line.dropFirst()))
            return
        }
        let parts = line.split(separator: " ", maxSplits: 1)
        let rest = parts.count > 1 ? parts[1] : ""
        switch parts[0] {
        case "/ping": self = .ping
        case "/help": self = .help
        case "/close": self = Self.close(rest)
        case "/hex":
            self =
                FrameText.bytes(hex: rest).map { .binary($0) }
                ?? .mistake("expected pairs of hex digits behind /hex, got \(rest)")
        default: self = .mistake("expected /ping, /hex, /close or /help, got \(parts[0])")
        }
    }

    private static func close(_ rest: Substring) -> SpokenLine {
        let parts = rest.split(separator: " ", maxSplits: 1)
        guard let first = parts.first else { return .close(.normalClosure, reason: "") }
        guard let number = UInt16(first), case let code = WebSocketCloseCode(rawValue: number),
            code.isSendable
        else {
            return .mistake("expected a code of 1000...1003, 1007...1014 or 3000...4999, got \(first)")
        }
        return .close(code, reason: parts.count > 1 ? String(parts[1]) : "")
    }
}
