/// An extension with its parameters, as `Sec-WebSocket-Extensions` names it: in a request an offer, in a
/// response what was agreed on. RFC 6455 9.1.
public struct ExtensionOffer: Hashable, Sendable, CustomStringConvertible {
    /// One parameter.
    public struct Parameter: Hashable, Sendable {
        /// Its name, as it was written.
        public let name: String
        /// Its value, without quotes; nil when it has none.
        public let value: String?

        /// A parameter with or without a value.
        public init(_ name: String, _ value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    /// The extension's registered name.
    public let name: String
    /// Its parameters, in order; a name may come twice.
    public let parameters: [Parameter]

    /// An extension with its parameters.
    public init(_ name: String, _ parameters: [Parameter] = []) {
        self.name = name
        self.parameters = parameters
    }

    /// The parameters as pairs, for what does not know this type.
    package var pairs: [(name: String, value: String?)] { parameters.map { ($0.name, $0.value) } }

    /// As a header field has it: values are tokens, which need no quotes.
    public var description: String {
        name
            + parameters.map { parameter in
                "; " + parameter.name + (parameter.value.map { "=" + $0 } ?? "")
            }.joined()
    }
}
