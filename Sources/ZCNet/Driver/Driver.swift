import ZCLibC

/// THE CONTRACT between a loop and the kernel, or whatever plays the kernel.
///
/// A driver reports **completions**: a connection was accepted, bytes are in memory, bytes left.
/// `EpollDriver` turns readiness into completions by making the calls itself; `URingDriver` hands on what the
/// kernel reports; a driver for tests makes them up. The loop above never asks which one it runs on, only for
/// the properties below, in which drivers differ.
///
/// **Threads.** Everything is called on the loop's thread, except `wake()`, which any thread may call.
///
/// **Tokens.** The loop names each socket by a `Token`. A completion whose token is stale (its socket was
/// closed since) is recognised by the sink and dropped; a driver may therefore report late, but never for a
/// new socket under an old token.
///
/// **Receiving.** After `attach`, the driver keeps receiving until `pauseReceiving`, an end, a failure or
/// `close`. Each reception goes: `sink.receiveTarget(token)` lends memory (nil: paused or stale, receive
/// nothing), the driver fills a prefix, `sink.received(token, count)` hands it over. After `received`
/// returns, the memory belongs to the sink again: it may have been kept. The end of the peer's stream is
/// reported once, after all bytes, by `ended`. A driver with memory of its own (io_uring's provided buffers)
/// lends it to the sink instead, by `received(token, chunk)`, whose answer says how much was taken; the rest
/// the driver keeps, and shows again when it is told to resume.
///
/// **Sending.** `send` offers gathered bytes. `.sent(n)` took the first `n` at once (`n` may be 0: the kernel
/// is full) and when `n` is short the driver reports `sent(token, 0)` as soon as there is room again.
/// `.inFlight` means the driver reads the bytes until it reports `sent(token, n)`; they must stay where they
/// are until then (see `sendsDirectly`). Per connection there is at most one send under way, so bytes never
/// change their order.
///
/// **Failures.** `failed(token, errno)` is the last completion of a token. So is `close`: after it the driver
/// reports nothing more under that token, and memory that a send in flight still reads is released by the
/// driver's last `sent`, which `close` may defer.
///
/// **Order.** Completions of one connection keep their order. Between connections there is none.
///
/// **Spurious completions** are allowed (`sent(token, 0)` with nothing queued, a wake-up without a message);
/// lost ones are not. A driver never calls the sink outside `poll`.
package protocol Driver: AnyObject {
    /// True when `send` never answers `.inFlight`, so that borrowed memory may be offered.
    var sendsDirectly: Bool { get }

    /// Where the driver gathers small sends before the kernel has them; nil where it does not. Bytes that are
    /// written there before they are offered are spared a copy.
    var stage: LoopOwned<SendStage>? { get }

    /// The time by which this driver's world runs: the kernel's monotonic clock, or one for tests.
    var clock: MonotonicClock { get }

    /// Whether `clock` goes on while a callback runs, so that slow callbacks are told of. A clock that stands
    /// still meanwhile belongs to a run that must replay the same, whatever its callbacks take.
    var clockRunsInCallbacks: Bool { get }

    /// Whether listening at a path of the file system makes a file there, for the listener's owner to remove.
    var makesSocketFiles: Bool { get }

    /// Whether somebody steps the loop, whose time passes only when nothing is left to be done: work that
    /// elsewhere may go to another thread then stays on the loop, where whoever steps it can see its end.
    var isStepped: Bool { get }

    // MARK: The thread

    /// The first call on the loop's thread. Before it only `listen`, `startAccepting` and their opposites.
    func begin()

    /// The last call on the loop's thread: every socket has been closed, and this takes effect.
    func end()

    // MARK: Listening

    /// Creates a listening socket; the answer carries the address really bound (port 0 becomes a number).
    func listen(
        on address: SocketAddress, options: ListenerOptions
    ) throws(SystemError) -> (Descriptor, SocketAddress)

    /// Makes a listening socket that the process was given this driver's, to be closed like one of its own;
    /// the answer is its address. What it refuses it leaves as it was.
    func adoptListener(_ listener: Descriptor) throws -> SocketAddress

    /// Reports every connection accepted from now on as `accepted`, until `stopAccepting` or the sink says
    /// stop.
    func startAccepting(_ listener: Descriptor, token: Token) throws(SystemError)

    /// Stops accepting; connections wait in the kernel's backlog. `startAccepting` resumes.
    func stopAccepting(_ listener: Descriptor, token: Token)

    /// Accepts nobody ahead of the sink from now on, as each connection is dear to it: those who wait stay in
    /// the backlog. What was asked of the kernel before this call is not called back.
    func acceptOneByOne()

    /// Closes the listening socket; what waits in its backlog is refused.
    func closeListener(_ listener: Descriptor, token: Token)

    // MARK: Connections

    /// Starts a connection; `connected` or `failed` follows. The socket is not yet attached.
    func connect(
        to address: SocketAddress, options: SocketOptions, token: Token
    ) throws(SystemError) -> Descriptor

    /// Applies socket options to an accepted connection.
    func configure(_ descriptor: Descriptor, options: SocketOptions)

    /// Starts receiving on an accepted or connected socket.
    func attach(_ descriptor: Descriptor, token: Token) throws(SystemError)

    /// As `attach`, for a connection of which the sink says each time whether it receives at all, by
    /// `receiveTarget`: what has come stays in the socket until then, and takes no memory of the driver's.
    func attachInTurns(_ descriptor: Descriptor, token: Token) throws(SystemError)

    /// Reports no more bytes until `resumeReceiving`; what arrives waits in the kernel.
    func pauseReceiving(_ descriptor: Descriptor, token: Token)

    /// Receives again, including what arrived during the pause.
    func resumeReceiving(_ descriptor: Descriptor, token: Token)

    /// Offers bytes; see **Sending** above. `vectors` is never empty.
    func send(_ descriptor: Descriptor, token: Token, vectors: IOVectors) -> SendOutcome

    /// Sends from a file or a pipe without a visit to user space; the answer is as for `send`, never
    /// `.inFlight` where `sendsDirectly`; `.sourceEnded` when the file has shrunk below its range.
    func sendFile(_ descriptor: Descriptor, token: Token, from file: borrowing FileSource) -> SendOutcome

    /// Has the kernel take what is staged, before work that takes long.
    func sendStaged()

    /// Ends the sending direction: the peer reads the end after everything sent before.
    func finishSending(_ descriptor: Descriptor, token: Token)

    /// Closes at once. With `reset` the peer sees a reset instead of an end, and nothing lingers in the
    /// kernel.
    func close(_ descriptor: Descriptor, token: Token, reset: Bool)

    /// How many of the bytes that `send` and `sendFile` took the peer's kernel has not acknowledged: they are
    /// the driver's, this kernel's, or on their way. A call to the kernel, for rare use.
    func unacknowledgedBytes(of descriptor: Descriptor, token: Token) -> Int

    /// Whether the peer has ended its direction, whatever of it is still to be received. A call to the
    /// kernel, for rare use.
    func hasPeerEnded(_ descriptor: Descriptor, token: Token) -> Bool

    /// The address a socket is bound to, nil when the kernel no longer says.
    func localAddress(of descriptor: Descriptor) -> SocketAddress?

    // MARK: The turn

    /// Waits until something completes, `wake` is called, or the time is over; reports completions to `sink`.
    ///
    /// A negative timeout waits for ever, 0 only looks. The wait may end early with nothing to report.
    ///
    /// Returns how many completions were reported; 0 promises that nothing was due, so where that is not
    /// known the answer is 1. Less than 0 says that nothing was even looked at, as after `EINTR`: then no
    /// timer may come due, as what would have stopped it may be there.
    func poll(timeoutNanoseconds: Int64, into sink: any CompletionSink) throws(SystemError) -> Int

    /// Whether bytes of sockets that were closed in good order have yet to go into the kernel. A loop that is
    /// to end waits for them, as long as its grace lasts.
    var isFlushing: Bool { get }

    /// The memory of the driver's own that was lent to the sink and that somebody has kept.
    var retainedBytes: Int { get }

    /// Gives back what a burst needed and nothing has needed since the last call. Between turns' completions,
    /// seconds apart; on the loop's thread.
    func freeUnused()

    /// Makes a `poll` that is under way, or else the next one, return at once. Any thread. Cheap when
    /// repeated.
    func wake()
}

extension Driver {
    /// Most drivers run by the kernel's clock.
    package var clockRunsInCallbacks: Bool { true }

    /// Most drivers hand the kernel what they are offered at once.
    package var stage: LoopOwned<SendStage>? { nil }

    /// Most drivers accept when they are told to, and ask the sink after each.
    package func acceptOneByOne() {}

    /// Most drivers receive nothing ahead of the sink.
    package func attachInTurns(_ descriptor: Descriptor, token: Token) throws(SystemError) {
        try attach(descriptor, token: token)
    }

    /// Most drivers stage nothing.
    package func sendStaged() {}

    /// Most drivers' sockets are the kernel's.
    package func adoptListener(_ listener: Descriptor) throws -> SocketAddress {
        try KernelSocket.adoptListener(listener)
    }

    /// Most drivers' sockets are the kernel's.
    package var makesSocketFiles: Bool { true }

    package var isStepped: Bool { false }

    /// Most drivers leave such bytes to the kernel.
    package var isFlushing: Bool { false }

    /// Most drivers have none.
    package var retainedBytes: Int { 0 }

    /// Most drivers have no memory to speak of.
    package func freeUnused() {}
}

/// What takes a driver's completions; see the contract in `Driver`.
package protocol CompletionSink: AnyObject {
    /// Waiting is over: called once per `poll`, before its first completion, so that what follows sees the
    /// time of now and not of before the wait.
    func awoke()
    /// Memory to receive into for this connection, or nil when it is paused or gone.
    func receiveTarget(_ token: Token) -> ReceiveTarget?
    /// `count` bytes are in the memory lent last.
    func received(_ token: Token, count: Int)
    /// These bytes came, in memory of the driver's, lent for the call; how many of the first ones were taken.
    /// Less than all means that the connection is paused.
    func received(_ token: Token, _ chunk: borrowing ReceivedChunk) -> Int
    /// The peer will send no more.
    func ended(_ token: Token)
    /// `count` bytes of a send in flight are done, or (0) there is room again.
    func sent(_ token: Token, count: Int)
    /// A connection that `connect` started is up.
    func connected(_ token: Token)
    /// The connection is broken; nothing follows.
    func failed(_ token: Token, errno: Errno)
    /// A connection came in; false asks the driver to stop accepting for now.
    func accepted(_ listener: Token, descriptor: Descriptor, peer: IPEndpoint) -> Bool
    /// Accepting failed; true asks the driver to stop accepting for now.
    func acceptFailed(_ listener: Token, errno: Errno) -> Bool
    /// The descriptor of a connection, or nil when it is gone.
    func descriptor(of token: Token) -> Descriptor?
}

/// Memory lent for one reception.
///
/// SAFETY: `@safe` because the memory belongs to the sink, which keeps it until the next call to it.
@safe
package struct ReceiveTarget {
    package let descriptor: Descriptor
    package let memory: UnsafeMutableRawBufferPointer
}

/// What became of bytes offered to the kernel.
package enum SendOutcome: Equatable {
    /// The first so many were taken, perhaps none.
    case sent(Int)
    /// All are being sent; they must not move until the driver says so.
    case inFlight
    /// The file ended before its range did.
    case sourceEnded
    /// The connection is broken.
    case failed(Errno)
}

/// What a driver is told to call a socket by, and names in its completions.
///
/// The owner chooses it; to a driver it is an opaque number except for the top bit, which keeps listeners and
/// connections apart, for the lowest 22 bits of a connection's, which are small and which no two open ones
/// share, and for one value of its own. A token is never reused for another socket, so a
/// completion that comes late is recognised as stale.
@frozen
@usableFromInline
package struct Token: RawRepresentable, Hashable, Sendable {
    @usableFromInline package let rawValue: UInt64

    @inlinable
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The token of a listening socket; the highest bit tells it from a connection.
    package init(listener number: UInt32) { self.init(rawValue: 1 << 63 | UInt64(number)) }

    /// Reserved by drivers for their own wake-up.
    package static let wake = Token(rawValue: .max)

    /// A connection's place, for a table of the driver's own.
    @inline(__always)
    var place: Int { Int(truncatingIfNeeded: rawValue & 0x3F_FFFF) }

    package var isListener: Bool { rawValue >> 63 == 1 && self != .wake }
}

/// Where the next bytes of a file transfer come from.
package struct FileSource {
    /// An open regular file or a pipe.
    package let descriptor: Descriptor
    /// The next byte's position; nil for a pipe.
    package let offset: Int64?
    /// At most so many bytes.
    package let count: Int

    package init(descriptor: Descriptor, offset: Int64?, count: Int) {
        self.descriptor = descriptor
        self.offset = offset
        self.count = count
    }
}

/// Bytes in several places, offered to the kernel in one call.
///
/// SAFETY: `@safe` because whoever builds one keeps the vectors and the bytes they name in place for the call
/// that it is passed to, and longer only where the driver's contract asks for it.
@safe
package struct IOVectors {
    package let base: UnsafeMutablePointer<iovec>
    package let count: Int
    /// The sum of all lengths.
    package let byteCount: Int

    package init(base: UnsafeMutablePointer<iovec>, count: Int, byteCount: Int) {
        unsafe self.base = base
        self.count = count
        self.byteCount = byteCount
    }
}
