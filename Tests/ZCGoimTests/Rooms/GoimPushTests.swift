import Testing
import ZCGoim

/// Pushes by key, keys, room, and to all.
@Suite struct GoimPushTests {
    private static let quote = GoimOperation(rawValue: 1000)

    private func message(_ text: String, _ operation: Int32 = 1000) -> GoimMessage {
        GoimMessage(GoimOperation(rawValue: operation), text)
    }

    @Test func keysGetWhatTheyAccept() async throws {
        try await visit(loops: 2) { site in
            let people = try (0..<6).map { index in
                try site.member(
                    index % 2 == 0 ? .tcp : .webSocket, key: "k\(index)", accepts: index < 3 ? [1000] : [1001]
                )
            }
            site.hub.push(message("one"), toKey: "k1")
            site.hub.push(message("nobody"), toKey: "k9")
            site.hub.push(message("all"), toKeys: (0..<9).map { "k\($0)" })
            site.hub.broadcast(message("other", 1001))
            let expected = [["all"], ["one", "all"], ["all"], ["other"], ["other"], ["other"]]
            for (person, texts) in zip(people, expected) {
                for text in texts { #expect(try person.expect().text == text) }
                try person.heartbeat()
            }
            let figures = site.hub.snapshot()
            #expect(figures[.delivered] == 7 && figures[.filtered] == 6 && figures[.members] == 6)
            #expect(figures.unreached == 0 && figures[.overflowed] == 0)
        }
    }

    @Test func aRoomGetsEverything() async throws {
        try await visit(loops: 2) { site in
            let inside = try (0..<6).map { index in
                try site.member(index % 2 == 0 ? .tcp : .webSocket, room: "live://1")
            }
            let outside = try Transport.allCases.map { try site.member($0, room: "live://2") }
            for number in 0..<50 {
                site.hub.push(message("\(number)", Int32(2000 + number)), toRoom: "live://1")
            }
            site.hub.push(message("nobody"), toRoom: "live://3")
            for person in inside {
                for number in 0..<50 {
                    #expect(try person.expect() == NaiveProto(Int32(2000 + number), 0, "\(number)"))
                }
            }
            for person in outside { try person.heartbeat() }
            #expect(site.hub.snapshot()[.delivered] == 300 && site.hub.snapshot().rooms == 2)
        }
    }

    @Test func whoLeavesHearsNoMore() async throws {
        try await visit { site in
            let people = try Transport.allCases.map { try site.member($0, room: "live://1") }
            try people[0].send(NaiveProto(12, 1, "live://2"))
            #expect(try people[0].expect().operation == 13)
            site.hub.push(message("a"), toRoom: "live://1")
            site.hub.push(message("b"), toRoom: "live://2")
            #expect(try people[0].expect().text == "b")
            #expect(try people[1].expect().text == "a")
        }
    }

    @Test func aPacedBroadcastReachesEverybody() async throws {
        try await visit(loops: 2) { site in
            let people = try (0..<12).map { index in
                try site.member(index % 2 == 0 ? .tcp : .webSocket, accepts: [1000])
            }
            site.hub.broadcast(message("slow"), perSecond: 80)
            for person in people { #expect(try person.expect().text == "slow") }
            // Two for each loop in each twentieth of a second.
            #expect(eventually { site.hub.snapshot()[.delivered] == 12 })
        }
    }

    @Test func aReceiverThatDoesNotReadLosesAndIsCounted() async throws {
        var options = GoimOptions()
        options.connection.outboundBytesMax = 64 << 10
        try await visit(options) { site in
            let address = site.address(.tcp)
            let deaf = try RawPerson(.tcp, to: address, receiveBufferBytes: 4096)
            try deaf.authenticate(key: "deaf", room: "r://1")
            let good = try site.member(.webSocket, room: "r://1")
            let body = String(repeating: "x", count: 4000)
            var pushed = 0
            while site.hub.snapshot()[.overflowed] == 0 {
                site.hub.push(message("\(body)"), toRoom: "r://1")
                #expect(try good.expect().body.count == 4000)
                pushed += 1
            }
            // Whatever the deaf one was given is whole and in order; then it is in step again.
            let delivered = site.hub.snapshot()[.delivered] - pushed
            #expect(delivered + site.hub.snapshot()[.overflowed] == pushed)
            for _ in 0..<delivered { #expect(try deaf.expect().body.count == 4000) }
            #expect(try deaf.heartbeat() == 2)
        }
    }

    @Test func aReceiverThatDoesNotReadMayBeClosed() async throws {
        var options = GoimOptions()
        options.connection.outboundBytesMax = 64 << 10
        options.connection.overflowPolicy = .close
        try await visit(options) { site in
            let deaf = try RawPerson(.tcp, to: site.address(.tcp), receiveBufferBytes: 4096)
            try deaf.authenticate(key: "deaf", room: "r://1")
            let body = String(repeating: "x", count: 4000)
            #expect(
                eventually {
                    site.hub.push(message(body), toRoom: "r://1")
                    return site.journal.now.closeCount == 1
                })
            #expect(site.journal.now.closes["deaf"]?.cause == .connection(.overflow))
            #expect(site.hub.online == 0 && site.hub.roomCounts.isEmpty)
        }
    }

    @Test func remotesReachTheirConnection() async throws {
        try await visit { site in
            for transport in Transport.allCases {
                let person = try site.member(transport, key: "k\(transport)")
                let remote = try #require(site.hub.remote(forKey: "k\(transport)"))
                let result = Shared<SendResult?>(nil)
                remote.send(message("hello", 5)) { sent in result.update { $0 = sent } }
                #expect(try person.expect() == NaiveProto(5, 0, "hello"))
                #expect(result.wait { $0 == .sent || $0 == .queued })
                remote.enter("r://\(transport)")
                #expect(try person.heartbeat() == 1)
                remote.close()
                #expect(try person.isAtEnd())
                #expect(site.journal.wait { $0.closes["k\(transport)"]?.cause == .local })
                #expect(remote.send(message("late")) == .posted)
            }
        }
    }

    @Test func snapshotsAreExposed() async throws {
        try await visit { site in
            let person = try site.member(.tcp, room: "r://1")
            defer { withExtendedLifetime(person) {} }
            let text = site.hub.snapshot().prometheusText()
            #expect(text.contains("\nzcnet_goim_members 1\n"))
            #expect(text.contains("# TYPE zcnet_goim_delivered_total counter\n"))
            #expect(text.contains("\nzcnet_goim_rooms 1\n"))
        }
    }
}
