import LinkSimulation
import Testing
import ZCNet
import ZCNetTesting
import ZCNetWebSocket

@testable import ZCGoim

/// What a body can do with its goim link beside receiving and sending one after the other.
@Suite struct GoimLinkVerbTests {
    private static let token = GoimToken(mid: 7, room: "live://1", accepts: [GoimOperation(rawValue: 1000)])

    private func pair(_ serve: @escaping @Sendable (GoimLink, LinkLog) async throws -> Void) throws
        -> GoimLinkTests.Pair
    {
        try GoimLinkTests.Pair(seed: 1, faults: .none, sending: .direct) { group, log in
            let server = try GoimServer(tcp: "127.0.0.1:3101", webSocket: "127.0.0.1:3102", group: group) {
                link in
                do {
                    try await serve(link, log)
                    log.add("served")
                } catch {
                    log.add("server threw \(error)")
                    throw error
                }
            }
            return (server, try GoimLinkClient(group: group))
        }
    }

    /// Runs a client's body to its end, and looks whether anything is left.
    private func visit(
        _ pair: GoimLinkTests.Pair, _ address: String,
        _ body: @escaping @Sendable (GoimLink, LinkLog) async throws -> Void
    ) throws {
        let (client, log) = (pair.client, pair.log)
        let task = pair.task {
            try await client.withLink(to: address, Self.token) { try await body($0, log) }
        }
        #expect(try pair.network.run { task.hasEnded })
        #expect(try pair.network.run { pair.group.hosts.allSatisfy { $0.connectionCount == 0 } })
        #expect(pair.group.hosts.allSatisfy { $0.auditMemory() == [] })
        pair.network.stop()
    }

    @Test(arguments: GoimLinkTests.addresses) func roomsAreEnteredAndLeft(address: String) throws {
        let pair = try pair { link, log in
            for room in ["live://2", nil, "live://3"] as [String?] {
                link.enter(room)
                log.add(link.room ?? "none")
            }
            #expect(link.remote.id == link.id)
            link.trySend(GoimMessage(.sendMessage, "there"))
            while try await link.next() != nil {}
        }
        let hub = pair.server.hub
        try visit(pair, address) { link, log in
            log.add(try await link.next()?.text ?? "nothing")
            hub.push(GoimMessage(GoimOperation(rawValue: 1000), "not here"), toRoom: "live://1")
            hub.push(GoimMessage(GoimOperation(rawValue: 1000), "news"), toRoom: "live://3")
            log.add(try await link.next()?.text ?? "nothing")
        }
        let expected = ["live://2", "none", "live://3", "there", "news", "served", "client done"]
        #expect(pair.log.all.sorted() == expected.sorted(), "\(pair.log.all)")
    }

    /// Nothing is accepted behind a close, and the end says who closed.
    @Test(arguments: GoimLinkTests.addresses) func aLinkIsClosedBeforeItsBodyEnds(address: String) throws {
        let pair = try pair { link, log in
            #expect(link.closeReason == nil)
            link.trySend(GoimMessage(.sendMessage, "last"))
            link.close()
            link.close()
            log.add("accepted \(link.trySend(GoimMessage(.sendMessage, "later")).isAccepted)")
            link.enter("live://2")
            while let message = try await link.next() { log.add("came \(message.text)") }
            log.add("closed \(link.closeReason?.cause == .local)")
        }
        try visit(pair, address) { link, log in
            while let message = try await link.next() { log.add(message.text) }
            log.add("over \(link.closeReason != nil)")
        }
        let expected = ["accepted false", "last", "over true", "closed true", "served", "client done"]
        #expect(pair.log.all.sorted() == expected.sorted(), "\(pair.log.all)")
    }

    @Test(arguments: GoimLinkTests.addresses) func whoIsRefusedIsToldWhyOverWebSocket(address: String) throws
    {
        let pair = try pair { link, log in
            link.refuse("not today")
            while try await link.next() != nil {}
            log.add("\(link.closeReason?.cause == .refused("not today"))")
        }
        try visit(pair, address) { link, log in
            while try await link.next() != nil {}
            log.add("told \(link.closeReason?.webSocket?.text ?? "nothing")")
        }
        let told = address.hasPrefix("ws") ? "told refused: not today" : "told nothing"
        #expect(pair.log.all.sorted() == ["true", told, "served", "client done"].sorted(), "\(pair.log.all)")
    }

    /// One activity takes what comes while the other waits to say the next thing; both end the link.
    @Test(arguments: GoimLinkTests.addresses) func bothAtOnce(address: String) throws {
        let pair = try pair { link, log in
            try await link.both(
                receiving: { link in
                    while let message = try await link.next() { log.add("server \(message.text)") }
                },
                sending: { link in
                    for number in 0..<3 {
                        try await link.pause(.milliseconds(10))
                        try await link.send(GoimMessage(.sendMessage, "\(number)"))
                    }
                })
        }
        try visit(pair, address) { link, log in
            for _ in 0..<3 {
                let message = try await link.next()
                log.add(message?.text ?? "nothing")
                if let message { try await link.reply(to: message.header, "got " + message.text) }
            }
        }
        let expected = ["0", "1", "2"].flatMap { [$0, "server got " + $0] } + ["served", "client done"]
        #expect(pair.log.all.sorted() == expected.sorted(), "\(pair.log.all)")
    }

    /// What one of two activities throws ends the other's wait, and is thrown.
    @Test(arguments: GoimLinkTests.addresses) func oneThatThrowsEndsBoth(address: String) throws {
        struct Enough: Error {}
        let pair = try pair { link, log in
            try await link.both(
                receiving: { link in
                    do {
                        _ = try await link.next()
                    } catch is CancellationError {
                        log.add("cancelled")
                        throw CancellationError()
                    }
                },
                sending: { _ in throw Enough() })
        }
        try visit(pair, address) { link, _ in while try await link.next() != nil {} }
        #expect(
            Set(pair.log.all) == ["cancelled", "server threw Enough()", "client done"], "\(pair.log.all)")
    }
}
