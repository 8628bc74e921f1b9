/// An extension with its parameters, as `Sec-WebSocket-Extensions` names it: in a request an offer, in a
/// response what was agreed on. RFC 6455 9.1.
public struct ExtensionOffer: Hashable, Sendable, CustomStringConvertible {
    /// One parameter: its name, and its value where it has one.
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

extension ExtensionOffer {
    /// Reads the values of all `Sec-WebSocket-Extensions` fields of a message, in their order.
    ///
    /// RFC 6455 9.1: `extension *("," extension)`, each `name *(";" name ["=" (token | quoted-string)])`,
    /// where a quoted string stands for a token. Empty elements between commas are passed over (RFC 9110
    /// 5.6.1). O(n).
    package static func parse(_ values: [String]) throws(HandshakeError) -> [ExtensionOffer] {
        var offers: [ExtensionOffer] = []
        for value in values {
            var reader = Reader(bytes: Array(value.utf8))
            while try reader.findElement() { offers.append(try reader.readExtension()) }
        }
        guard !offers.isEmpty || values.isEmpty else {
            throw HandshakeError(.extensions, expected: "an extension's name", got: "an empty field")
        }
        return offers
    }

    /// Where in a value the parser stands.
    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

        /// Passes over spaces and tabs.
        private mutating func skipBlanks() {
            while let byte = next, HTTPCharacters.isBlank(byte) { position += 1 }
        }

        /// Passes over a character and the blanks behind it, if it is there.
        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard next == UInt8(ascii: character) else { return false }
            position += 1
            skipBlanks()
            return true
        }

        /// Finds the next element of the list; false when there is none.
        mutating func findElement() throws(HandshakeError) -> Bool {
            skipBlanks()
            while take(",") {}
            return position < bytes.count
        }

        mutating func readExtension() throws(HandshakeError) -> ExtensionOffer {
            let name = try readToken("an extension's name")
            var parameters: [Parameter] = []
            while take(";") {
                let name = try readToken("a parameter's name")
                guard take("=") else {
                    parameters.append(Parameter(name))
                    continue
                }
                let isQuoted = next == HTTPCharacters.quote
                parameters.append(
                    Parameter(name, isQuoted ? try readQuoted() : try readToken("a parameter's value")))
            }
            if let byte = next, byte != UInt8(ascii: ",") {
                throw failure("';' or ',' between extensions", HTTPCharacters.named(byte))
            }
            return ExtensionOffer(name, parameters)
        }

        /// A token and the blanks behind it.
        private mutating func readToken(_ what: String) throws(HandshakeError) -> String {
            let start = position
            while let byte = next, HTTPCharacters.isToken(byte) { position += 1 }
            guard position > start else {
                throw failure(what, next.map(HTTPCharacters.named) ?? "the end")
            }
            let token = String(decoding: bytes[start..<position], as: UTF8.self)
            skipBlanks()
            return token
        }

        /// What a quoted string stands for, which has to be a token.
        private mutating func readQuoted() throws(HandshakeError) -> String {
            position += 1
            var content: [UInt8] = []
            while var byte = next, byte != HTTPCharacters.quote {
                position += 1
                if byte == HTTPCharacters.backslash {
                    guard let escaped = next else { break }
                    position += 1
                    byte = escaped
                }
                guard HTTPCharacters.isToken(byte) else {
                    throw failure("a quoted value that is a token", HTTPCharacters.named(byte))
                }
                content.append(byte)
            }
            guard next == HTTPCharacters.quote, !content.isEmpty else {
                throw failure("a quoted value", next == nil ? "no closing quote" : "an empty one")
            }
            position += 1
            skipBlanks()
            return String(decoding: content, as: UTF8.self)
        }

        private func failure(_ expected: String, _ got: String) -> HandshakeError {
            HandshakeError(
                .extensions, expected: "\(expected) (RFC 6455 9.1)", got: "\(got) at offset \(position)")
        }
    }
}
