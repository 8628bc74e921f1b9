import ZCNetWebSocket

/// The extensions' field: what is accepted is the same when written and read again, and the answer to an
/// offer is one that a client of the same options accepts.
struct ExtensionTarget: FuzzTarget {
    let name = "extensions"
    let bytesMax = 1000

    var words: [[UInt8]] {
        [
            "permessage-deflate", "; server_no_context_takeover", "; client_no_context_takeover",
            "; server_max_window_bits=10", "; client_max_window_bits", "; client_max_window_bits=\"15\"",
            "=8", "=16",
            ",", ";", "=", "\"", "\\", " ", "\t",
        ].map { Array($0.utf8) }
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<random.below(4) {
            if !bytes.isEmpty { bytes += Array(", ".utf8) }
            bytes += words[0]
            for _ in 0..<random.below(4) { bytes += words[1 + random.below(5)] }
        }
        return bytes
    }

    func check(_ input: [UInt8]) throws -> String {
        var random = FuzzRandom(of: input)
        let text = String(decoding: input, as: UTF8.self)
        let offers: [ExtensionOffer]
        do {
            offers = try ExtensionOffer.parse([text])
        } catch {
            return outline("\(error)")
        }
        let written = offers.map(\.description).joined(separator: ", ")
        let again = try ExtensionOffer.parse([written])
        try expect(again == offers, "the same offers again: \(offers), got \(again)")
        let asked = offers.filter { $0.name == DeflateNegotiation.extensionName }.map(\.pairs)
        var options = DeflateOptions()
        options.serverNoContextTakeover = random.oneIn(2)
        options.clientNoContextTakeover = random.oneIn(2)
        options.serverMaxWindowBits = 9 + random.below(7)
        options.clientMaxWindowBits = 9 + random.below(7)
        guard let (agreement, response) = DeflateNegotiation.answer(asked, options: options) else {
            return "declined"
        }
        try expect(agreement.serverWindowBits <= options.serverMaxWindowBits, "a window within the options")
        guard try ExtensionOffer.parse([response]).count == 1 else {
            throw Broken("one response, got \(response)")
        }
        try checkPair(options, agreement)
        return "agreed \(agreement.serverNoContextTakeover) \(agreement.clientNoContextTakeover)"
    }

    /// A client and a server of the same options come to the same agreement.
    private func checkPair(_ options: DeflateOptions, _ other: DeflateAgreement) throws {
        let offer = try ExtensionOffer.parse([DeflateNegotiation.offer(options)])
        guard let (agreement, response) = DeflateNegotiation.answer(offer.map(\.pairs), options: options)
        else {
            throw Broken("an answer to an offer of the same options")
        }
        let read = try ExtensionOffer.parse([response])
        let accepted = try DeflateNegotiation.accept(read[0].pairs, options: options)
        try expect(accepted == agreement, "the same agreement on both sides: \(agreement), got \(accepted)")
    }
}
