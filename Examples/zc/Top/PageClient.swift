import ToolSupport
import ZCNetWebSocket

/// Asks a server for a page, over a connection of its own each time: what watches a server for days must not
/// count on one that lasts.
struct PageClient {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let client: TCPClient
    private let pages: AsyncStream<[UInt8]>
    private let endpoint: String
    private let path: String

    init(_ configuration: TCPClient.Configuration, _ endpoint: String, _ path: String) throws {
        let request = """
            GET \(path) HTTP/1.1\r\nHost: \(endpoint)\r\nAccept: application/json\r\nConnection: close\r\n\r\n
            """
        let (pages, answered) = AsyncStream.makeStream(of: [UInt8].self)
        client = try TCPClient(configuration) { PageReader(request: request, answered: answered) }
        self.pages = pages
        self.endpoint = endpoint
        self.path = path
        try client.start()
    }

    /// The server's figures now.
    func varz() async throws -> Varz {
        _ = try await client.connect(to: endpoint, timeout: .seconds(5))
        var answers = pages.makeAsyncIterator()
        let answer = String(decoding: await answers.next() ?? [], as: UTF8.self)
        guard let end = answer.firstRange(of: "\r\n\r\n") else {
            throw Failure(description: "expected an answer for \(path), got \(answer.utf8.count) bytes")
        }
        let status = answer.split(separator: " ", maxSplits: 2).dropFirst().first ?? ""
        guard status == "200" else {
            throw Failure(description: "expected 200 for \(path), got \(status): routes.varz() has the page")
        }
        guard let page = Varz(try JSONValue(parsing: String(answer[end.upperBound...]))) else {
            throw Failure(description: "expected a server's figures at \(path), got other JSON")
        }
        return page
    }
}

/// Reads a page to its end, which is that of its connection.
private struct PageReader: ConnectionHandler {
    let request: String
    let answered: AsyncStream<[UInt8]>.Continuation

    func makeState() -> [UInt8] { [] }

    mutating func onOpen(_ peer: inout Connection<[UInt8]>) { peer.send(request) }

    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[UInt8]>) {
        let bytes = data.span
        for index in bytes.indices { peer.state.append(bytes[index]) }
        // More than any server's figures take.
        if peer.state.count > 16 << 20 { peer.abort() }
    }

    mutating func onClose(_ peer: inout Connection<[UInt8]>, _ reason: CloseReason) {
        answered.yield(peer.state)
    }
}
