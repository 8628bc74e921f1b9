import ExampleSupport
import Glibc
import Synchronization
import ToolSupport
import ZCNetWebSocket

/// What is shown and recorded of a conversation. Any thread: the loop hears, the task that reads the input
/// sends, and each line is written by one call.
final class Transcript: Sendable {
    private let begin = ContinuousClock.now
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private let recording: Int32?
    /// Nanoseconds from the beginning to the last that was heard.
    private let heardAt = Atomic<Int64>(0)
    /// Nanoseconds from the beginning to a ping whose pong is awaited; 0 where none is.
    private let askedAt = Atomic<Int64>(0)
    private let heardCount = Atomic<Int>(0)

    init(_ options: SpeakOptions) {
        recording = options.recording.map { path in
            let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            if descriptor < 0 { fail("ws: cannot write \(path): errno \(errno)") }
            return descriptor
        }
    }

    /// Something that is no message, for people.
    func tell(_ line: String) { say(FrameText.harmless(line), to: STDERR_FILENO) }

    /// A message came; how many have come.
    func heard(_ payload: FrameRecord.Payload) -> Int {
        record(payload, isSent: false)
        switch payload {
        case .text(let text): say(isTerminal ? FrameText.harmless(text) : text)
        case .binary(let bytes):
            let rows = ["binary, \(bytes.count) bytes"] + FrameText.rows(bytes)
            say(rows.joined(separator: "\n"))
        }
        heardAt.store(nanoseconds, ordering: .relaxed)
        return heardCount.add(1, ordering: .relaxed).newValue
    }

    /// A message was taken by the connection.
    func sent(_ payload: FrameRecord.Payload) { record(payload, isSent: true) }

    func asked() { askedAt.store(nanoseconds, ordering: .relaxed) }

    func answered() {
        let since = askedAt.exchange(0, ordering: .relaxed)
        if since == 0 { return tell("pong") }
        tell("pong after \((nanoseconds - since) / 1000) us")
    }

    /// How long nothing has come.
    var silence: Duration { .nanoseconds(nanoseconds - heardAt.load(ordering: .relaxed)) }

    /// Silence begins here: the input has ended.
    func inputEnded() { heardAt.store(nanoseconds, ordering: .relaxed) }

    private var nanoseconds: Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - begin).components
        return max(1, seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    private func record(_ payload: FrameRecord.Payload, isSent: Bool) {
        guard let recording else { return }
        say(FrameRecord(seconds: Double(nanoseconds) / 1e9, isSent: isSent, payload).line, to: recording)
    }
}
