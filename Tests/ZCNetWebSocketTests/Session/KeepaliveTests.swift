import Testing

@testable import ZCNet
@testable import ZCNetTesting
@testable import ZCNetWebSocket

/// When pings go out, over the whole life of a connection: whoever stands between and cuts connections that
/// are silent for an interval has no reason to.
@Suite struct KeepaliveTests {
    /// Settings of a keepalive.
    struct Pace: Sendable, CustomTestStringConvertible {
        var interval = Duration.seconds(30)
        var patience = Duration.seconds(20)
        var tick = Duration.milliseconds(10)

        var testDescription: String { "\(interval), \(patience), \(tick)" }
        /// The least time between two signs of life as either side sees them.
        var least: Duration { interval * 9 / 10 }
    }

    static let paces = [
        Pace(), Pace(tick: .seconds(1)), Pace(patience: .seconds(50)), Pace(patience: .seconds(29)),
        Pace(interval: .seconds(600), patience: .milliseconds(700)),
        Pace(interval: .milliseconds(250), patience: .seconds(3)),
    ]

    /// What a segment travels.
    private static let travel = Duration.microseconds(100)

    /// Pauses at "pause", for good.
    struct Pausing: WebSocketHandler {
        let log: SimulatedSite.Log

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            if message.text == "pause" { peer.pauseReading() }
            log.add(message.text)
        }

        mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            log.add("close \(reason.code.rawValue) \(reason.cause)")
        }
    }

    private static func site(_ pace: Pace) throws -> SimulatedSite {
        var group = EventLoopGroup.Configuration()
        group.limits.timerTick = pace.tick
        return try SimulatedSite(group: group) {
            $0.options.pingInterval = pace.interval
            $0.options.pongTimeout = pace.patience
        } routes: { routes, log in
            routes.webSocket { Pausing(log: log) }
        }
    }

    /// Lets intervals pass; answers the times between the pings of each, the first since now.
    private static func gaps(
        _ network: SimulatedNetwork, _ sockets: [SimulatedWebSocket], intervals: Int, _ pace: Pace
    ) throws -> [[Duration]] {
        let end = network.elapsed + pace.interval * intervals
        var before = sockets.map { (count: $0.pings.count, time: network.elapsed) }
        var gaps = sockets.map { _ in [Duration]() }
        while true {
            let counts = before.map(\.count)
            let isPinged = try network.run {
                network.elapsed >= end || zip(sockets, counts).contains { $0.pings.count != $1 }
            }
            guard isPinged, network.elapsed < end else { return gaps }
            for (number, socket) in sockets.enumerated() where socket.pings.count != before[number].count {
                gaps[number].append(network.elapsed - before[number].time)
                before[number] = (socket.pings.count, network.elapsed)
            }
        }
    }

    @Test(arguments: paces)
    func noIntervalPassesWithoutAPing(pace: Pace) throws {
        let site = try Self.site(pace)
        var clients: [SimulatedWebSocket] = []
        for _ in 0..<6 {
            clients.append(site.connect())
            try site.network.run(for: pace.interval / 31)
        }
        #expect(clients.allSatisfy { $0.isUpgraded })
        let all = try Self.gaps(site.network, clients, intervals: 60, pace)
        for gaps in all {
            #expect(gaps.count >= 59, "\(gaps.count)")
            // The first is counted from when all were there.
            for gap in gaps { #expect(gap <= pace.interval, "\(gap)") }
            for gap in gaps.dropFirst() { #expect(gap >= pace.least, "\(gap)") }
        }
        #expect(site.log.all.isEmpty)
        site.network.stop()
    }

    @Test(arguments: paces)
    func aClientsPingsAreInTimeToo(pace: Pace) throws {
        let network = SimulatedNetwork(seed: 1)
        let site = try ClientSite(network) {
            $0.options.pingInterval = pace.interval
            $0.options.pongTimeout = pace.patience
        }
        var served: [SimulatedWebSocket] = []
        network.answer(at: site.address) { served.append(SimulatedWebSocket(accepting: $0)) }
        _ = site.connect()
        try site.run("an upgrade") { served.first?.isUpgraded == true }
        let gaps = try Self.gaps(network, served, intervals: 40, pace)[0]
        #expect(gaps.count >= 39 && gaps.allSatisfy { $0 >= pace.least && $0 <= pace.interval }, "\(gaps)")
        network.stop()
    }

    /// A crowd that came at once is not asked at once, now or later.
    @Test func aCrowdIsAskedOneByOne() throws {
        let pace = Pace()
        let site = try Self.site(pace)
        let clients = (0..<200).map { _ in site.connect() }
        #expect(try site.network.run { clients.allSatisfy(\.isUpgraded) })
        for round in 1...3 {
            let start = site.network.elapsed
            var times: Set<Int64> = []
            var count = 0
            while count < clients.count {
                #expect(try site.network.run { clients.count { $0.pings.count >= round } > count })
                count = clients.count { $0.pings.count >= round }
                times.insert((site.network.elapsed - start).nanoseconds / 10_000_000)
            }
            // Within a twentieth of 30 s there are 150 ticks.
            #expect(times.count > 70, "round \(round): \(times.count) moments")
        }
        site.network.stop()
    }

    /// Its handler does not read, and it is not given up for that; the path to it is kept awake all the same.
    @Test func whoIsNotReadFromIsAskedAllTheSame() throws {
        let pace = Pace()
        let site = try Self.site(pace)
        let client = site.connect()
        client.send("pause")
        #expect(try site.network.run { site.log.all == ["pause"] })
        let gaps = try Self.gaps(site.network, [client], intervals: 20, pace)[0]
        #expect(gaps.count >= 19 && gaps.allSatisfy { $0 <= pace.interval }, "\(gaps)")
        #expect(site.log.all == ["pause"])
        site.network.stop()
    }

    /// Who takes longer than an interval to answer, and has much more time for it, is asked again an interval
    /// later, and not when that time is up.
    @Test func whoAnswersLateIsAskedAgainInTime() throws {
        let pace = Pace(interval: .seconds(1), patience: .seconds(30))
        let site = try Self.site(pace)
        let client = site.connect()
        #expect(try site.network.run { client.isUpgraded })
        client.answers = false
        for round in 1...5 {
            #expect(try site.network.run { client.pings.count == round })
            try site.network.run(for: pace.interval * 3 / 2)
            client.send("late")
            let start = site.network.elapsed
            #expect(try site.network.run { client.pings.count > round })
            let took = site.network.elapsed - start
            #expect(took <= pace.interval + Self.travel * 2, "round \(round): \(took)")
        }
        site.network.stop()
    }

    /// Who answers nothing has its time whatever the interval is, and is asked once.
    @Test(arguments: paces)
    func whoDoesNotAnswerIsGivenUpInTime(pace: Pace) throws {
        let site = try Self.site(pace)
        let client = site.connect()
        #expect(try site.network.run { client.isUpgraded })
        client.answers = false
        let start = site.network.elapsed
        #expect(try site.network.run { !site.log.all.isEmpty })
        let took = site.network.elapsed - start
        let most = pace.interval + pace.patience + pace.tick + Self.travel
        #expect(took >= pace.least + pace.patience - Self.travel && took <= most, "\(took)")
        #expect(site.log.all == ["close 1006 timeout: pong"] && client.pings.count == 1)
        site.network.stop()
    }
}
