import ExampleSupport
import Glibc
import ToolSupport
import ZCNetWebSocket

/// Speaks WebSocket, line by line: see `SpeakOptions` for the command line. The program ends with the
/// conversation, in the handler's `onClose`.
struct WebSocketCommand {
    private let options: SpeakOptions
    private let transcript: Transcript

    init(_ arguments: ArraySlice<String>) {
        options = SpeakOptions(arguments)
        transcript = Transcript(options)
    }

    func run() async {
        let records = options.replay.map(Self.records)
        let (room, hasRoom) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        do {
            let (transcript, wanted) = (transcript, options.messagesWanted)
            let client = try WebSocketClient(options.configuration) {
                Speaker(transcript: transcript, messagesWanted: wanted, room: hasRoom)
            }
            try client.start()
            Self.sayGoodbyeOnSignals(client.group)
            let socket = try await client.connect(to: options.url)
            var outlet = Outlet(socket: socket, transcript: transcript, room: room.makeAsyncIterator())
            if let records {
                try await replay(records, into: &outlet)
            } else {
                await speak(into: &outlet)
            }
            try await waitForSilence()
            socket.close()
            try await Task.sleep(for: .seconds(86_400))
        } catch let error as WebSocketConnectError {
            if case .refused(let refusal) = error.cause { transcript.tell(refusal.bodyText) }
            fail("ws: \(error)")
        } catch {
            fail("ws: \(error)")
        }
    }

    /// On Ctrl-C the server is told 1001, and has two seconds to agree, which ends the program by the
    /// handler's `onClose`; a second Ctrl-C ends it at once. On a thread, as it blocks: the tasks' threads
    /// are few, and one waits for input.
    private static func sayGoodbyeOnSignals(_ group: EventLoopGroup) {
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { handed in
                guard let handed else { return nil }
                let group = Unmanaged<EventLoopGroup>.fromOpaque(handed).takeRetainedValue()
                let signal = try? group.run(until: .interruptOrTerminate, grace: .seconds(2))
                // There was no conversation, or the server did not agree to end it.
                exit(128 + (signal ?? 0))
            }, Unmanaged.passRetained(group).toOpaque())
        if status != 0 { fail("ws: no thread: errno \(status)") }
    }

    /// Says what the input says, to its end.
    private func speak(into outlet: inout Outlet) async {
        let hasWords = options.hasWords || isatty(STDIN_FILENO) == 1
        while let line = readLine() {
            switch SpokenLine(line, hasWords: hasWords) {
            case .text(let text):
                await outlet.send(options.isBinary ? .binary(Array(text.utf8)) : .text(text))
            case .binary(let bytes): await outlet.send(.binary(bytes))
            case .ping:
                transcript.asked()
                outlet.socket.ping()
            case .close(let code, let reason): outlet.socket.close(code, reason: reason)
            case .help: transcript.tell(SpokenLine.words)
            case .mistake(let why): transcript.tell(why)
            }
        }
    }

    /// Sends again what a recording's side of the conversation had sent, when it had.
    private func replay(_ records: [FrameRecord], into outlet: inout Outlet) async throws {
        let clock = ContinuousClock()
        let begin = clock.now
        for record in records where record.isSent {
            if !options.isHasty { try await clock.sleep(until: begin + .seconds(record.seconds)) }
            await outlet.send(record.payload)
        }
    }

    private static func records(_ path: String) -> [FrameRecord] {
        guard let file = fopen(path, "r") else { fail("ws: cannot read \(path): errno \(errno)") }
        defer { fclose(file) }
        var (records, line, room): ([FrameRecord], UnsafeMutablePointer<CChar>?, Int) = ([], nil, 0)
        defer { free(line) }
        while case let count = getline(&line, &room, file), count > 0, let start = line {
            let bytes = UnsafeRawBufferPointer(start: start, count: count)
            let text = String(decoding: bytes, as: UTF8.self)
            guard let record = FrameRecord(text) else {
                fail("ws: \(path): expected a line of a recording, got \(FrameText.harmless(text))")
            }
            records.append(record)
        }
        return records
    }

    /// What the last lines brought about is heard before the goodbye, which ends all hearing.
    private func waitForSilence() async throws {
        transcript.inputEnded()
        while case let silence = transcript.silence, silence < options.linger {
            try await Task.sleep(for: options.linger - silence)
        }
    }
}

/// Where messages go: one after the other, each when the connection has taken the one before.
struct Outlet {
    let socket: RemoteWebSocket
    let transcript: Transcript
    var room: AsyncStream<Void>.Iterator

    /// Sends a message, and waits while the connection is full.
    mutating func send(_ payload: FrameRecord.Payload) async {
        let prepared =
            switch payload {
            case .text(let text): PreparedMessage(text: text)
            case .binary(let bytes): PreparedMessage(binary: bytes)
            }
        while true {
            let (results, source) = AsyncStream.makeStream(of: SendResult.self)
            let posted = socket.send(prepared) { source.yield($0) }
            if posted != .posted { return }
            // Of a connection that ends meanwhile nothing comes; then the program ends.
            var answers = results.makeAsyncIterator()
            switch await answers.next() {
            case .sent, .queued:
                transcript.sent(payload)
                return
            case .full: _ = await room.next()
            case .tooLarge: fail("ws: expected a message that the connection can hold, got a longer one")
            case .closed, nil: return
            }
        }
    }
}
