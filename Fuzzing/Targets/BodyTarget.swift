import ZCNetWebSocket

/// Bodies in chunks: the same end and the same content in one piece and in any pieces, within their limits,
/// and as a naive reader says.
struct BodyTarget: FuzzTarget {
    let name = "http-body"

    var words: [[UInt8]] {
        [
            "0\r\n\r\n", "\r\n", "\r", "\n", "5\r\nhello\r\n", ";", ";a=\"b\"", " ", "\t", "A: b\r\n", "a",
            "F", "000",
            "fffffffffffffff", "0x", "GET / HTTP/1.1\r\n",
        ].map { Array($0.utf8) }
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<random.below(6) {
            let data = random.bytes(random.size(upTo: 300))
            let digits = String(data.count, radix: 16, uppercase: random.oneIn(2))
            let extra = random.pick(["", "", ";a", " ; b = \"c\\\"\"", ";;"])
            bytes += Array("\(random.oneIn(4) ? "00" : "")\(digits)\(extra)\r\n".utf8) + data + [13, 10]
        }
        let trailers = random.pick(["", "", "A: b\r\n", "Content-Length: 5\r\nC:\r\n"])
        return bytes + Array("0\r\n\(trailers)\r\n".utf8) + random.bytes(random.below(9))
    }

    /// What reading comes to.
    private struct Reading: Equatable {
        var content: [UInt8] = []
        var count = 0
        var isComplete = false
        var error: HTTPError?
    }

    func check(_ input: [UInt8]) throws -> String {
        var random = FuzzRandom(of: input)
        let bytesMax = random.oneIn(3) ? 100 : 4096
        let whole = try read(input, bytesMax, cuts: [])
        let cuts = random.cuts(of: input.count)
        let split = try read(input, bytesMax, cuts: cuts)
        try expect(split == whole, "the same in pieces, cut at \(cuts): \(whole), got \(split)")
        try expect(whole.content.count <= bytesMax, "\(bytesMax) bytes of content at most")
        if whole.isComplete {
            let naive = Self.naive(input)
            try expect(
                naive?.content == whole.content && naive?.count == whole.count,
                "what the naive reader read, got \(whole)")
        }
        if let error = whole.error { return outline("\(error.status) \(error)") }
        return whole.isComplete ? "complete" : "incomplete"
    }

    private func read(_ input: [UInt8], _ bytesMax: Int, cuts: [Int]) throws -> Reading {
        var reading = Reading()
        var reader = try BodyReader(.chunked, contentBytesMax: bytesMax, extraBytesMax: 500)
        do throws(HTTPError) {
            for end in cuts + [input.count] {
                while reading.count < end && !reader.isComplete {
                    let range = reading.count..<end
                    let piece = try Self.next(&reader, input[range])
                    if piece.isContent { reading.content += input[range].prefix(piece.count) }
                    reading.count += piece.count
                    if piece.count == 0 { break }
                }
            }
        } catch {
            // How far it came before depends on the pieces.
            return Reading(error: error)
        }
        reading.isComplete = reader.isComplete
        try expect(reading.count <= input.count, "no more taken than there is")
        return reading
    }

    private static func next(
        _ reader: inout BodyReader, _ bytes: ArraySlice<UInt8>
    ) throws(HTTPError) -> BodyReader.Piece {
        let result = withExactSpan(bytes) { span in
            Result { () throws(HTTPError) in try reader.next(span) }
        }
        return try result.get()
    }

    /// The content of a body that is there as a whole, and where it ends; lenient, for what is accepted only.
    private static func naive(_ input: [UInt8]) -> (content: [UInt8], count: Int)? {
        var content: [UInt8] = []
        var rest = input[...]
        func line() -> ArraySlice<UInt8>? {
            guard let end = rest.indices.first(where: { rest[$0...].starts(with: [13, 10]) }) else {
                return nil
            }
            defer { rest = rest[(end + 2)...] }
            return rest[..<end]
        }
        while let head = line() {
            let digits = head.prefix { $0 != UInt8(ascii: ";") && $0 != 32 && $0 != 9 }
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
            if size == 0 {
                while let trailer = line() { if trailer.isEmpty { return (content, rest.startIndex) } }
                return nil
            }
            content += rest.prefix(size)
            rest = rest.dropFirst(size)
            guard line()?.isEmpty == true else { return nil }
        }
        return nil
    }
}
