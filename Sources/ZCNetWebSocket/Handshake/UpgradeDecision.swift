/// What a server makes of an upgrade request.
public enum UpgradeDecision: Hashable, Sendable {
    /// The conversation begins. A subprotocol of nil takes the route's choice; fields of the handshake itself
    /// cannot be overridden by `headers`.
    case accept(subprotocol: String? = nil, headers: HTTPHeaders = HTTPHeaders())
    /// The client is told why not.
    case reject(HTTPResponse)
}
