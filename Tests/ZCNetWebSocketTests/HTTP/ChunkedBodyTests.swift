import Testing
import ZCNet

@testable import ZCNetWebSocket

/// Bodies in chunks: where they end, and what is refused at which byte.
struct ChunkedBodyTests {
    /// What reading a body that begins `bytes` comes to, in pieces cut at `cuts`.
    struct Reading: Equatable {
        var content: [UInt8] = []
        var count = 0
        var isComplete = false
        var error: HTTPError?
    }

    static func read(
        _ bytes: [UInt8], _ framing: MessageFraming = .chunked, cuts: [Int] = [],
        contentBytesMax: Int = 1 << 20, extraBytesMax: Int = 1 << 10
    ) -> Reading {
        var reading = Reading()
        do throws(HTTPError) {
            var reader = try BodyReader(
                framing, contentBytesMax: contentBytesMax, extraBytesMax: extraBytesMax)
            for end in cuts + [bytes.count] {
                while reading.count < end && !reader.isComplete {
                    let shown = SharedBytes(copying: bytes[reading.count..<end])
                    let piece = try reader.next(shown.bytes)
                    let taken = bytes[reading.count...].prefix(piece.count)
                    if piece.isContent { reading.content += taken }
                    reading.count += piece.count
                }
            }
            reading.isComplete = reader.isComplete
        } catch {
            reading.error = error
        }
        return reading
    }

    @Test(arguments: [
        ("0\r\n\r\n", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello"), ("000005\r\nhello\r\n000\r\n\r\n", "hello"),
        ("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc"), ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        ("a\r\n0123456789\r\n0\r\n\r\n", "0123456789"), ("5;x\r\nhello\r\n0;y=\"z;\"\r\n\r\n", "hello"),
        ("5 ; x = y\r\nhello\r\n0\t;\r\n\r\n", "hello"), ("7\r\n0\r\n\r\nab\r\n0\r\n\r\n", "0\r\n\r\nab"),
        ("0\r\nA: b\r\nContent-Length: 9\r\nC:\r\n\r\n", ""),
    ])
    func bodies(text: String, content: String) {
        let bytes = Array(text.utf8)
        let following = Array("GET / HTTP/1.1\r\n".utf8)
        let whole = Self.read(bytes + following)
        #expect(whole.error == nil && whole.isComplete && whole.count == bytes.count, "\(text): \(whole)")
        #expect(whole.content == Array(content.utf8))
        for cut in 0...bytes.count {
            #expect(Self.read(bytes + following, cuts: [cut]) == whole, "\(text), cut at \(cut)")
            let begun = Self.read(Array(bytes[..<cut]))
            #expect(begun.error == nil && begun.isComplete == (cut == bytes.count), "\(text), up to \(cut)")
        }
        #expect(Self.read(bytes + following, cuts: Array(0...bytes.count)) == whole)
    }

    /// A bar stands behind the byte that settles it.
    @Test(arguments: [
        ("\r|\n", 400), ("\n|", 400), (";|a\r\n", 400), (" |5\r\n", 400), ("+|5\r\n", 400), ("-|1\r\n", 400),
        ("0x|5\r\n", 400), ("g|\r\n", 400), ("\"|5\"\r\n", 400), ("５|", 400),
        ("5\n|hello", 400), ("5\rh|", 400), ("5 \r|\n", 400), ("5 5|\r\n", 400), ("5,|5\r\n", 400),
        ("5;a\n|", 400), ("5;a\rb|", 400), ("5;\0|", 400), ("5;a\r\r|\n", 400),
        ("5\r\nhello\n|", 400), ("5\r\nhello!|", 400), ("5\r\nhello\r!|", 400), ("5\r\nhello0|\r\n\r\n", 400),
        ("4\r\nhello|\r\n", 400), ("5\r\nhello\r\n\r|\n", 400),
        ("0\r\n\n|", 400), ("0\r\n\rx|", 400), ("0\r\n |a: b\r\n", 400), ("0\r\nA |: b\r\n", 400),
        ("0\r\n:|", 400), ("0\r\nA\r|\n", 400), ("0\r\nA: b\n|", 400), ("0\r\nA: b\r\n |c\r\n", 400),
        ("0\r\nA: \0|", 400), ("0\r\nGET |/ HTTP/1.1\r\n", 400),
        // Sizes beyond every limit.
        ("0000000000000005|\r\n", 400), ("100001|\r\n", 413), ("FFFFFF|FFFFFFFFFF\r\n", 413),
        ("7fffff|ffffffffff\r\n", 413), ("10000000|000000005\r\n", 413),
    ])
    func whatIsRefused(text: String, status: Int) throws {
        let parts = text.unicodeScalars.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let (settled, rest) = (Array(String(parts[0]).utf8), Array(String(parts[1]).utf8))
        let early = settled.last.map { $0 >= 0x80 } == true ? 3 : 1
        // Sizes are refused with the digit that goes beyond, wherever that is.
        if status == 400 { #expect(Self.read(settled.dropLast(early)).error == nil, "\(text)") }
        let error = try #require(Self.read(settled + rest).error, "\(text)")
        #expect(error.status == status && !error.got.isEmpty, "\(text): \(error)")
        #expect(Self.read(settled).error == error)
        for cut in settled.indices { #expect(Self.read(settled + rest, cuts: [cut]).error == error) }
    }

    @Test func contentIsBoundedInAll() {
        let chunk = Array("5\r\nhello\r\n".utf8)
        let end = Array("0\r\n\r\n".utf8)
        #expect(Self.read(chunk + chunk + end, contentBytesMax: 10).isComplete)
        #expect(Self.read(chunk + chunk + end, contentBytesMax: 9).error?.status == 413)
        #expect(Self.read(Array("hello".utf8), .length(5), contentBytesMax: 5).isComplete)
        #expect(Self.read([], .length(6), contentBytesMax: 5).error?.status == 413)
        #expect(Self.read(end, contentBytesMax: 0).isComplete)
    }

    @Test func extensionsAndTrailersAreBoundedInAll() {
        let chunks = (0..<50).flatMap { _ in Array("1;abcdefghi\r\nx\r\n".utf8) }
        let trailers = (0..<50).flatMap { _ in Array("a: 45678\r\n".utf8) }
        let end = Array("\r\n".utf8)
        let last = Array("0\r\n".utf8)
        #expect(Self.read(chunks + last + end, extraBytesMax: 600).isComplete)
        #expect(Self.read(chunks + last + end, extraBytesMax: 400).error?.status == 431)
        #expect(Self.read(last + trailers + end, extraBytesMax: 600).isComplete)
        #expect(Self.read(last + trailers + end, extraBytesMax: 400).error?.status == 431)
        #expect(Self.read(chunks + last + trailers + end, extraBytesMax: 600).error?.status == 431)
        let endless = Array("5;".utf8) + [UInt8](repeating: 0x61, count: 5000)
        #expect(Self.read(endless).error?.status == 431)
    }

    @Test func otherFramings() {
        let bytes = Array("0123456789".utf8)
        for cut in 0...10 {
            #expect(Self.read(bytes, .length(4), cuts: [cut]).count == 4)
            let rest = Self.read(bytes, .untilEnd, cuts: [cut])
            #expect(rest.content == bytes && !rest.isComplete)
            #expect(Self.read(bytes, MessageFraming.none, cuts: [cut]).count == 0)
        }
    }
}
