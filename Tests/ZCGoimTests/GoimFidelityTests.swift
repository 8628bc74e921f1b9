import Testing
import ZCGoim
import ZCNetTesting

/// What goim's own comet answers, case by case as its source has it: clients written for it connect as they
/// are. Where this library differs on purpose, Docs/Goim.md says so.
@Suite struct GoimFidelityTests {
    /// `Server.Operate`: a list that cannot be read changes nothing, and is answered with its own body.
    @Test(arguments: Transport.allCases)
    func listsThatAreNoneAreAnsweredAndIgnored(_ transport: Transport) async throws {
        var options = GoimOptions()
        options.acceptsMax = 3
        try await visit(options) { site in
            let person = try site.member(transport, key: "k", accepts: [1000])
            let lists = ["1001,x", "x", "2147483648", "1,2,3,4", "1001,1002,1003", "\u{0}", "1001;1002"]
            for (index, list) in lists.enumerated() {
                try person.send(NaiveProto(14, Int32(index), list))
                #expect(try person.expect() == NaiveProto(15, Int32(index), list))
            }
            let noText = NaiveProto(14, 51, [UInt8](repeating: 0xFF, count: 9))
            try person.send(NaiveProto(16, 50, "1000,x"), noText)
            #expect(try person.expect() == NaiveProto(17, 50, "1000,x"))
            #expect(try person.expect() == NaiveProto(15, 51, noText.body))
            // Nothing of them was followed, not even their good parts.
            for operation in [1001, 1002, 1, 1000] as [Int32] {
                site.hub.push(GoimMessage(GoimOperation(rawValue: operation), "x"), toKey: "k")
            }
            #expect(try person.expect() == NaiveProto(1000, 0, "x"))
            try person.heartbeat()
            #expect(site.hub.snapshot()[.requestsIgnored] == 9)
            #expect(site.hub.snapshot()[.protocolErrors] == 0)
        }
    }

    /// A room that cannot be one here is refused as a handler refuses: the answer has no body.
    @Test(arguments: Transport.allCases)
    func roomsThatAreNoneAreRefusedAndNothingMore(_ transport: Transport) async throws {
        try await visit { site in
            let person = try site.member(transport, room: "live://1")
            try person.send(NaiveProto(12, 1, [0xFF]), NaiveProto(12, 2, String(repeating: "x", count: 257)))
            #expect(try person.expect() == NaiveProto(13, 1))
            #expect(try person.expect() == NaiveProto(13, 2))
            #expect(site.hub.roomCounts == ["live://1": 1])
            #expect(site.hub.snapshot()[.requestsIgnored] == 2)
        }
    }

    /// `Server.Operate`'s default: the same operation, without a body; a 3 has the number of people, as
    /// `dispatchTCP` writes every 3.
    @Test(arguments: Transport.allCases)
    func whatOnlyAServerSaysIsAnsweredLikeAnyMessage(_ transport: Transport) async throws {
        try await visit { site in
            let person = try site.member(transport, room: "live://1")
            for operation in [0, 1, 5, 6, 7, 8, 10, 11, 13, 15, 17, 18, -1, Int32.max] as [Int32] {
                try person.send(NaiveProto(operation, 5, #"{"key":"other"}"#))
                #expect(try person.expect() == NaiveProto(operation, 5))
            }
            try person.send(NaiveProto(3, 6, "x"))
            #expect(try person.expect() == NaiveProto(3, 6, [0, 0, 0, 1]))
            // Nothing was authenticated anew, and the handler has what is not the session's.
            #expect(!site.hub.contains(key: "other") && site.hub.snapshot()[.authentications] == 1)
            #expect(site.journal.now.messages.map(\.operation) == [0, 1, 5, 6, 10, 11, 18, -1, Int32.max])
        }
    }

    /// `Proto.WriteTCP` writes a 9 as its body alone, `WriteWebsocket` with its header.
    @Test(arguments: Transport.allCases)
    func aClientsBatchIsAnsweredAsGoimDoes(_ transport: Transport) async throws {
        try await visit { site in
            let person = try site.member(transport)
            try person.send(NaiveProto(9, 1, "no protos"), NaiveProto(4, 2))
            if transport == .webSocket { #expect(try person.expect() == NaiveProto(9, 1)) }
            #expect(try person.expect() == NaiveProto(4, 2))
        }
    }

    /// `Proto.ReadWebsocket` does not look at the kind of a message; answers are binary.
    @Test func textMessagesAreTaken() async throws {
        try await visit { site in
            let person = try site.person(.webSocket)
            try person.sendRaw(RawPerson.frame(NaiveProto(7, 1, "{}").bytes(), opcode: 1))
            #expect(try person.expect() == NaiveProto(8, 1))
            try person.sendRaw(RawPerson.frame(NaiveProto(2, 2).bytes(), opcode: 1))
            #expect(try person.expect().operation == 3)
        }
    }

    /// goim's pages come from elsewhere than its comet, which does not look at where.
    @Test func pagesFromElsewhereMayConnect() throws {
        let network = SimulatedNetwork(seed: 1)
        let server = try GoimServer(webSocket: "127.0.0.1:3102", group: try network.makeGroup()) { Silent() }
        network.start(server.group)
        let socket = SimulatedWebSocket(
            network, to: try #require(server.webSocketAddress), path: "/sub",
            headers: ["Origin: http://127.0.0.1:1999"])
        #expect(try network.run { socket.isUpgraded }, "\(socket.response)")
        network.stop()
    }

    private struct Silent: GoimHandler {}

    /// goim's job wraps every push in a batch, and comet asks whether the operation within is accepted.
    @Test(arguments: Transport.allCases, GoimHeaderFormat.allCases)
    func aBatchIsPushedAsWhatIsInIt(_ transport: Transport, _ format: GoimHeaderFormat) async throws {
        var options = GoimOptions()
        options.headers = .detected
        try await visit(options) { site in
            func member(_ key: String, _ accepts: Int32) throws -> RawPerson {
                let person = try site.person(transport, format: format)
                #expect(try person.authenticate(key: key, room: "r://1", accepts: [accepts]).operation == 8)
                return person
            }
            let (one, other) = (try member("one", 1000), try member("other", 1001))
            let quote = GoimOperation(rawValue: 1000)
            let inner = [GoimMessage(quote, "a"), GoimMessage(quote, "b")]
            let expected = [NaiveProto(1000, 0, "a"), NaiveProto(1000, 0, "b")]
            // In either format, whichever the receiver speaks.
            for made in GoimHeaderFormat.allCases {
                let batch = GoimMessage(batching: inner, made)
                site.hub.push(batch, toKey: "one", acceptedAs: quote)
                site.hub.push(batch, toKeys: ["one", "other"], acceptedAs: quote)
                site.hub.broadcast(batch, acceptedAs: quote)
                site.hub.push(batch, toKey: "one")
            }
            for _ in 0..<6 { #expect(try self.batch(one, format) == expected) }
            try one.heartbeat()
            try other.heartbeat()
            #expect(site.hub.snapshot()[.delivered] == 12 && site.hub.snapshot()[.filtered] == 12)
            site.hub.push(GoimMessage(batching: inner), toRoom: "r://1")
            for person in [one, other] { #expect(try self.batch(person, format) == expected) }
        }
    }

    /// The two protos of a batch, as they come over a transport.
    private func batch(_ person: RawPerson, _ format: GoimHeaderFormat) throws -> [NaiveProto]? {
        let first = try person.expect()
        if person.transport == .tcp { return [first, try person.expect()] }
        return first.operation == 9 ? NaiveProto.readAll(first.body, format) : nil
    }

    /// Bytes that are no protos would break whatever a stream's receiver is sent behind them.
    @Test(arguments: [nil, GoimMerging(count: 2)] as [GoimMerging?])
    func aBatchThatIsNoneReachesNobody(_ merging: GoimMerging?) async throws {
        var options = GoimOptions()
        options.merging = merging
        try await visit(options) { site in
            let person = try site.member(.tcp, key: "k", room: "r://1", accepts: [9, 1000])
            let nested = GoimMessage(batching: [GoimMessage(batching: [GoimMessage(.sendMessage, "x")])])
            let cut = GoimMessage(.raw, SharedBytes(copying: NaiveProto(4, 1, "cut").bytes().dropLast()))
            let bad = [GoimMessage(.raw, "no protos"), nested, cut]
            for message in bad {
                site.hub.push(message, toKey: "k")
                site.hub.push(message, toKeys: ["k"])
                site.hub.push(message, toRoom: "r://1")
                site.hub.broadcast(message)
            }
            #expect(site.hub.snapshot().malformed == 12)
            // Batches do not nest where pushes are merged, either.
            let inner = GoimMessage(GoimOperation(rawValue: 1000), "x")
            site.hub.push(GoimMessage(batching: [inner]), toRoom: "r://1")
            site.hub.push(inner, toRoom: "r://1")
            for _ in 0..<2 { #expect(try person.expect() == NaiveProto(1000, 0, "x")) }
            try person.heartbeat()
            #expect(site.hub.snapshot()[.delivered] == 2)
        }
    }
}
