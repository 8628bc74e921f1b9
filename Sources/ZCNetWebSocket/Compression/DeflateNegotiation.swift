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
