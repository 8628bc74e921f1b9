import ExampleSupport
import Glibc
import ZCNet

/// Says something as soon as a connection is up, and prints what comes.
struct Talker: ConnectionHandler {
    let options: TalkOptions
    let endings: AsyncStream<CloseReason>.Continuation

    func makeState() -> [UInt8] { [] }

    mutating func onOpen(_ peer: inout Connection<[UInt8]>) {
        if let security = peer.security {
            let resumed = security.isResumed ? ", resumed" : ""
            say("\(security.version) \(security.cipherSuite)\(resumed)", to: STDERR_FILENO)
        }
        peer.send(options.words.bytes)
    }

    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[UInt8]>) {
        var heard = [UInt8]()
        let bytes = data.span
        for index in bytes.indices { heard.append(bytes[index]) }
        _ = write(STDOUT_FILENO, heard, heard.count)
        guard let last = options.last else { return }
        // What was looked for may begin in what came before.
        peer.state = peer.state.suffix(last.count) + heard
        if contains(peer.state, last) { peer.close() }
    }

    mutating func onClose(_ peer: inout Connection<[UInt8]>, _ reason: CloseReason) {
        endings.yield(reason)
    }

    private func contains(_ heard: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard heard.count >= wanted.count else { return false }
        return (0...heard.count - wanted.count).contains {
            heard[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
    }
}

/// Speaks TCP or TLS: see `TalkOptions` for the command line.
struct TalkCommand {
    private let options: TalkOptions

    init(_ arguments: ArraySlice<String>) { options = TalkOptions(arguments) }

    func run() async {
        let (options, (endings, source)) = (options, AsyncStream.makeStream(of: CloseReason.self))
        do {
            let client = try TCPClient(options.configuration) { Talker(options: options, endings: source) }
            try client.start()
            var ends = endings.makeAsyncIterator()
            for _ in 0..<options.times {
                _ = try await client.connect(to: options.endpoint)
                guard let reason = await ends.next() else { break }
                say("ended: \(reason)", to: STDERR_FILENO)
                if reason.cause != .local && reason.cause != .peer { exit(1) }
            }
            await client.stop(grace: .seconds(1))
        } catch {
            fail("talk: \(error)")
        }
    }
}
