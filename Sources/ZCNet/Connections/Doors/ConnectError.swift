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
    }

    /// Where to, as it was given.
    public let endpoint: String
    /// What went wrong.
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
            }
        let parts = [reason].filter { !$0.isEmpty } + attempts.map(\.description)
        return "connect \(endpoint): " + parts.joined(separator: "; ")
    }
}
