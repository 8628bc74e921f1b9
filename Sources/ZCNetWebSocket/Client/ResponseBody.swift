/// Where the body of a response ends: RFC 9112 6.3. Takes byte by byte what belongs to it; the few bytes that
/// are kept of a refusal need no more speed.
enum ResponseBody {
    /// With so many bytes more.
    case left(Int)
    /// With the connection.
    case untilEnd
    /// With the last chunk: RFC 9112 7.1.
    case chunked(Chunk)
    case complete

    /// What the next byte of a chunked body is part of.
    enum Chunk {
        /// The size, of which this much is known.
        case size(Int)
        /// What may follow the size, up to the end of its line.
        case extensionOfSize(Int)
        case data(left: Int)
        /// The line end behind the data.
        case dataEnd
    }

    /// Larger sizes count as this one: nobody keeps as much, and the sum cannot overflow.
    private static var chunkBytesMax: Int { 1 << 40 }

    /// How the body of a response to GET is framed.
    init(of head: HTTPResponseHead) {
        if head.status == 204 || head.status == 304 {
            self = .complete
        } else if head.headers.contains("Transfer-Encoding") {
            let isChunked = head.headers.list(of: "Transfer-Encoding", contains: "chunked")
            self = isChunked ? .chunked(.size(0)) : .untilEnd
        } else if let length = head.headers["Content-Length"].flatMap({ Int($0) }), length >= 0 {
            self = length == 0 ? .complete : .left(length)
        } else {
            self = .untilEnd
        }
    }

    /// Whether nothing more belongs to the body.
    var isComplete: Bool {
        if case .complete = self { true } else { false }
    }

    /// Takes the next byte; answers whether it is content.
    mutating func take(_ byte: UInt8) -> Bool {
        switch self {
        case .complete: return false
        case .untilEnd: return true
        case .left(let count):
            self = count == 1 ? .complete : .left(count - 1)
            return true
        case .chunked(.data(let left)):
            self = .chunked(left == 1 ? .dataEnd : .data(left: left - 1))
            return true
        case .chunked(.dataEnd):
            if byte == HTTPCharacters.lineFeed { self = .chunked(.size(0)) }
            return false
        case .chunked(.size(let size)):
            self = Self.behindSize(size, byte)
            return false
        case .chunked(.extensionOfSize(let size)):
            if byte == HTTPCharacters.lineFeed { self = Self.behindLine(size) }
            return false
        }
    }

    private static func behindSize(_ size: Int, _ byte: UInt8) -> ResponseBody {
        if byte == HTTPCharacters.lineFeed { return behindLine(size) }
        guard let digit = hexDigit(byte) else { return .chunked(.extensionOfSize(size)) }
        return .chunked(.size(min(size * 16 + digit, chunkBytesMax)))
    }

    /// The last chunk is of no size; the trailers behind it are nobody's.
    private static func behindLine(_ size: Int) -> ResponseBody {
        size == 0 ? .complete : .chunked(.data(left: size))
    }

    private static func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 0x57
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte) - 0x37
        default: nil
        }
    }
}
