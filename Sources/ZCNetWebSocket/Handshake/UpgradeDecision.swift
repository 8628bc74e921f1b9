/// What a server makes of an upgrade request.
public enum UpgradeDecision: Hashable, Sendable {
    /// The conversation begins.
    ///
    /// - Parameters:
    ///   - subprotocol: one of those that the client offers; nil takes the route's choice.
    ///   - headers: what to add to the response; fields of the handshake itself are not allowed.
    case accept(subprotocol: String? = nil, headers: HTTPHeaders = HTTPHeaders())
    /// The client is told why not.
    case reject(HTTPResponse)

    /// The client is told why not, in plain text.
    ///
    /// - Precondition: the status is 200 to 599.
    public static func reject(
        status: Int, headers: HTTPHeaders = HTTPHeaders(), text: String = ""
    ) -> UpgradeDecision {
        var response = HTTPResponse(status: status, text: text)
        for field in headers.fields { response.headers.add(field.name, field.value) }
        return .reject(response)
    }
}
