import ZCNetWebSocket

/// One line of a recording: what was said or heard, and when. A recording is a text of such lines, each JSON:
///
/// ```
/// {"at":0.0012,"sent":"hello"}
/// {"at":0.0034,"came":"hello"}
/// {"at":0.0101,"sentHex":"00ff"}
/// ```
public struct FrameRecord: Hashable, Sendable {
    /// What a message carries.
    public enum Payload: Hashable, Sendable {
        /// Of a text message.
        case text(String)
        /// Of a binary message.
        case binary([UInt8])
    }

    /// Seconds since the conversation began.
    public let seconds: Double
    /// Whether this side sent it.
    public let isSent: Bool
    /// What it carries.
    public let payload: Payload

    /// A message, with its moment.
    public init(seconds: Double, isSent: Bool, _ payload: Payload) {
        self.seconds = seconds
        self.isSent = isSent
        self.payload = payload
    }

    /// The record as a line, without its end.
    public var line: String {
        let way = isSent ? "sent" : "came"
        let said: (String, JSONValue) =
            switch payload {
            case .text(let text): (way, .string(text))
            case .binary(let bytes): (way + "Hex", .string(FrameText.digits(bytes)))
            }
        return JSONValue.object(["at": .number(seconds), said.0: said.1]).text
    }

    /// Reads a line; nil where it is none of a recording.
    public init?(_ line: String) {
        guard let value = try? JSONValue(parsing: line), let seconds = value["at"]?.number, seconds >= 0,
            seconds.isFinite
        else { return nil }
        for isSent in [true, false] {
            let way = isSent ? "sent" : "came"
            if let text = value[way]?.string {
                self.init(seconds: seconds, isSent: isSent, .text(text))
                return
            }
            if let bytes = value[way + "Hex"]?.string.flatMap({ FrameText.bytes(hex: $0) }) {
                self.init(seconds: seconds, isSent: isSent, .binary(bytes))
                return
            }
        }
        return nil
    }
}
