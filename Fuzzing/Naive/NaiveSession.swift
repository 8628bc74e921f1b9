import ZCNetWebSocket

/// What a receiver makes of a whole stream of frames, worked out at once and byte by byte from RFC 6455.
struct NaiveSession {
    /// What the stream comes to, in order.
    enum Event: Hashable {
        case text([UInt8])
        case binary([UInt8])
        case fragment([UInt8], isText: Bool, isFirst: Bool, isFinal: Bool)
        case ping([UInt8])
        case pong([UInt8])
        case close([UInt8])
        case failed(UInt16)
    }

    var isClient = false
    var messageBytesMax = 1 << 20
    var frameBytesMax = 1 << 20
    var deliversFragments = false

    /// A message in progress.
    private struct Message {
        var isText: Bool
        var payload: [UInt8] = []
        var isFirst = true
    }

    private struct Frame {
        var first: UInt8
        var payload: [UInt8]
        var promised: Int
        var isWhole: Bool { payload.count == promised }
        var isControl: Bool { first & 8 != 0 }
        var isFinal: Bool { first & 0x80 != 0 }
    }

    private enum Taken {
        case frame(Frame)
        case incomplete
        case failed(UInt16)
    }

    /// The events without the seams: which pieces a message's fragments come in depends on how its bytes
    /// came. Of a message that turns out not to be text, the pieces right before that are left out: how many
    /// there are does too.
    static func seamless(_ events: [Event]) -> [Event] {
        var joined: [Event] = []
        for event in events {
            if case .fragment(let more, let isText, isFirst: false, let isFinal) = event,
                case .fragment(let payload, _, let isFirst, isFinal: false) = joined.last
            {
                joined[joined.count - 1] = .fragment(
                    payload + more, isText: isText, isFirst: isFirst, isFinal: isFinal)
                continue
            }
            if event == .failed(1007), case .fragment(_, _, _, isFinal: false) = joined.last {
                joined.removeLast()
            }
            joined.append(event)
        }
        return joined
    }

    /// All events up to the end, the first close frame or the first broken rule.
    func events(of bytes: [UInt8]) -> [Event] {
        var events: [Event] = []
        var message: Message?
        var rest = bytes[...]
        while true {
            switch take(&rest) {
            case .incomplete: return events
            case .failed(let code): return events + [.failed(code)]
            case .frame(let frame):
                if frame.isControl {
                    if !frame.isWhole { return events }
                    switch frame.first & 15 {
                    case 9: events.append(.ping(frame.payload))
                    case 10: events.append(.pong(frame.payload))
                    default: return events + [.close(frame.payload)]
                    }
                } else {
                    switch step(frame, &message) {
                    case .success(let event?): events.append(event)
                    case .success(nil): break
                    case .failure(let failure): return events + [.failed(failure.code)]
                    }
                    if !frame.isWhole { return events }
                }
            }
        }
    }

    private struct Failure: Error { let code: UInt16 }

    /// A data frame, perhaps with only the beginning of its payload.
    private func step(_ frame: Frame, _ message: inout Message?) -> Result<Event?, Failure> {
        let isContinuation = frame.first & 15 == 0
        if isContinuation != (message != nil) { return .failure(Failure(code: 1002)) }
        var current = message ?? Message(isText: frame.first & 15 == 1)
        if !deliversFragments && current.payload.count + frame.promised > messageBytesMax {
            return .failure(Failure(code: 1009))
        }
        current.payload += frame.payload
        if current.isText {
            let verdict = NaiveUTF8.verdict(current.payload)
            let mayGoOn = verdict.validBytes == current.payload.count
            if !mayGoOn || (frame.isWhole && frame.isFinal && !verdict.isComplete) {
                return .failure(Failure(code: 1007))
            }
        }
        // What is there of an unfinished frame is handed out too, where fragments are.
        if !frame.isWhole && (!deliversFragments || frame.payload.isEmpty) { return .success(nil) }
        defer { message = frame.isFinal ? nil : current }
        if deliversFragments {
            let event = Event.fragment(
                frame.payload, isText: current.isText, isFirst: current.isFirst,
                isFinal: frame.isFinal && frame.isWhole)
            current.isFirst = false
            return .success(event)
        }
        if !frame.isFinal { return .success(nil) }
        return .success(current.isText ? .text(current.payload) : .binary(current.payload))
    }

    /// RFC 6455 5.2, a byte at a time, each rule when its byte is there.
    private func take(_ rest: inout ArraySlice<UInt8>) -> Taken {
        var reader = rest
        guard let first = reader.popFirst() else { return .incomplete }
        guard [0, 1, 2, 8, 9, 10].contains(first & 15), first & 0x70 == 0 else { return .failed(1002) }
        if first & 8 != 0 && first & 0x80 == 0 { return .failed(1002) }
        guard let second = reader.popFirst() else { return .incomplete }
        if (second & 0x80 != 0) == isClient { return .failed(1002) }
        var length = UInt64(second & 0x7F)
        if first & 8 != 0 && length > 125 { return .failed(1002) }
        if length > 125 {
            let width = length == 126 ? 2 : 8
            guard reader.count >= width else { return .incomplete }
            length = 0
            for _ in 0..<width { length = length * 256 + UInt64(reader.removeFirst()) }
            if length < (width == 2 ? 126 : 65_536) || length > UInt64(Int64.max) { return .failed(1002) }
        }
        if length > UInt64(frameBytesMax) { return .failed(1009) }
        var key: [UInt8] = [0, 0, 0, 0]
        if !isClient {
            guard reader.count >= 4 else { return .incomplete }
            for index in 0..<4 { key[index] = reader.removeFirst() }
        }
        let masked = reader.prefix(Int(length))
        rest = reader.dropFirst(masked.count)
        let payload = masked.enumerated().map { $1 ^ key[$0 % 4] }
        return .frame(Frame(first: first, payload: payload, promised: Int(length)))
    }
}
