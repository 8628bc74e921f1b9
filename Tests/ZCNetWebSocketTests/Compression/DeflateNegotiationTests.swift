import Testing

@testable import ZCNetWebSocket

/// RFC 7692 5 and 7.1. Parameters are written as in a header: `a; b=1`.
@Suite struct DeflateNegotiationTests {
    private func parameters(_ text: String) -> [(name: String, value: String?)] {
        text.split(separator: ";").map { part in
            let halves = part.drop { $0 == " " }.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(halves[0]), halves.count > 1 ? String(halves[1]) : nil)
        }
    }

    private func options(_ server: Bool, _ client: Bool, _ bits: (Int, Int) = (15, 15)) -> DeflateOptions {
        var options = DeflateOptions()
        options.serverNoContextTakeover = server
        options.clientNoContextTakeover = client
        (options.serverMaxWindowBits, options.clientMaxWindowBits) = bits
        return options
    }

    private func answer(_ offers: [String], _ options: DeflateOptions) -> String? {
        DeflateNegotiation.answer(offers.map(parameters), options: options)?.response
    }

    // MARK: Server

    struct Case: CustomStringConvertible, Sendable {
        var offer: String
        /// The response behind the name; nil declines.
        var response: String?
        var agreement = DeflateAgreement()
        var description: String { "offer '\(offer)'" }
    }

    private static func agreement(
        _ server: Bool, _ client: Bool, _ serverBits: Int = 15, _ clientBits: Int = 15
    ) -> DeflateAgreement {
        DeflateAgreement(
            serverNoContextTakeover: server, clientNoContextTakeover: client, serverWindowBits: serverBits,
            clientWindowBits: clientBits)
    }

    @Test(arguments: [
        Case(offer: "", response: ""),
        Case(
            offer: "server_no_context_takeover", response: "; server_no_context_takeover",
            agreement: agreement(true, false)),
        Case(
            offer: "client_no_context_takeover", response: "; client_no_context_takeover",
            agreement: agreement(false, true)),
        Case(
            offer: "client_no_context_takeover; server_no_context_takeover",
            response: "; server_no_context_takeover; client_no_context_takeover",
            agreement: agreement(true, true)),
        Case(
            offer: "server_max_window_bits=9", response: "; server_max_window_bits=9",
            agreement: agreement(false, false, 9)),
        Case(
            offer: "server_max_window_bits=10", response: "; server_max_window_bits=10",
            agreement: agreement(false, false, 10)),
        Case(
            offer: "server_max_window_bits=15", response: "; server_max_window_bits=15",
            agreement: agreement(false, false, 15)),
        Case(offer: "client_max_window_bits", response: ""),
        Case(offer: "client_max_window_bits=15", response: ""),
        Case(
            offer: "client_max_window_bits=8", response: "; client_max_window_bits=8",
            agreement: agreement(false, false, 15, 8)),
        Case(
            offer: "client_max_window_bits=12; server_max_window_bits=11",
            response: "; server_max_window_bits=11; client_max_window_bits=12",
            agreement: agreement(false, false, 11, 12)),
    ])
    func aWillingServer(_ test: Case) {
        let result = DeflateNegotiation.answer([parameters(test.offer)], options: options(false, false))
        #expect(result?.response == test.response.map { "permessage-deflate" + $0 })
        #expect(result?.agreement == test.agreement)
    }

    @Test(arguments: [
        "server_max_window_bits=8", "server_max_window_bits", "server_max_window_bits=",
        "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=010",
        "server_max_window_bits=+9", "server_max_window_bits=9 ", "server_max_window_bits=1e1",
        "server_max_window_bits=99999999999999999999999999", "server_max_window_bits=-9",
        "client_max_window_bits=7", "client_max_window_bits=16", "client_max_window_bits=08",
        "client_max_window_bits=", "client_max_window_bits=\u{0661}\u{0660}",
        "server_no_context_takeover=1", "server_no_context_takeover=", "client_no_context_takeover=true",
        "server_no_context_takeover; server_no_context_takeover",
        "client_no_context_takeover; client_no_context_takeover",
        "server_max_window_bits=10; server_max_window_bits=10",
        "client_max_window_bits; client_max_window_bits", "client_max_window_bits; client_max_window_bits=10",
        "client_max_window_bits=10; client_max_window_bits",
        "unknown", "unknown=1", "Server_no_context_takeover", "server_no_context_takeover; x",
    ])
    func offersThatAreDeclined(_ offer: String) {
        #expect(answer([offer], options(false, false)) == nil)
        // The next offer has its chance.
        #expect(answer([offer, "client_max_window_bits"], options(false, false)) == "permessage-deflate")
    }

    @Test func theFirstAcceptableOfferIsTaken() {
        let lax = options(false, false)
        #expect(answer([], lax) == nil)
        #expect(
            answer(["server_max_window_bits=12", "server_max_window_bits=10"], lax)
                == "permessage-deflate; server_max_window_bits=12")
        #expect(
            answer(["server_max_window_bits=8", "x", "server_max_window_bits=10", ""], lax)
                == "permessage-deflate; server_max_window_bits=10")
    }

    @Test func aServersOwnWishes() {
        let strict = options(true, true, (11, 12))
        let forgetful = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        // A client that does not name its parameter may use a full window.
        let plain = DeflateNegotiation.answer([[]], options: strict)
        #expect(plain?.response == forgetful + "; server_max_window_bits=11")
        #expect(plain?.agreement == Self.agreement(true, true, 11, 15))
        let able = DeflateNegotiation.answer([parameters("client_max_window_bits")], options: strict)
        #expect(able?.response == forgetful + "; server_max_window_bits=11; client_max_window_bits=12")
        #expect(able?.agreement == Self.agreement(true, true, 11, 12))
        let smaller = DeflateNegotiation.answer(
            [parameters("client_max_window_bits=10; server_max_window_bits=9")], options: strict)
        #expect(smaller?.agreement == Self.agreement(true, true, 9, 10))
        let larger = DeflateNegotiation.answer(
            [parameters("client_max_window_bits=14; server_max_window_bits=13")], options: strict)
        #expect(larger?.agreement == Self.agreement(true, true, 11, 12))
    }

    // MARK: Client

    @Test func whatAClientOffers() {
        #expect(
            DeflateNegotiation.offer(options(false, false)) == "permessage-deflate; client_max_window_bits")
        #expect(
            DeflateNegotiation.offer(options(true, true, (10, 11)))
                == "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
                + "; server_max_window_bits=10; client_max_window_bits=11")
    }

    private func complaint(_ response: String, _ options: DeflateOptions) -> String? {
        do throws(DeflateNegotiationError) {
            _ = try DeflateNegotiation.accept(parameters(response), options: options)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func responsesToALaxOffer() throws {
        let lax = options(false, false)
        #expect(try DeflateNegotiation.accept([], options: lax) == DeflateAgreement())
        let all = "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8"
        #expect(
            try DeflateNegotiation.accept(parameters(all + "; client_max_window_bits=9"), options: lax)
                == Self.agreement(true, true, 8, 9))
        #expect(
            complaint("client_max_window_bits=8", lax)
                == "permessage-deflate, client_max_window_bits: expected 9...15, got 8")
        #expect(
            complaint("client_max_window_bits", lax)
                == "permessage-deflate, client_max_window_bits: expected 8...15, got no value")
        #expect(
            complaint("server_max_window_bits", lax)
                == "permessage-deflate, server_max_window_bits: expected 8...15, got no value")
        #expect(
            complaint("client_no_context_takeover=0", lax)
                == "permessage-deflate, client_no_context_takeover: expected no value, got 0")
        #expect(
            complaint("server_no_context_takeover; server_no_context_takeover", lax)
                == "permessage-deflate, server_no_context_takeover: expected once, got twice, "
                + "then with the value none")
        #expect(
            complaint("x=\"1\"", lax) == "permessage-deflate, x: expected a parameter of RFC 7692, got =\"1\""
        )
    }

    @Test func responsesToAStrictOffer() throws {
        let strict = options(true, true, (10, 11))
        let granted = "server_no_context_takeover; server_max_window_bits="
        #expect(
            try DeflateNegotiation.accept(parameters(granted + "10"), options: strict)
                == Self.agreement(true, true, 10, 11))
        #expect(
            try DeflateNegotiation.accept(
                parameters(granted + "9; client_max_window_bits=10"), options: strict)
                == Self.agreement(true, true, 9, 10))
        #expect(
            complaint(granted + "11", strict)
                == "permessage-deflate, server_max_window_bits: expected 8...10, got 11")
        #expect(
            complaint("server_no_context_takeover", strict)
                == "permessage-deflate, server_max_window_bits: expected 8...10, got a response without it")
        #expect(
            complaint("server_max_window_bits=10", strict)
                == "permessage-deflate, server_no_context_takeover: expected the parameter, as offered, "
                + "got a response without it")
        #expect(
            complaint(granted + "10; client_max_window_bits=12", strict)
                == "permessage-deflate, client_max_window_bits: expected 9...11, got 12")
    }

    /// Whatever the options of both ends: they agree on the same, within what both want.
    @Test func bothEndsAgree() throws {
        let bits = [9, 11, 15]
        let flags = [false, true]
        var all: [DeflateOptions] = []
        for server in flags {
            for client in flags {
                for serverBits in bits {
                    for clientBits in bits { all.append(options(server, client, (serverBits, clientBits))) }
                }
            }
        }
        for client in all {
            for server in all {
                let offer = parameters(DeflateNegotiation.offer(client)).dropFirst()
                let result = try #require(DeflateNegotiation.answer([Array(offer)], options: server))
                let response = parameters(result.response).dropFirst()
                let accepted = try DeflateNegotiation.accept(Array(response), options: client)
                #expect(accepted == result.agreement)
                #expect(
                    accepted
                        == Self.agreement(
                            client.serverNoContextTakeover || server.serverNoContextTakeover,
                            client.clientNoContextTakeover || server.clientNoContextTakeover,
                            min(client.serverMaxWindowBits, server.serverMaxWindowBits),
                            min(client.clientMaxWindowBits, server.clientMaxWindowBits)))
            }
        }
    }

    @Test func aLongComplaintIsCutShort() {
        let text = complaint(String(repeating: "x", count: 10_000), options(false, false)) ?? ""
        #expect(text.utf8.count < 200)
        #expect(text.contains("10000 bytes"))
    }
}
