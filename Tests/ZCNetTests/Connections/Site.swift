import Glibc
import Testing

@testable import ZCNet

/// What the handlers of one server were told.
struct Journal {
    struct Entry {
        let id: ConnectionID
        let loop: Int
        var peer: SocketAddress
        var opens = 1
        var cause: CloseCause?
        var closes = 0
        var ends = 0
        var bytesIn: UInt64 = 0
        var bytesOut: UInt64 = 0
    }

    var entries: [Entry] = []
    var remotes: [RemoteConnection] = []
    var notes: [String] = []

    var causes: [CloseCause] { entries.compactMap(\.cause) }
    var isOver: Bool { entries.allSatisfy { $0.closes > 0 } }
    var perLoop: [Int: Int] { entries.reduce(into: [:]) { $0[$1.loop, default: 0] += 1 } }

    mutating func change(_ id: ConnectionID, _ body: (inout Entry) -> Void) {
        if let index = entries.lastIndex(where: { $0.id == id }) { body(&entries[index]) }
    }
}

/// Keeps the journal and does what a test wants at each event; echoes unless told otherwise.
struct SiteHandler: ConnectionHandler {
    let journal: Monitor<Journal>
    var opened: (borrowing Peer) -> Void = { _ in }
    var received: (borrowing ReceivedChunk, borrowing Peer) -> Void = { data, peer in peer.send(data) }
    var writable: (borrowing Peer) -> Void = { _ in }
    var ended: (borrowing Peer) -> Void = { $0.close() }
    var timer: (ConnectionTimerTag, borrowing Peer) -> Void = { _, _ in }

    init(_ journal: Monitor<Journal>) { self.journal = journal }

    mutating func onOpen(_ peer: inout Peer) {
        let entry = Journal.Entry(id: peer.id, loop: peer.loop.index, peer: peer.remoteAddress)
        let remote = peer.remote
        opened(peer)
        journal.update {
            $0.entries.append(entry)
            $0.remotes.append(remote)
        }
    }

    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) { received(data, peer) }

    mutating func onWritable(_ peer: inout Peer) { writable(peer) }

    mutating func onPeerEnded(_ peer: inout Peer) {
        let id = peer.id
        journal.update { $0.change(id) { $0.ends += 1 } }
        ended(peer)
    }

    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout Peer) { timer(tag, peer) }

    mutating func onClose(_ peer: inout Peer, _ reason: CloseReason) {
        let (id, bytesIn, bytesOut) = (peer.id, peer.bytesIn, peer.bytesOut)
        journal.update {
            $0.change(id) {
                $0.closes += 1
                $0.cause = reason.cause
                $0.bytesIn = bytesIn
                $0.bytesOut = bytesOut
            }
        }
    }
}

/// A server on real sockets that ends with the test.
final class Site: Sendable {
    let server: TCPServer
    let journal: Monitor<Journal>

    init(
        on address: String = "127.0.0.1:0", loops: Int = 1, isStarted: Bool = true,
        configure: (inout TCPServer.Configuration) -> Void = { _ in },
        handler: @escaping @Sendable (inout SiteHandler) -> Void = { _ in }
    ) throws {
        let journal = Monitor(Journal())
        var configuration = TCPServer.Configuration()
        configuration.group.loops = loops
        configuration.group.driver = TestedDriver.choice
        // A slow machine makes callbacks slow; who looks for them says so.
        configuration.group.limits.slowCallback = .seconds(60)
        // And it may take long to drain what a test has queued; who looks at that limit sets it.
        configuration.connection.lingerTimeout = .seconds(120)
        // And a task may come back late to its connection, where many tests share the threads.
        configuration.connection.idleTimeout = nil
        configure(&configuration)
        server = try TCPServer(on: address, configuration: configuration) {
            var made = SiteHandler(journal)
            handler(&made)
            return made
        }
        self.journal = journal
        if isStarted { try server.start() }
    }

    /// A site that only its handler makes special.
    static func handling(
        on address: String = "127.0.0.1:0", loops: Int = 1, isStarted: Bool = true,
        _ handler: @escaping @Sendable (inout SiteHandler) -> Void
    ) throws -> Site {
        try Site(on: address, loops: loops, isStarted: isStarted, handler: handler)
    }

    deinit {
        server.shutdown(grace: .zero)
        server.wait()
    }

    func connect(receiveBufferBytes: Int32? = nil) throws -> RawClient {
        try RawClient(to: server.address, receiveBufferBytes: receiveBufferBytes)
    }

    /// The handle of the connection opened last, once so many are open.
    func remote(after count: Int = 1) throws -> RemoteConnection {
        try #require(journal.wait { $0.remotes.count >= count })
        return journal.value.remotes[count - 1]
    }

    /// The causes of so many ends.
    func causes(_ count: Int = 1) throws -> [CloseCause] {
        try #require(journal.wait { $0.causes.count >= count }, "\(journal.value.entries)")
        return journal.value.causes
    }

    /// Ends the server in good order and looks for what must hold after any life.
    ///
    /// Clients that are still there do not end their side, so a long grace would only be waited for.
    func finish(grace: Duration = .milliseconds(200)) {
        server.shutdown(grace: grace)
        server.wait()
        let entries = journal.value.entries
        #expect(entries.allSatisfy { $0.opens == 1 && $0.closes == 1 }, "\(entries)")
        #expect(server.connectionCount == 0)
    }
}

/// A directory of its own for each test, removed with the value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/zcnet-XXXXXX".utf8CString)
        try #require(unsafe mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A file of the given bytes.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = "\(path)/\(name)"
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let rest = bytes[written...]
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            try #require(count > 0)
            written += count
        }
        return path
    }

    deinit {
        guard let directory = unsafe opendir(path) else { return }
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { _ = unsafe unlink("\(path)/\(name)") }
        }
        unsafe closedir(directory)
        _ = unsafe rmdir(path)
    }
}
