import Testing

@testable import ZCNet
@testable import ZCNetTesting
@testable import ZCNetWebSocket

/// Messages that strangers begin and do not end: what they hold, who has to go, and how long they may stay.
@Suite struct MemoryBoundTests {
    /// An echo on a loop that may hold 2 MiB, for messages of up to 256 KiB.
    static func site(
        memory: Int = 2 << 20, _ edit: @escaping (inout WebSocketOptions) -> Void = { _ in }
    ) throws -> SimulatedSite {
        var group = EventLoopGroup.Configuration()
        group.limits.memoryBytesMax = memory
        group.limits.chunkBytes = 64 << 10
        return try SimulatedSite(group: group) {
            $0.options.messageBytesMax = 256 << 10
            $0.options.pingInterval = nil
            edit(&$0.options)
        }
    }

    static func host(_ site: SimulatedSite) -> ConnectionHost { site.group.siblings.all[0] }

    static func open(
        _ site: SimulatedSite, _ count: Int, headers: [String] = []
    ) throws -> [SimulatedWebSocket] {
        let sockets = (0..<count).map { _ in site.connect(headers: headers) }
        try site.run("\(count) conversations") { sockets.allSatisfy(\.isUpgraded) }
        return sockets
    }

    // MARK: Who has to go

    @Test func unfinishedFragmentsOfStrangersDoNotStarveASmallMessage() throws {
        let site = try Self.site()
        let strangers = try Self.open(site, 40)
        for stranger in strangers { stranger.send(frame: 0x02, [UInt8](repeating: 1, count: 100_000)) }
        try site.network.run(for: .milliseconds(50))
        let host = Self.host(site)
        #expect(host.budget.bytes <= 2 << 20)
        // Forty times 100,000 bytes are more than there is room for: some were told to come again.
        let gone = strangers.filter { $0.close != nil }
        #expect(gone.count >= 20 && gone.count < 40, "\(gone.count) of 40, \(host.budget.bytes) held")
        #expect(gone.allSatisfy { $0.close?.code == .tryAgainLater })
        #expect(gone.allSatisfy { $0.close?.reason.contains("memory is short") == true })

        let honest = try Self.open(site, 1)[0]
        honest.send(frame: 0x01, Array("hel".utf8))
        honest.send(frame: 0x80, Array("lo".utf8))
        try site.run("the honest message's echo") { honest.messages == [.text("hello")] }
        #expect(host.auditMemory() == [])
        site.network.stop()
        #expect(host.budget[.messages] == 0)
    }

    @Test func theLargestUnfinishedMessageGoesFirst() throws {
        let site = try Self.site()
        let large = try Self.open(site, 1)[0]
        large.send(frame: 0x02, [UInt8](repeating: 1, count: 250_000))
        let small = try Self.open(site, 66)
        for socket in small { socket.send(frame: 0x02, [UInt8](repeating: 1, count: 30_000)) }
        try site.run("room to be made") { large.close != nil }
        try site.network.run(for: .milliseconds(20))
        #expect(large.close?.code == .tryAgainLater)
        #expect(small.allSatisfy { $0.close == nil })
        #expect(site.group.snapshot()[.memoryEvictions] == 1)
        site.network.stop()
    }

    @Test func whoAsksAndIsTheLargestGoesItself() throws {
        let site = try Self.site(memory: 1 << 20) { $0.messageBytesMax = 4 << 20 }
        let victims = try Self.open(site, 3)
        for socket in victims { socket.send(frame: 0x02, [UInt8](repeating: 1, count: 30_000)) }
        let greedy = try Self.open(site, 1)[0]
        greedy.send(frame: 0x02, [UInt8](repeating: 1, count: 100_000))
        for _ in 0..<20 { greedy.send(frame: 0x00, [UInt8](repeating: 1, count: 100_000)) }
        try site.run("the greedy one to go") { site.log.count(of: "close") == 1 }
        #expect(greedy.close?.code == .tryAgainLater)
        #expect(victims.allSatisfy { $0.close == nil })
        #expect(site.log.count(of: "close 1013 overflow") == 1, "\(site.log.all)")
        site.network.stop()
    }

    /// What somebody asks for and cannot get keeps no other from being given room, within the same 10 ms.
    @Test func aGreedyMessageDoesNotHaveOthersRefused() throws {
        let site = try Self.site()
        let large = try Self.open(site, 1)[0]
        large.send(frame: 0x02, [UInt8](repeating: 1, count: 250_000))
        try site.network.run(for: .milliseconds(20))
        let host = Self.host(site)
        let others = host.budget.available - 1000
        host.budget.charge(others, for: .requests)
        host.makeRoom(1 << 20, holding: 0, isPooled: false)
        #expect(host.budget.available == 1000 && large.close == nil)
        host.makeRoom(60_000, holding: 0, isPooled: false)
        #expect(host.budget.available > 60_000)
        try site.run("the largest one's end") { large.close?.code == .tryAgainLater }
        host.budget.release(others, for: .requests)
        site.network.stop()
    }

    // MARK: Age

    @Test(arguments: [[0x02], [0x02, 0x00, 0x89, 0x00]] as [[UInt8]])
    func aFragmentedMessageHasAGreatestAge(frames: [UInt8]) throws {
        let site = try Self.site { $0.messageTimeout = .seconds(2) }
        let socket = try Self.open(site, 1)[0]
        for first in frames {
            socket.send(frame: first, [1, 2, 3])
            try site.network.run(for: .milliseconds(300))
        }
        #expect(socket.close == nil)
        try site.run("the end of the message's time") { socket.close != nil }
        #expect(socket.close?.code == .policyViolation)
        #expect(site.network.elapsed < .seconds(3))
        site.network.stop()
    }

    @Test func anUnfinishedFrameHasAGreatestAgeHoweverSlowlyItComes() throws {
        let site = try Self.site { $0.messageTimeout = .seconds(2) }
        let socket = try Self.open(site, 1)[0]
        let frame = SessionFeeder.frame(0x82, [UInt8](repeating: 1, count: 1000))
        for byte in frame.prefix(100) where socket.close == nil {
            socket.peer.send([byte])
            try site.network.run(for: .milliseconds(100))
        }
        #expect(socket.close?.code == .policyViolation)
        #expect(site.network.elapsed < .seconds(3))
        site.network.stop()
    }

    @Test func messagesThatFollowEachOtherInPartsAreNotOneOldMessage() throws {
        let site = try Self.site { $0.messageTimeout = .seconds(1) }
        let socket = try Self.open(site, 1)[0]
        // There is always a message in progress, in a frame or in fragments, and none is older than 400 ms.
        for round in 0..<20 {
            let frame = SessionFeeder.frame(0x82, [UInt8](repeating: 1, count: 1000))
            socket.peer.send(frame.prefix(500))
            try site.network.run(for: .milliseconds(200))
            socket.peer.send(frame.dropFirst(500) + SessionFeeder.frame(0x02, [1]))
            try site.network.run(for: .milliseconds(200))
            socket.peer.send(SessionFeeder.frame(0x80, [2]))
            #expect(socket.close == nil, "round \(round)")
        }
        try site.run("all echoes") { socket.messages.count == 40 }
        site.network.stop()
    }

    @Test func aPausedHandlersBacklogDoesNotAge() throws {
        let site = try Self.site { $0.messageTimeout = .milliseconds(20) }
        let socket = try Self.open(site, 1)[0]
        let half = SessionFeeder.frame(0x81, Array("hello".utf8))
        // The handler pauses for 50 ms with half a message behind the word.
        socket.peer.send(SessionFeeder.frame(0x81, Array("pause".utf8)) + half.prefix(6))
        try site.network.run(for: .milliseconds(45))
        socket.peer.send(half.dropFirst(6))
        try site.run("the echo") { socket.messages == [.text("hello")] }
        site.network.stop()
    }
}
