public import ZCNet
public import ZCNetWebSocket

/// One attempt to be let in by a server: who is asked, with what, and who is owed the one answer.
///
/// Any thread. The answer is given outside of the lock, by whoever settles the attempt: the loop, or the
/// thread that cancels.
final class GoimAttempt: GoimWaiting {
    typealias Completion = @Sendable (Result<GoimRemote, GoimConnectError>) -> Void

    private enum Phase {
        /// Nobody has asked yet.
        case made
        /// There is no connection yet.
        case connecting(Completion)
        /// The server is asked through this connection.
        case asking(Completion, GoimHandle)
        case settled
    }

    let address: String
    let token: GoimMessage
    private let phase = Locked(Phase.made)

    init(_ address: String, _ token: GoimMessage) {
        self.address = address
        self.token = token
    }

    /// Names who is to be answered; false, and it was answered, when the attempt was cancelled before.
    func begin(_ completion: @escaping Completion) -> Bool {
        let isFresh = phase.withLock { phase in
            guard case .made = phase else { return false }
            phase = .connecting(completion)
            return true
        }
        if !isFresh { completion(.failure(GoimConnectError(address, .cancelled))) }
        return isFresh
    }

    /// The connection is up; false when nobody waits for it any more.
    func connected(_ handle: GoimHandle) -> Bool {
        phase.withLock { phase in
            guard case .connecting(let completion) = phase else { return false }
            phase = .asking(completion, handle)
            return true
        }
    }

    func succeed(_ remote: GoimRemote) { take()?.completion(.success(remote)) }

    func fail(_ cause: GoimConnectError.Cause) {
        take()?.completion(.failure(GoimConnectError(address, cause)))
    }

    func end(_ reason: GoimCloseReason) { fail(.closed(reason)) }

    /// Gives up: the answer comes now, and a connection that is under way ends.
    func cancel() {
        let taken = take()
        taken?.handle?.perform(isControl: true) { $0.base.end(CloseReason(.local), isAbortive: true) }
        taken?.completion(.failure(GoimConnectError(address, .cancelled)))
    }

    private func take() -> (completion: Completion, handle: GoimHandle?)? {
        phase.withLock { phase in
            defer { phase = .settled }
            return switch phase {
            case .connecting(let completion): (completion, nil)
            case .asking(let completion, let handle): (completion, handle)
            case .made, .settled: nil
            }
        }
    }
}

/// Why a connection to a goim server did not come about.
public struct GoimConnectError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public enum Cause: Hashable, Sendable {
        /// The text cannot be read as an address, and nothing was sent.
        case address
        /// No TCP connection came about.
        case unreachable(ConnectError)
        /// No WebSocket conversation came about.
        case webSocket(WebSocketConnectError)
        /// The server, or this side, ended it before the server had let the client in.
        case closed(GoimCloseReason)
        /// The task that waited was cancelled.
        case cancelled
    }

    /// The address that was given.
    public let address: String
    /// The kind of failure.
    public let cause: Cause

    init(_ address: String, _ cause: Cause) {
        self.address = address
        self.cause = cause
    }

    /// A line for a log.
    public var description: String {
        switch cause {
        case .address: "expected tcp://HOST:PORT or ws://HOST:PORT/PATH, got '\(address)'"
        case .unreachable(let error): "\(error)"
        case .webSocket(let error): "\(error)"
        case .closed(let reason): "\(address): not let in: \(reason)"
        case .cancelled: "\(address): cancelled"
        }
    }
}
