import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Streams of requests, whole and damaged: the boundaries that the server goes by are those that the simplest
/// reader sees, whatever the pieces.
struct RequestBoundaryTests {
    /// Takes a stream apart as the server does.
    static func read(_ bytes: [UInt8], cuts: [Int] = []) -> (requests: [NaiveRequests.Request], status: Int) {
        var requests: [NaiveRequests.Request] = []
        var start = 0
        var parser = HTTPHeadParser()
        var body: (HTTPRequestHead, BodyReader)?
        for end in cuts + [bytes.count] {
            while start < end {
                if let (head, reader) = body {
                    var reader = reader
                    guard let count = try? reader.skip(SharedBytes(copying: bytes[start..<end]).bytes) else {
                        return (requests, 400)
                    }
                    start += count
                    body = (head, reader)
                    guard reader.isComplete else { break }
                    requests.append(.init(method: head.method, target: head.target, end: start))
                    body = nil
                    continue
                }
                let outcome = parser.parse(array: Array(bytes[start..<end]))
                if case .refused(let error) = outcome { return (requests, error.status) }
                guard case .request(let head, let count) = outcome else { break }
                parser = HTTPHeadParser()
                start += count
                if head.hasBody {
                    guard let reader = try? BodyReader(head.framing, contentBytesMax: 1 << 16) else {
                        return (requests, 413)
                    }
                    body = (head, reader)
                } else {
                    requests.append(.init(method: head.method, target: head.target, end: start))
                }
            }
        }
        return (requests, body == nil && start == bytes.count ? 200 : 0)
    }

    private static let extras = [
        "Upgrade: websocket\r\nConnection: Upgrade\r\n", "Expect: 100-continue\r\n", "X: \"a, b\r\n",
        "Connection: close\r\n", "A: Content-Length: 5\r\n", "Cookie: a=b; c=d\r\n", "",
    ]

    /// A request whose body, if it has one, looks like another.
    static func request(_ random: inout SimulatedRandom, number: Int) -> [UInt8] {
        let method = ["GET", "POST", "HEAD", "PUT", "OPTIONS"].randomElement(using: &random) ?? ""
        let inner = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
        let extra = extras.randomElement(using: &random) ?? ""
        let head = "\(method) /\(number) HTTP/1.1\r\nHost: a\r\n\(extra)"
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return Array("\r\n\(head)\r\n".utf8)
        case 1: return Array("\(head)Content-Length: \(inner.utf8.count)\r\n\r\n\(inner)".utf8)
        case 2, 3:
            var text = "\(head)Transfer-Encoding: chunked\r\n\r\n"
            var rest = Array(inner.utf8)[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...20, using: &random))
                rest = rest.dropFirst(piece.count)
                let name = Bool.random(using: &random) ? ";x=\"y;z\"" : ""
                text += "\(String(piece.count, radix: 16))\(name)\r\n"
                text += String(decoding: piece, as: UTF8.self) + "\r\n"
            }
            return Array((text + "0\r\n\(Bool.random(using: &random) ? "T: u\r\n" : "")\r\n").utf8)
        default: return Array("\(head)\r\n".utf8)
        }
    }

    static func cuts(_ count: Int, _ random: inout SimulatedRandom) -> [Int] {
        (0..<Int.random(in: 0...8, using: &random)).map { _ in Int.random(in: 0...count, using: &random) }
            .sorted()
    }

    @Test(arguments: 0..<16)
    func wholeStreamsAreReadAsTheSimplestReaderDoes(seed: UInt64) {
        var random = SimulatedRandom(seed: seed)
        for round in 0..<30 {
            let count = Int.random(in: 1...6, using: &random)
            let bytes = (0..<count).flatMap { Self.request(&random, number: $0) }
            let naive = NaiveRequests(bytes)
            #expect(naive.isWhole && naive.requests.map(\.target) == (0..<count).map { "/\($0)" })
            let ours = Self.read(bytes, cuts: Self.cuts(bytes.count, &random))
            #expect(ours.requests == naive.requests && ours.status == 200, "seed \(seed), round \(round)")
        }
    }

    private static let spice = [
        "\r\n", "\n", "\r", " ", "\t", ",", ";", ":", "\"", "0", "5", "\0", "\u{B}", "\r\n ", "0\r\n\r\n",
        "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n", "é",
        "GET /smuggled HTTP/1.1\r\n", "Host: b\r\n", "HTTP/1.0", "chunked", "\r\n\r\n",
    ].map { Array($0.utf8) }

    /// Whatever is accepted ends where the simplest reader says, and no piece makes a difference.
    @Test(arguments: 0..<32)
    func damagedStreamsAreCutNowhereElse(seed: UInt64) {
        var random = SimulatedRandom(seed: seed)
        var (accepted, refused) = (0, 0)
        for round in 0..<60 {
            var bytes = (0..<3).flatMap { Self.request(&random, number: $0) }
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: Self.spice.randomElement(using: &random) ?? [], at: place)
                default:
                    let piece = Array(bytes[place...].prefix(Int.random(in: 1...40, using: &random)))
                    bytes.insert(contentsOf: piece, at: Int.random(in: 0..<bytes.count, using: &random))
                }
            }
            let ours = Self.read(bytes)
            let naive = NaiveRequests(bytes)
            #expect(
                ours.requests.map(\.end) == naive.requests.prefix(ours.requests.count).map(\.end),
                "seed \(seed), round \(round): \(ours.requests) and \(naive.requests)")
            let split = Self.read(bytes, cuts: Self.cuts(bytes.count, &random))
            #expect(
                split.requests == ours.requests && split.status == ours.status,
                "seed \(seed), round \(round)")
            accepted += ours.requests.count
            refused += ours.status >= 400 ? 1 : 0
        }
        #expect(accepted > 30 && refused > 10, "seed \(seed): \(accepted) accepted, \(refused) refused")
    }
}
