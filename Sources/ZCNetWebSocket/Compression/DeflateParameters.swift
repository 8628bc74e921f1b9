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
