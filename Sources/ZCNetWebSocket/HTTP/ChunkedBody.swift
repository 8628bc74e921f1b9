import ZCNet

/// Finds the end of a body in the chunked transfer coding: RFC 9112 7.1, to the letter.
///
/// Refused, because other readers see other ends in it: a line that ends with LF or CR alone, blanks where
/// the grammar has none, a size that does not begin with a hexadecimal digit, anything but CR LF behind a
/// chunk's data, folded trailers. Extensions and trailers are passed over, and bounded in all.
struct ChunkedBody: Sendable {
    /// What the next byte is part of.
    private enum Place: Sendable {
        case size
        /// Blanks behind a size, which only an extension may follow.
        case blank
        case extensions
        /// The LF of a size's line.
        case sizeEnd
        case data
        /// CR LF behind the data.
        case dataReturn
        case dataEnd
        /// The first byte of a line behind the last chunk: a trailer or the end.
        case trailerStart
        case trailerName
        case trailerValue
        case trailerEnd
        /// The LF of the empty line that ends all.
        case end
        case complete
    }

    /// Sixty bits: no sum of sizes can overflow before its limit is seen.
    private static var digitsMax: Int { 15 }

    private var place = Place.size
    /// The size as far as it is read, or what is left of the data.
    private var left = 0
    private var digits = 0
    private var contentBytesLeft: Int
    private var extraBytesLeft: Int
    private let contentBytesMax: Int

    init(contentBytesMax: Int, extraBytesMax: Int) {
        self.contentBytesMax = contentBytesMax
        contentBytesLeft = contentBytesMax
        extraBytesLeft = extraBytesMax
    }

    /// Whether the empty line behind the last chunk and its trailers has come.
    var isComplete: Bool { place == .complete }

    /// Takes content, or what stands before the next content, from the front of `bytes`.
    mutating func next(_ bytes: RawSpan) throws(HTTPError) -> BodyReader.Piece {
        if place == .data {
            let count = min(left, bytes.byteCount)
            left -= count
            if left == 0 { place = .dataReturn }
            return BodyReader.Piece(count: count, isContent: true)
        }
        var count = 0
        while count < bytes.byteCount && place != .data && place != .complete {
            try take(bytes.byte(at: count))
            count += 1
        }
        return BodyReader.Piece(count: count, isContent: false)
    }

    private mutating func take(_ byte: UInt8) throws(HTTPError) {
        switch place {
        case .size, .blank, .extensions: try takeSizeLine(byte)
        case .trailerStart, .trailerName, .trailerValue: try takeTrailer(byte)
        case .dataReturn:
            guard byte == HTTPCharacters.carriageReturn else {
                throw refusal("CR LF behind a chunk of the size that it has", byte)
            }
            place = .dataEnd
        case .dataEnd: try takeLineFeed(byte, then: .size)
        case .sizeEnd: try takeLineFeed(byte, then: left == 0 ? .trailerStart : .data)
        case .trailerEnd: try takeLineFeed(byte, then: .trailerStart)
        case .end: try takeLineFeed(byte, then: .complete)
        case .data, .complete: break
        }
    }

    private mutating func takeLineFeed(_ byte: UInt8, then next: Place) throws(HTTPError) {
        guard byte == HTTPCharacters.lineFeed else { throw refusal("LF behind CR", byte) }
        place = next
        if next == .size { (left, digits) = (0, 0) }
    }

    /// `1*HEXDIG *( BWS ";" … ) CRLF`
    private mutating func takeSizeLine(_ byte: UInt8) throws(HTTPError) {
        if place == .size {
            if let digit = Self.hexDigit(byte) { return try take(digit: digit) }
            guard digits > 0 else { throw refusal("a chunk's size in hexadecimal digits", byte) }
        }
        if byte == HTTPCharacters.carriageReturn && place != .blank {
            contentBytesLeft -= left
            place = .sizeEnd
            return
        }
        try countExtra()
        if place == .extensions {
            guard HTTPCharacters.isFieldContent(byte) else {
                throw refusal("printable characters, or CR LF, in a chunk's extension", byte)
            }
        } else if byte == UInt8(ascii: ";") {
            place = .extensions
        } else if HTTPCharacters.isBlank(byte) {
            place = .blank
        } else {
            throw refusal("CR LF or an extension behind a chunk's size", byte)
        }
    }

    private mutating func take(digit: Int) throws(HTTPError) {
        digits += 1
        left = left << 4 | digit
        if digits > Self.digitsMax {
            throw HTTPError(
                400, expected: "a chunk's size of at most \(Self.digitsMax) digits (RFC 9112 7.1)",
                got: "more")
        }
        if left > contentBytesLeft {
            throw HTTPError(413, expected: "a body of at most \(contentBytesMax) bytes", got: "more")
        }
    }

    /// `*( field-line CRLF ) CRLF`
    private mutating func takeTrailer(_ byte: UInt8) throws(HTTPError) {
        try countExtra()
        switch place {
        case .trailerStart where byte == HTTPCharacters.carriageReturn: place = .end
        case .trailerStart, .trailerName:
            if place == .trailerName && byte == HTTPCharacters.colon {
                place = .trailerValue
            } else if HTTPCharacters.isToken(byte) {
                place = .trailerName
            } else {
                throw refusal("a trailer's name and a colon right behind it", byte)
            }
        default:
            if byte == HTTPCharacters.carriageReturn {
                place = .trailerEnd
            } else if !HTTPCharacters.isFieldContent(byte) {
                throw refusal("printable characters, or CR LF, in a trailer", byte)
            }
        }
    }

    /// RFC 9112 7.1.1, 7.1.2: extensions and trailers are nobody's here, and must not go on for ever.
    private mutating func countExtra() throws(HTTPError) {
        extraBytesLeft -= 1
        if extraBytesLeft < 0 {
            throw HTTPError(
                431, expected: "fewer bytes of extensions and trailers (RFC 9112 7.1.1)", got: "more")
        }
    }

    private func refusal(_ expected: String, _ byte: UInt8) -> HTTPError {
        HTTPError(400, expected: expected + " (RFC 9112 7.1)", got: HTTPCharacters.named(byte))
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
