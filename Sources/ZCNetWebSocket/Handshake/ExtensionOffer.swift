/// One element of a Sec-WebSocket-Extensions field: RFC 6455 9.1.
struct ExtensionOffer: Hashable {
    /// The extension's name.
    let name: String
    /// Its parameters in order, with their values where they have one.
    let parameters: [Parameter]

    /// A name, and perhaps a value without its quotes.
    struct Parameter: Hashable {
        let name: String
        let value: String?
    }

    /// What a head offers, in order; nil when it breaks the grammar.
    static func offers(in headers: HTTPHeaders) -> [ExtensionOffer]? {
        var offers: [ExtensionOffer] = []
        for element in headers.list(of: "Sec-WebSocket-Extensions") {
            guard let offer = ExtensionOffer(element) else { return nil }
            offers.append(offer)
        }
        return offers
    }

    init?(_ text: String) {
        var parts = text.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)[...]
        guard let name = parts.popFirst(), Self.isToken(name) else { return nil }
        var parameters: [Parameter] = []
        for part in parts {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = pair.first, Self.isToken(Self.trimmed(first)) else { return nil }
            var value = pair.count == 2 ? Self.trimmed(pair[1]) : nil
            // RFC 6455 9.1: what stands between quotes must be a token as well.
            if let quoted = value, quoted.utf8.count >= 2, quoted.hasPrefix("\""), quoted.hasSuffix("\"") {
                value = String(quoted.dropFirst().dropLast())
            }
            if let value, !Self.isToken(value) { return nil }
            parameters.append(Parameter(name: Self.trimmed(first), value: value))
        }
        self.name = name
        self.parameters = parameters
    }

    private static func trimmed(_ text: Substring) -> String {
        String(decoding: HTTPCharacters.trim(Array(text.utf8)[...]), as: UTF8.self)
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(HTTPCharacters.isToken)
    }
}
