import ZCNet

/// The negotiation of permessage-deflate (RFC 7692 5 and 7.1): parameters in, an agreement and header text
/// out.
///
/// Parsing and writing `Sec-WebSocket-Extensions` belongs to the handshake. Names are compared exactly;
/// values come without quotes.
package enum DeflateNegotiation {
    /// The extension's name in `Sec-WebSocket-Extensions`.
    package static let extensionName = "permessage-deflate"

    /// What zlib can compress with; see ``DeflateOptions/serverMaxWindowBits`` for why 8 is not among it.
    static let windowBitsMin = 9
    static let windowBitsMax = 15

    // MARK: Server

    /// The first of the client's offers, in its order of preference, that can be accepted, and the response
    /// that accepts it; nil declines all.
    package static func answer(
        _ offers: [[(name: String, value: String?)]], options: DeflateOptions
    ) -> (agreement: DeflateAgreement, response: String)? {
        for offer in offers {
            guard let parameters = try? DeflateParameters(offer, in: .offer),
                let answer = answer(parameters, options: options)
            else { continue }
            return answer
        }
        return nil
    }

    private static func answer(
        _ offer: DeflateParameters, options: DeflateOptions
    ) -> (agreement: DeflateAgreement, response: String)? {
        var response = extensionName
        // 7.1.1.1: a request that must be granted, and that may be granted unasked.
        let serverForgets = offer.serverNoContextTakeover || options.serverNoContextTakeover
        if serverForgets { response += "; server_no_context_takeover" }
        // 7.1.1.2: the client's word that it forgets, or the server's demand.
        let clientForgets = offer.clientNoContextTakeover || options.clientNoContextTakeover
        if clientForgets { response += "; client_no_context_takeover" }

        // 7.1.2.1: the answer is at most what was asked for.
        var serverBits = options.serverMaxWindowBits
        var wasAsked = false
        if case .bits(let asked) = offer.serverMaxWindowBits {
            guard asked >= windowBitsMin else { return nil }
            serverBits = min(serverBits, asked)
            wasAsked = true
        }
        if wasAsked || serverBits < windowBitsMax { response += "; server_max_window_bits=\(serverBits)" }

        // 7.1.2.2: only a client that names the parameter may be asked for less, and for no more than it
        // named.
        var clientBits = windowBitsMax
        switch offer.clientMaxWindowBits {
        case .absent: break
        case .withoutValue: clientBits = options.clientMaxWindowBits
        case .bits(let hint): clientBits = min(options.clientMaxWindowBits, hint)
        }
        if clientBits < windowBitsMax { response += "; client_max_window_bits=\(clientBits)" }

        let agreement = DeflateAgreement(
            serverNoContextTakeover: serverForgets, clientNoContextTakeover: clientForgets,
            serverWindowBits: serverBits, clientWindowBits: clientBits)
        return (agreement, response)
    }

    // MARK: Client

    /// What a client offers. One offer: what the options ask of the server keeps the client's memory within
    /// bounds, so a server that cannot grant it is talked to without compression.
    package static func offer(_ options: DeflateOptions) -> String {
        var offer = extensionName
        if options.serverNoContextTakeover { offer += "; server_no_context_takeover" }
        if options.clientNoContextTakeover { offer += "; client_no_context_takeover" }
        if options.serverMaxWindowBits < windowBitsMax {
            offer += "; server_max_window_bits=\(options.serverMaxWindowBits)"
        }
        offer += "; client_max_window_bits"
        if options.clientMaxWindowBits < windowBitsMax { offer += "=\(options.clientMaxWindowBits)" }
        return offer
    }

    /// Checks the server's response to ``offer(_:)`` of the same options.
    ///
    /// - Throws: when it is no response to that offer; the connection must then fail (RFC 7692 7.1).
    package static func accept(
        _ response: [(name: String, value: String?)], options: DeflateOptions
    ) throws(DeflateNegotiationError) -> DeflateAgreement {
        let parameters = try DeflateParameters(response, in: .response)
        guard parameters.serverNoContextTakeover || !options.serverNoContextTakeover else {
            throw DeflateNegotiationError(
                parameter: "server_no_context_takeover", expected: "the parameter, as offered",
                got: "a response without it")
        }
        var agreement = DeflateAgreement(
            serverNoContextTakeover: parameters.serverNoContextTakeover,
            clientNoContextTakeover: parameters.clientNoContextTakeover || options.clientNoContextTakeover,
            clientWindowBits: options.clientMaxWindowBits)

        let asked = options.serverMaxWindowBits
        if case .bits(let bits) = parameters.serverMaxWindowBits {
            try check("server_max_window_bits", bits, in: 8...asked)
            agreement.serverWindowBits = UInt8(bits)
        } else if asked < windowBitsMax {
            throw DeflateNegotiationError(
                parameter: "server_max_window_bits", expected: "8...\(asked)", got: "a response without it")
        }
        if case .bits(let bits) = parameters.clientMaxWindowBits {
            // The least is zlib's; the protocol would allow 8.
            try check("client_max_window_bits", bits, in: windowBitsMin...options.clientMaxWindowBits)
            agreement.clientWindowBits = UInt8(bits)
        }
        return agreement
    }

    private static func check(
        _ parameter: String, _ bits: Int, in range: ClosedRange<Int>
    ) throws(DeflateNegotiationError) {
        guard !range.contains(bits) else { return }
        throw DeflateNegotiationError(
            parameter: parameter, expected: "\(range.lowerBound)...\(range.upperBound)", got: "\(bits)")
    }
}

/// A parameter of permessage-deflate that cannot be accepted: what was expected and what came.
package struct DeflateNegotiationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which parameter is meant.
    package let parameter: String
    /// What RFC 7692 allows there.
    package let expected: String
    /// What came in its place.
    package let got: String

    package init(parameter: String, expected: String, got: String) {
        self.parameter = parameter
        self.expected = expected
        self.got = got
    }

    /// One line, of bounded length whatever the peer sent.
    package var description: String {
        "permessage-deflate, \(Self.brief(parameter)): expected \(expected), got \(Self.brief(got))"
    }

    private static func brief(_ text: String) -> String {
        text.utf8.count <= 64 ? text : "\(text.prefix(16))… (\(text.utf8.count) bytes)"
    }
}

/// The parameters of one permessage-deflate offer or response, each checked by itself (RFC 7692 7.1).
struct DeflateParameters: Hashable {
    /// A parameter that is optional and whose value may be missing, too.
    enum WindowBits: Hashable {
        case absent
        case withoutValue
        case bits(Int)
    }

    /// Where the parameters stand: only an offer may have `client_max_window_bits` without a value.
    enum Place {
        case offer
        case response
    }

    var serverNoContextTakeover = false
    var clientNoContextTakeover = false
    var serverMaxWindowBits = WindowBits.absent
    var clientMaxWindowBits = WindowBits.absent

    /// Reads a list of parameters.
    ///
    /// - Throws: for a parameter that is unknown, appears twice or has a value that it must not have.
    init(
        _ parameters: [(name: String, value: String?)], in place: Place
    ) throws(DeflateNegotiationError) {
        for (name, value) in parameters {
            switch name {
            case "server_no_context_takeover":
                try Self.checkFlag(name, value, isSet: serverNoContextTakeover)
                serverNoContextTakeover = true
            case "client_no_context_takeover":
                try Self.checkFlag(name, value, isSet: clientNoContextTakeover)
                clientNoContextTakeover = true
            case "server_max_window_bits":
                try Self.checkFirst(name, value, isSet: serverMaxWindowBits != .absent)
                serverMaxWindowBits = .bits(try Self.bits(name, value))
            case "client_max_window_bits":
                try Self.checkFirst(name, value, isSet: clientMaxWindowBits != .absent)
                let isBare = place == .offer && value == nil
                clientMaxWindowBits = isBare ? .withoutValue : .bits(try Self.bits(name, value))
            default:
                throw DeflateNegotiationError(
                    parameter: name, expected: "a parameter of RFC 7692", got: value.map { "=\($0)" } ?? name)
            }
        }
    }

    private static func checkFlag(
        _ name: String, _ value: String?, isSet: Bool
    ) throws(DeflateNegotiationError) {
        try checkFirst(name, value, isSet: isSet)
        if let value { throw DeflateNegotiationError(parameter: name, expected: "no value", got: value) }
    }

    private static func checkFirst(
        _ name: String, _ value: String?, isSet: Bool
    ) throws(DeflateNegotiationError) {
        guard isSet else { return }
        throw DeflateNegotiationError(
            parameter: name, expected: "once", got: "twice, then with the value \(value ?? "none")")
    }

    /// RFC 7692 7.1.2: a decimal integer without leading zeros between 8 and 15.
    private static func bits(_ name: String, _ value: String?) throws(DeflateNegotiationError) -> Int {
        switch value {
        case "8": return 8
        case "9": return 9
        case "10": return 10
        case "11": return 11
        case "12": return 12
        case "13": return 13
        case "14": return 14
        case "15": return 15
        default:
            throw DeflateNegotiationError(parameter: name, expected: "8...15", got: value ?? "no value")
        }
    }
}

/// What two endpoints agreed on about compression.
package struct DeflateAgreement: Hashable, Sendable {
    /// Whether the server forgets its window after each message.
    package var serverNoContextTakeover: Bool
    /// Whether the client forgets its window after each message.
    package var clientNoContextTakeover: Bool
    /// The server's compressor looks back at most 2 to the power of this.
    package var serverWindowBits: UInt8
    /// The client's compressor looks back at most 2 to the power of this.
    package var clientWindowBits: UInt8

    /// The protocol's defaults: takeover and full windows both ways (RFC 7692 7.1).
    package init(
        serverNoContextTakeover: Bool = false, clientNoContextTakeover: Bool = false,
        serverWindowBits: Int = 15, clientWindowBits: Int = 15
    ) {
        self.serverNoContextTakeover = serverNoContextTakeover
        self.clientNoContextTakeover = clientNoContextTakeover
        self.serverWindowBits = UInt8(serverWindowBits)
        self.clientWindowBits = UInt8(clientWindowBits)
    }
}
