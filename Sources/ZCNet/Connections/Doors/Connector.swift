import Synchronization

/// One attempt to reach an endpoint: resolves it, tries its addresses in turn, and answers once.
///
/// Addresses are tried on the loop that is to serve the connection, all within one time limit. `localhost`
/// tries IPv4 and then IPv6, which is where a refusal comes at once. Where connections are to be secured the
/// time limit covers that too; an address that came up and could not be secured is the last one.
///
/// SAFETY: `Sendable` is unchecked because everything but `start` runs on the loop.
final class Connector: @unchecked Sendable {
    /// Told of the outcome, with the host that serves the connection where there is one.
    typealias Completion = @Sendable (Result<ConnectionID, ConnectError>, ConnectionHost?) -> Void

    private let text: String
    private let options: SocketOptions
    private let role: UInt16
    private let security: ClientSecurity?
    private let loop: Int
    private let siblings: SiblingHosts
    private let completion: Completion
    private let timeout: Duration

    private var endpoint: Endpoint?
    private var deadline = MonotonicInstant.zero
    private var addresses: [SocketAddress] = []
    private var attempts: [SystemError] = []

    init(
        to text: String, options: SocketOptions, role: UInt16, security: ClientSecurity?, loop: Int,
        siblings: SiblingHosts, timeout: Duration,
        completion: @escaping Completion
    ) {
        self.text = text
        self.options = options
        self.role = role
        self.security = security
        self.loop = loop
        self.siblings = siblings
        self.timeout = timeout
        self.completion = completion
    }

    /// Begins; the completion comes on the loop, or here when the loop is gone or the text names nothing.
    func start() {
        let endpoint: Endpoint
        do throws(AddressError) {
            endpoint = try Endpoint(parsing: text)
        } catch {
            return answer(.address(error))
        }
        onLoop { [self] host in
            self.endpoint = endpoint
            deadline = host.loop.now + timeout
            if let addresses = Resolver.immediate(endpoint) { return tryNext(of: addresses, on: host) }
            guard case .host(let name, let port) = endpoint else { return }
            Resolver.resolve(name, port: port) { [self] result in
                onLoop { [self] host in
                    switch result {
                    case .success(let addresses): tryNext(of: addresses, on: host)
                    case .failure(let failure): answer(.resolution(failure.reason))
                    }
                }
            }
        }
    }

    private func onLoop(_ work: @escaping @Sendable (ConnectionHost) -> Void) {
        if siblings.post(to: loop, isControl: true, work) == .stopped { answer(.stopped) }
    }

    private func tryNext(of addresses: [SocketAddress], on host: ConnectionHost) {
        self.addresses = addresses
        guard let address = self.addresses.first else { return answer(.refused) }
        self.addresses.removeFirst()
        let left = deadline - host.loop.now
        guard left > .zero else { return answer(.timedOut) }
        host.connect(to: address, options: options, role: role, timeout: left) {
            [self, unowned host] result in
            switch result {
            case .success(let id): secure(id, host)
            case .failure(let error):
                attempts.append(error)
                if error.errno == .cancelled { return answer(.stopped) }
                if error.errno == .timedOut && host.loop.now >= deadline { return answer(.timedOut) }
                if self.addresses.isEmpty { return answer(.refused) }
                tryNext(of: self.addresses, on: host)
            }
        }
    }

    /// The connection is up, and its security's role's where there is one.
    private func secure(_ id: ConnectionID, _ host: ConnectionHost) {
        guard let security else { return completion(.success(id), host) }
        guard let slot = host.find(id), let endpoint else { return answer(.stopped) }
        let left = max(deadline - host.loop.now, .milliseconds(1))
        let greeting = SecurityGreeting(endpoint: endpoint, timeout: left) { [self, unowned host] cause in
            if let cause { answer(cause) } else { completion(.success(id), host) }
        }
        host.withState(slot) { security.begin($0, $1, greeting) }
    }

    private func answer(_ cause: ConnectError.Cause) {
        completion(.failure(ConnectError(endpoint: text, cause: cause, attempts: attempts)), nil)
    }
}

/// A connection that did not come up: where to, and what each address answered.
///
/// Its description reads like `connect example:80: connect 192.0.2.1:80: ECONNREFUSED (Connection refused)`.
public struct ConnectError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, apart from the addresses' own answers.
    public enum Cause: Hashable, Sendable {
        /// The text names no endpoint.
        case address(AddressError)
        /// The name has no address.
        case resolution(String)
        /// Every address that was tried refused or failed.
        case refused
        /// The time was over.
        case timedOut
        /// The client is shutting down.
        case stopped
        /// The connection came up and could not be secured.
        case security(SecurityError)
        /// The task that waited for a link was cancelled.
        case cancelled
    }

    /// Where to, as it was given.
    public let endpoint: String
    /// The kind of failure.
    public let cause: Cause
    /// The answers of the addresses that were tried, in order.
    public let attempts: [SystemError]

    package init(endpoint: String, cause: Cause, attempts: [SystemError]) {
        self.endpoint = endpoint
        self.cause = cause
        self.attempts = attempts
    }

    /// The endpoint and everything that is known.
    public var description: String {
        let reason =
            switch cause {
            case .address(let error): error.description
            case .resolution(let reason): "cannot resolve the name: \(reason)"
            case .refused: attempts.isEmpty ? "no address" : ""
            case .timedOut: "timed out"
            case .stopped: "the client is shutting down"
            case .security(let error): error.description
            case .cancelled: "cancelled"
            }
        let parts = [reason].filter { !$0.isEmpty } + attempts.map(\.description)
        return "connect \(endpoint): " + parts.joined(separator: "; ")
    }
}
