import ZCNet

/// Makes the answer to a request, all of which is there.
public typealias HTTPHandler = @Sendable (HTTPRequest) async throws -> HTTPResponse

/// Makes the answer to a request while its body comes.
public typealias HTTPBodyHandler = @Sendable (HTTPRequest, HTTPBodyReader) async throws -> HTTPResponse

/// The task that answers a request, as its connection knows it: who waits for what, and how to cancel it.
///
/// **Threads.** The loop's. Once the connection is over, or has answered without the task, `link.isOver`, and
/// the task finds nothing here that it could use.
final class RunningAnswer {
    let link: LinkCore
    /// What the task reads of the request's body; nil where it has the whole.
    let upload: HTTPUpload?
    /// The task's number on its lane; nil before the task has begun.
    var task: Int?
    /// What keeps a client that hears nothing from giving up; nil sends nothing of its own accord.
    var idleBytes: [UInt8]?

    init(_ base: ConnectionBase, upload: HTTPUpload? = nil) {
        link = LinkCore(base)
        self.upload = upload
    }

    /// Nobody waits for the answer any more: the task is cancelled, whatever it waits for, and what has come
    /// of the body is let go.
    func end() {
        upload?.drop()
        link.connectionEnded()
        if let task { link.lane.cancel(task) }
    }
}

/// What has come of a body and was not read, on its way to the task that reads it. Loop thread only.
final class HTTPUpload {
    private var pieces = ArrivalRow<SharedBytes>()
    /// How many bytes wait.
    private(set) var queuedBytes = 0
    /// Whether all of the body has come.
    var isComplete = false
    /// Why the rest will not come.
    var failure: HTTPError?
    /// Whether the connection is not read from because enough waits.
    var isPaused = false

    /// How much may wait for a task that is busy elsewhere: the time of a look into a database, for a fast
    /// sender.
    static let queuedBytesMax = 64 << 10

    /// Whether so much waits that no more is asked for.
    var isFull: Bool { queuedBytes >= Self.queuedBytesMax }

    /// What is held for the task.
    var heldBytes: Int { queuedBytes + pieces.count * (ArrivalRow<SharedBytes>.bytesPerPlace + 64) }

    /// How much more may come now.
    var room: Int { max(0, Self.queuedBytesMax - queuedBytes) }

    func append(_ bytes: RawSpan) {
        pieces.append(SharedBytes(copying: bytes))
        queuedBytes += bytes.byteCount
    }

    func next() -> SharedBytes? {
        guard let piece = pieces.takeFirst() else { return nil }
        queuedBytes -= piece.count
        return piece
    }

    func drop() {
        pieces.removeAll()
        queuedBytes = 0
    }
}

/// The body of a request while it comes, as the task has it that answers the request.
///
/// **Ownership.** Lent to its task, on the connection's loop: the compiler refuses to let it out. The pieces
/// may be kept.
@safe
public struct HTTPBodyReader: ~Escapable {
    private let running: RunningAnswer
    /// Brings the loop's books, and reading from the client, up to what was taken.
    private let tookSome: () -> Void

    // SAFETY: lent by the task's scope, which keeps both for its own length.
    @_lifetime(immortal)
    init(_ running: RunningAnswer, tookSome: @escaping () -> Void) {
        self.running = running
        self.tookSome = tookSome
    }

    /// Waits for the next piece, of whatever size the network made it; nil at the body's end.
    ///
    /// - Throws: an ``HTTPError`` for a body that breaks a rule or is too long; `LinkError` when the
    ///   connection was lost; `CancellationError`. A handler may let all of them through.
    public nonisolated(nonsending) func next() async throws -> SharedBytes? {
        let link = running.link
        link.enter()
        guard let upload = running.upload else { return nil }
        while true {
            if let piece = upload.next() {
                tookSome()
                return piece
            }
            if let failure = upload.failure { throw failure }
            if upload.isComplete { return nil }
            if link.isOver {
                throw LinkError(.lost, expected: "the rest of a request's body", got: "the connection's end")
            }
            try link.checkCancellation()
            await link.wait(.reader, until: nil)
        }
    }
}
