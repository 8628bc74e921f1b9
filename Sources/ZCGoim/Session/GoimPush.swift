import ZCNet
import ZCNetWebSocket

/// A message, or a batch of several, encoded once for all who get it, over both transports.
///
/// The WebSocket frame holds the whole; what a TCP stream gets is a slice of it: a message without the
/// frame's head, a batch also without the header of its own.
struct GoimPush: Sendable {
    /// Who accepts this operation gets the push, where it is not for a room.
    let accepted: GoimOperation
    /// How many messages it is.
    let count: Int
    private let plain: Form?
    private let extended: Form?

    private struct Form: Sendable {
        let frame: SharedBytes
        let stream: SharedBytes
    }

    /// Encodes a message for the formats that are spoken.
    ///
    /// - Parameter accepted: nil takes the message's own operation.
    init(_ message: GoimMessage, _ formats: GoimHeaderFormats, acceptedAs accepted: GoimOperation? = nil) {
        self.accepted = accepted ?? message.operation
        var count = 1
        func form(_ format: GoimHeaderFormat) -> Form? {
            var body = message.body
            if message.operation == .raw {
                guard let row = message.row(in: format) else { return nil }
                (body, count) = row
            }
            return Self.form(message.header, body.bytes, format)
        }
        plain = formats.contains(.plain) ? form(.plain) : nil
        extended = formats.contains(.extended) ? form(.extended) : nil
        self.count = count
    }

    /// Wraps messages that were encoded one behind the other, in each format that is spoken.
    init(batchOf count: Int, plain: borrowing WriteBuffer, extended: borrowing WriteBuffer) {
        accepted = .raw
        self.count = count
        let header = GoimHeader(.raw)
        self.plain = plain.isEmpty ? nil : Self.form(header, plain.bytes, .plain)
        self.extended = extended.isEmpty ? nil : Self.form(header, extended.bytes, .extended)
    }

    private static func form(_ header: GoimHeader, _ body: RawSpan, _ format: GoimHeaderFormat) -> Form {
        let proto = format.headerBytes + body.byteCount
        let head = FrameHead.make(first: FrameHead.final | 2, count: proto)
        let frame = SharedBytes(count: head.count + proto) { output in
            for index in 0..<head.count { output.append(head.byte(at: index)) }
            output.append(header, bodyBytes: body.byteCount, format)
            output.append(body)
        }
        // A batch has no header of its own in a stream.
        let start = header.operation == .raw ? head.count + format.headerBytes : head.count
        return Form(frame: frame, stream: frame.slice(start..<frame.count))
    }

    /// What a connection gets over WebSocket.
    @inline(__always)
    func frame(_ flags: GoimSession.Flags) -> SharedBytes {
        (flags.contains(.extended) ? extended : plain)?.frame ?? SharedBytes()
    }

    /// What a connection gets over TCP.
    @inline(__always)
    func stream(_ flags: GoimSession.Flags) -> SharedBytes {
        (flags.contains(.extended) ? extended : plain)?.stream ?? SharedBytes()
    }
}

/// The formats that a server's connections may speak.
struct GoimHeaderFormats: OptionSet, Sendable {
    let rawValue: UInt8

    static let plain = GoimHeaderFormats(rawValue: 1)
    static let extended = GoimHeaderFormats(rawValue: 2)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ headers: GoimOptions.Headers) {
        switch headers {
        case .only(.plain): self = .plain
        case .only(.extended): self = .extended
        case .detected: self = [.plain, .extended]
        }
    }
}
