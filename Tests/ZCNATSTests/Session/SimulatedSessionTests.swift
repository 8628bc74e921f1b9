import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNATS

/// A client in a simulated network: what it says, and what it does when things go wrong.
@Suite struct SimulatedSessionTests {
    @Test func itConnectsAndSaysWhoItIs() throws {
        let site = try SimulatedSite { $0.name = "me \"you\"" }
        #expect(try site.connect() == nil)
        let connect = try #require(site.server.lines.first)
        #expect(connect.hasPrefix("CONNECT {\"verbose\":false,\"pedantic\":false"))
        #expect(connect.contains("\"name\":\"me \\\"you\\\"\"") && connect.contains("\"no_responders\":true"))
        #expect(site.events.all == ["connected"] && site.client.snapshot()[.connected] == 1)
        // Once more is no other connection.
        #expect(try site.connect() == nil)
        #expect(site.server.visitors.count == 1)
    }

    @Test func whatIsPublishedIsHeard() throws {
        let site = try SimulatedSite()
        let heard = Journal<String>()
        _ = try site.connect()
        site.client.subscribe("a.*") { message, connection in
            heard.add("\(message.subject) \(message.text)")
            if message.text == "1" { connection.publish("a.c", "2") }
        }
        site.client.publish("a.b", "1")
        #expect(try site.network.run { heard.all.count == 2 })
        #expect(heard.all == ["a.b 1", "a.c 2"])
        let figures = site.client.snapshot()
        #expect(figures[.messagesIn] == 2 && figures[.messagesOut] == 2 && figures[.bytesIn] == 2)
    }

    @Test func whatOneThreadSaysComesInItsOrder() throws {
        let site = try SimulatedSite()
        let heard = Journal<String>()
        _ = try site.connect()
        // All before the loop has a turn.
        site.client.publish("a", "before")
        let first = site.client.subscribe("a") { message, _ in heard.add("1 \(message.text)") }
        site.client.publish("a", "between")
        first.end()
        site.client.subscribe("a") { message, _ in heard.add("2 \(message.text)") }
        site.client.publish("a", "behind")
        try site.network.run(for: .milliseconds(10))
        #expect(site.server.published.map(\.payload) == ["before", "between", "behind"])
        #expect(heard.all.filter { !$0.hasSuffix("between") } == ["2 behind"])
        #expect(site.server.lines.filter { $0.contains("SUB") }.count == 3)
    }

    @Test func itComesBackAndSubscribesAgain() throws {
        let site = try SimulatedSite()
        let heard = Journal<String>()
        _ = try site.connect()
        site.client.subscribe("a", queue: "q") { message, _ in heard.add(message.text) }
        try site.network.run(for: .milliseconds(10))
        site.server.present[0].peer.reset()
        #expect(try site.network.run { site.events.all.contains("away") })
        // Meanwhile what is said waits.
        #expect(site.client.publish("a", "waited") == .queued)
        #expect(try site.network.run { heard.all == ["waited"] })
        #expect(site.events.all == ["connected", "away", "waiting", "connected"])
        #expect(site.server.lines.filter { $0 == "SUB a q 1" }.count == 2)
        #expect(site.client.snapshot()[.disconnects] == 1 && site.client.snapshot()[.pendingBytes] == 0)
    }

    @Test func whatWaitsIsBounded() throws {
        let site = try SimulatedSite { $0.pendingBytesMax = 2000 }
        _ = try site.connect()
        site.server.present[0].peer.reset()
        _ = try site.network.run { site.events.all.contains("away") }
        let payload = SharedBytes(copying: [UInt8](repeating: 7, count: 500))
        var results: [SendResult] = []
        for _ in 0..<5 { results.append(site.client.publish("a", payload)) }
        #expect(results == [.queued, .queued, .queued, .full, .full])
        #expect(
            site.client.publish("a", SharedBytes(copying: [UInt8](repeating: 7, count: 3000))) == .tooLarge)
        _ = try site.network.run { site.server.published.count == 3 }
        #expect(site.server.published.count == 3)
        #expect(site.client.publish("a", payload) == .queued)
    }

    /// Who was refused while the client was away is told when it is back.
    @Test func whoWaitsForRoomIsToldAfterAReturn() throws {
        let site = try SimulatedSite { $0.pendingBytesMax = 1024 }
        _ = try site.connect()
        site.server.present[0].peer.reset()
        _ = try site.network.run { site.events.all.contains("away") }
        let told = Journal<SendResult>()
        site.client.core.perform { core in
            core.inCallback {
                let connection = NATSConnection(core)
                while connection.publish("a", "0123456789").isAccepted {}
                connection.whenWritable { told.add($0.publish("a", "last")) }
            }
        }
        #expect(try site.network.run { site.server.published.last?.payload == "last" })
        #expect(told.all == [.sent])
    }

    @Test func aServerThatDoesNotAnswerIsGivenUp() throws {
        let site = try SimulatedSite { $0.pingInterval = .seconds(1) }
        _ = try site.connect()
        try site.network.run(for: .seconds(20))
        #expect(site.events.all == ["connected"] && site.server.lines.filter { $0 == "PING" }.count > 15)
        site.server.answersPings = false
        try site.network.run(for: .seconds(1.5))
        #expect(site.events.all == ["connected"])
        #expect(try site.network.run { site.events.all.contains("away") })
        site.server.answersPings = true
        #expect(try site.network.run { site.events.all.last == "connected" })
    }

    /// PINGs are an interval apart, each a tick late at most, and a server that answers none is given up a
    /// tick late for each of them.
    @Test func pingsAreATickLateAtMost() throws {
        let interval = Duration.seconds(30)
        let (tick, slack) = (Duration.milliseconds(10), Duration.milliseconds(1))
        let site = try SimulatedSite { $0.pingInterval = interval }
        _ = try site.connect()
        var last = site.network.elapsed
        func pings() -> Int { site.server.lines.count { $0 == "PING" } }
        // The first came with the connection.
        for number in 2...40 {
            #expect(try site.network.run { pings() == number })
            let gap = site.network.elapsed - last
            last = site.network.elapsed
            #expect(gap >= interval - slack && gap <= interval + tick + slack, "\(gap)")
        }
        site.server.answersPings = false
        #expect(try site.network.run { site.events.all.contains("away") })
        let took = site.network.elapsed - last
        #expect(took >= interval * 3 - slack && took <= (interval + tick) * 3 + slack, "\(took)")
    }

    @Test func aRoundOverAllServersFailsAndSaysWhy() throws {
        let site = try SimulatedSite(servers: [4222, 4223])
        site.server.refusal = "Authorization Violation"
        let error = try site.connect()
        #expect(error?.description.contains("4223") == true || error?.code == .authorization)
        #expect(site.client.snapshot()[.connectFailures] == 2)
        site.server.refusal = nil
        #expect(try site.connect() == nil)
    }

    @Test func aSilentServerIsGivenUp() throws {
        let site = try SimulatedSite()
        site.server.answersPings = false
        let error = try site.connect()
        #expect(error?.code == .timedOut && error?.expected.contains("5.0 seconds") == true)
    }

    @Test func roundsEndWhereTheyMay() throws {
        let site = try SimulatedSite { $0.reconnectRoundsMax = 2 }
        _ = try site.connect()
        site.server.refusal = "Authorization Violation"
        site.server.present[0].peer.reset()
        #expect(try site.network.run { site.events.all.last == "closed authorization" })
        #expect(site.client.publish("a", "late") == .closed)
    }

    @Test func otherServersOfTheClusterAreFound() throws {
        let site = try SimulatedSite { $0.picksServersAtRandom = false }
        let other = ScriptedServer(site.network, at: 4300)
        site.server.info = "{\"connect_urls\":[\"127.0.0.1:4300\"],\"max_payload\":100}"
        _ = try site.connect()
        site.server.present[0].peer.send("INFO {\"ldm\":true,\"max_payload\":100}\r\n")
        #expect(try site.network.run { site.events.all.contains("lame duck") })
        site.server.present[0].peer.finish()
        #expect(try site.network.run { !other.present.isEmpty && site.events.all.last == "connected" })
    }

    @Test func moreThanTheServerTakesIsRefusedHere() throws {
        let site = try SimulatedSite()
        site.server.info = "{\"max_payload\":100}"
        _ = try site.connect()
        #expect(
            site.client.publish("a", SharedBytes(copying: [UInt8](repeating: 7, count: 101))) == .tooLarge)
        #expect(site.client.publish("a", SharedBytes(copying: [UInt8](repeating: 7, count: 100))) == .queued)
    }

    @Test func brokenRulesEndTheConnection() throws {
        let site = try SimulatedSite()
        _ = try site.connect()
        site.server.present[0].peer.send("MSG a b c d e\r\n")
        #expect(try site.network.run { site.events.all.contains("away") })
        #expect(site.client.snapshot()[.protocolErrors] == 1)
        #expect(try site.network.run { site.events.all.last == "connected" })
    }

    @Test func errorsOfSubjectsLeaveTheConnection() throws {
        let site = try SimulatedSite()
        _ = try site.connect()
        site.server.present[0].peer.send("-ERR 'Permissions Violation for Publish to \"a\"'\r\n")
        #expect(try site.network.run { site.events.all.count == 2 })
        #expect(site.events.all[1] == "error Permissions Violation for Publish to \"a\"")
        #expect(site.server.present.count == 1)
    }

    @Test func subscriptionsEndAfterSoManyMessages() throws {
        let site = try SimulatedSite()
        let heard = Journal<String>()
        _ = try site.connect()
        site.client.subscribe("a", messagesMax: 3) { message, _ in heard.add(message.text) }
        for number in 0..<5 { site.client.publish("a", "\(number)") }
        try site.network.run(for: .milliseconds(10))
        #expect(heard.all == ["0", "1", "2"] && site.client.snapshot()[.subscriptions] == 0)
    }

    @Test func aHeldSubscriptionPausesTheConnection() throws {
        let site = try SimulatedSite()
        let heard = Journal<String>()
        _ = try site.connect()
        let slow = site.client.subscribe("a") { message, _ in heard.add(message.text) }
        slow.hold()
        try site.network.run(for: .milliseconds(1))
        for number in 0..<3 { site.client.publish("a", "\(number)") }
        try site.network.run(for: .milliseconds(10))
        #expect(heard.all.isEmpty && site.events.all == ["connected", "slow"])
        slow.resume()
        #expect(try site.network.run { heard.all == ["0", "1", "2"] })
    }

    @Test func aHeldSubscriptionDropsOrEnds() throws {
        let site = try SimulatedSite()
        _ = try site.connect()
        let dropping = site.client.subscribe("a", slowPolicy: .dropNewest) { _, _ in }
        let ending = site.client.subscribe("a", slowPolicy: .close) { _, _ in }
        dropping.hold()
        ending.hold()
        for _ in 0..<3 { site.client.publish("a", "x") }
        try site.network.run(for: .milliseconds(10))
        #expect(dropping.dropped == 3 && site.client.snapshot()[.dropped] == 3)
        #expect(site.client.snapshot()[.subscriptions] == 1)
    }

    @Test func requestsAreAnswered() throws {
        let site = try SimulatedSite()
        let answers = Journal<String>()
        _ = try site.connect()
        site.client.subscribe("double") { message, connection in
            let number = Int(message.text) ?? 0
            connection.respond(to: message, SharedBytes("\(number * 2)".utf8).bytes)
        }
        for number in 0..<10 {
            site.client.request("double", SharedBytes("\(number)".utf8)) { result in
                answers.add((try? result.get().text) ?? "none")
            }
        }
        #expect(try site.network.run { answers.all.count == 10 })
        #expect(answers.all == (0..<10).map { "\($0 * 2)" })
        #expect(site.server.lines.filter { $0.hasPrefix("SUB _INBOX.") }.count == 1)
        #expect(site.client.snapshot()[.requests] == 0)
    }

    @Test func requestsThatNobodyAnswersFail() throws {
        let site = try SimulatedSite()
        let failures = Journal<NATSError.Code>()
        _ = try site.connect()
        site.client.request("nobody", SharedBytes()) { result in
            if case .failure(let error) = result { failures.add(error.code) }
        }
        #expect(try site.network.run { failures.all == [.noResponders] })
        site.client.subscribe("silent") { _, _ in }
        site.client.request("silent", SharedBytes(), timeout: .seconds(1)) { result in
            if case .failure(let error) = result { failures.add(error.code) }
        }
        #expect(try site.network.run { failures.all.count == 2 })
        #expect(failures.all[1] == .timedOut && site.client.snapshot()[.timeouts] == 1)
        site.client.request("silent", SharedBytes()) { result in
            if case .failure(let error) = result { failures.add(error.code) }
        }
        site.client.close()
        #expect(try site.network.run { failures.all.count == 3 })
        #expect(failures.all[2] == .closed)
    }

    @Test func drainingDeliversWhatIsOnItsWay() throws {
        let site = try SimulatedSite()
        let heard = Journal<String>()
        _ = try site.connect()
        site.client.subscribe("a") { message, connection in
            heard.add(message.text)
            connection.publish("b", "seen")
        }
        for number in 0..<10 { site.client.publish("a", "\(number)") }
        let done = Journal<Bool>()
        site.client.core.inOrder { core in core.drain { done.add(true) } }
        #expect(try site.network.run { !done.all.isEmpty })
        #expect(heard.all.count == 10 && site.server.published.filter { $0.subject == "b" }.count == 10)
        #expect(site.events.all.last == "closed ")
        _ = try site.network.run { site.server.present.isEmpty }
        #expect(site.server.present.isEmpty)
    }

    /// Whatever goes wrong below: what is heard is what was said, each once and in order, with gaps only
    /// where a connection was lost; and the client always comes back.
    @Test(arguments: 1...12 as ClosedRange<UInt64>) func faultsOfTheNetworkAreSurvived(_ seed: UInt64) throws
    {
        let site = try SimulatedSite(seed: seed, faults: .nasty) { $0.pingInterval = .seconds(5) }
        let heard = Journal<Int>()
        var tries = 0
        while try site.connect() != nil && tries < 50 { tries += 1 }
        site.client.subscribe("a") { message, _ in heard.add(Int(message.text) ?? -1) }
        for number in 0..<300 {
            _ = site.client.publish("a", "\(number)")
            try site.network.run(for: .milliseconds(5))
        }
        site.network.faults = .none
        let last = Journal<Bool>()
        site.client.subscribe("last") { _, _ in last.add(true) }
        for _ in 0..<100 where last.all.isEmpty {
            site.client.publish("last", "")
            try site.network.run(for: .seconds(1))
        }
        #expect(!last.all.isEmpty, "seed \(seed): \(site.events.all.suffix(5))")
        let all = heard.all
        #expect(zip(all, all.dropFirst()).allSatisfy { $0 < $1 }, "seed \(seed): \(all)")
        if site.client.snapshot()[.disconnects] == 0 { #expect(all == Array(0..<300), "seed \(seed)") }
    }
}
