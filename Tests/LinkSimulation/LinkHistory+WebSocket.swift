internal import ZCNet
internal import ZCNetTesting
internal import ZCNetWebSocket

/// A conversation over WebSocket.
extension LinkHistory {
    func playWebSocket() async throws -> Outcome {
        var random = SimulatedRandom(seed: seed)
        let weather = Weather(&random)
        let server = LinkParty("s", seed: random.next(), fault: fault)
        let client = LinkParty("c", seed: random.next(), fault: fault)
        let pair = try LinkPair(
            seed: weather.networkSeed, faults: weather.faults, sending: weather.sending,
            isApart: weather.isApart, configure: Self.narrow
        ) { link, _ in try await Self.converse(link, server) }
        let links = pair.client
        let task = pair.task {
            try await links.withLink(to: LinkPair.url) { try await Self.converse($0, client) }
        }
        return try await play(
            pair, task, &random, servers: { server.ledger.withLock { $0.hasBegun } ? [server] : [] }
        ) { judge(server, client, $0) }
    }

    /// Little may wait, so that much does.
    static func narrow(_ options: inout WebSocketOptions) {
        options.connection.outboundHighWatermarkBytes = 20_000
        options.connection.outboundLowWatermarkBytes = 5_000
    }

    // MARK: What a side does

    static func converse(_ link: WebSocketLink, _ party: LinkParty) async throws {
        try await party.play {
            guard try await party.wander({ try await step(link, party) }) else { return }
            while let message = try await link.next() { party.take(message.text, isText: message.isText) }
            _ = party.readAll()
        }
    }

    /// One thing at random; false when nothing more will come.
    private static func step(_ link: WebSocketLink, _ party: LinkParty) async throws -> Bool {
        switch party.draw(10) {
        case 0, 1: try await send(link, party)
        case 2:
            for _ in 0..<party.draw(20) { trySend(link, party) }
        case 3: return try await receive(link, party)
        case 4:
            let deadline = Duration.microseconds(party.draw(20_000))
            do {
                let message = try await link.next(within: deadline)
                guard let message else { return party.readAll() }
                party.take(message.text, isText: message.isText)
            } catch let error as LinkError where error.code == .timedOut { party.gaveUp() }
        case 5:
            var left = party.draw(5) + 1
            try await link.forEach { message in
                party.take(message.text, isText: message.isText)
                left -= 1
                return left == 0 ? .stop : .next
            }
            if left > 0 { return party.readAll() }
        case 6: try await link.pause(.microseconds(party.draw(30_000)))
        case 7: await Task.yield()
        case 8:
            try await link.both { link in
                _ = try await receive(link, party)
            } sending: { link in
                try await send(link, party)
            }
        default:
            if party.draw(12) == 0 {
                party.ledger.withLock { $0.hasClosed = true }
                link.close(.goingAway, reason: "enough")
            }
        }
        return true
    }

    private static func receive(_ link: WebSocketLink, _ party: LinkParty) async throws -> Bool {
        let isThere = try await link.receive { message in
            party.take(message.text, isText: message.isText)
            return true
        }
        return isThere ?? party.readAll()
    }

    private static func send(_ link: WebSocketLink, _ party: LinkParty) async throws {
        let (number, text) = party.make()
        do {
            try await link.send(text, within: party.draw(2) == 0 ? .milliseconds(party.draw(50)) : nil)
            party.accepted(number)
        } catch let error as LinkError where error.code == .timedOut { party.gaveUp() }
    }

    private static func trySend(_ link: WebSocketLink, _ party: LinkParty) {
        let (number, text) = party.make()
        party.tried(number, isAccepted: link.trySend(text).isAccepted)
    }
}
