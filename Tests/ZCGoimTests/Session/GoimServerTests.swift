import Testing
import ZCGoim

/// Sessions as goim's clients see them, over both transports.
@Suite struct GoimServerTests {
    @Test(arguments: Transport.allCases) func authenticationIsAnswered(_ transport: Transport) async throws {
        try await visit { site in
            let person = try site.person(transport)
            let answer = try person.authenticate(key: "alice", room: "live://1", sequence: 42)
            #expect(answer == NaiveProto(8, 42))
            #expect(site.hub.contains(key: "alice"))
            #expect(site.hub.online == 1 && site.hub.online(inRoom: "live://1") == 1)
            #expect(site.journal.now.opens == ["alice"])
        }
    }

    @Test(arguments: Transport.allCases) func anEmptyKeyBecomesAUUID(_ transport: Transport) async throws {
        try await visit { site in
            _ = try site.member(transport)
            let key = try #require(site.journal.now.opens.first)
            #expect(key.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
            #expect(key.dropFirst(14).first == "4")
            #expect("89ab".contains(try #require(key.dropFirst(19).first)))
        }
    }

    @Test(arguments: Transport.allCases) func messagesAreHandledAndAnswered(_ transport: Transport)
        async throws
    {
        try await visit { site in
            let person = try site.member(transport)
            let long = NaiveProto(1000, 6, [UInt8](repeating: 9, count: 4096))
            var versioned = NaiveProto(4, 5, "hello")
            versioned.version = 7
            try person.send(versioned, long)
            var answer = NaiveProto(4, 5)
            answer.version = 7
            #expect(try person.expect() == answer)
            #expect(try person.expect() == NaiveProto(1000, 6))
            #expect(site.journal.now.messages == [versioned, long])
        }
    }

    @Test(arguments: Transport.allCases) func aHandlersAnswerTakesThePlace(_ transport: Transport)
        async throws
    {
        var deeds = GoimSite.Deeds()
        deeds.received = { proto, peer in
            if proto.operation.rawValue == 1 {
                peer.withholdReply()
            } else {
                peer.reply(to: proto, proto.bytes)
            }
        }
        try await visit(GoimOptions(), deeds) { site in
            let person = try site.member(transport)
            try person.send(NaiveProto(1, 1, "quiet"), NaiveProto(4, 2, "echo"))
            #expect(try person.expect() == NaiveProto(4, 2, "echo"))
        }
    }

    @Test(arguments: Transport.allCases) func otherOperationsAreIgnoredBefore(_ transport: Transport)
        async throws
    {
        try await visit { site in
            let person = try site.person(transport)
            try person.send(NaiveProto(2, 1), NaiveProto(4, 2, "x"), NaiveProto(12, 3, "room://1"))
            #expect(try person.authenticate(sequence: 4) == NaiveProto(8, 4))
            #expect(site.journal.now.messages.isEmpty && site.hub.roomCounts.isEmpty)
            // And a second one is a message like any other.
            try person.send(NaiveProto(7, 5, "{}"))
            #expect(try person.expect() == NaiveProto(7, 5))
        }
    }

    @Test(arguments: Transport.allCases) func aHeartbeatTellsTheRoom(_ transport: Transport) async throws {
        try await visit(loops: 2) { site in
            let others = try Transport.allCases.map { try site.member($0, room: "live://1") }
            let person = try site.member(transport)
            #expect(try person.heartbeat() == 0)
            try person.send(NaiveProto(12, 3, "live://1"))
            #expect(try person.expect() == NaiveProto(13, 3, "live://1"))
            #expect(try person.heartbeat() == others.count + 1)
            try person.send(NaiveProto(12, 4))
            #expect(try person.expect() == NaiveProto(13, 4))
            #expect(try person.heartbeat() == 0)
            #expect(try others[0].heartbeat() == 2)
        }
    }

    @Test(arguments: Transport.allCases) func aRoomMayBeRefused(_ transport: Transport) async throws {
        var deeds = GoimSite.Deeds()
        deeds.mayEnter = { $0 != "vip://1" }
        try await visit(GoimOptions(), deeds) { site in
            let person = try site.member(transport, room: "live://1")
            try person.send(NaiveProto(12, 3, "vip://1"))
            #expect(try person.expect() == NaiveProto(13, 3))
            #expect(site.hub.roomCounts == ["live://1": 1])
        }
    }

    @Test(arguments: Transport.allCases) func subscriptionsAreEchoed(_ transport: Transport) async throws {
        try await visit { site in
            let person = try site.member(transport, key: "k", accepts: [1000])
            try person.send(NaiveProto(14, 2, "1001, 1002"), NaiveProto(16, 3, "1000,1002"))
            #expect(try person.expect() == NaiveProto(15, 2, "1001, 1002"))
            #expect(try person.expect() == NaiveProto(17, 3, "1000,1002"))
            for operation in [1000, 1001, 1002] as [Int32] {
                site.hub.push(GoimMessage(GoimOperation(rawValue: operation), "x"), toKey: "k")
            }
            #expect(try person.expect() == NaiveProto(1001, 0, "x"))
            try person.heartbeat()
            #expect(site.hub.snapshot()[.filtered] == 2)
        }
    }

    @Test(arguments: Transport.allCases) func aSecondConnectionReplacesTheFirst(_ transport: Transport)
        async throws
    {
        try await visit(loops: 2) { site in
            for other in Transport.allCases {
                let key = "k\(other)"
                let first = try site.member(transport, key: key, room: key, accepts: [1000])
                let second = try site.member(other, key: key, room: key, accepts: [1000])
                #expect(try first.isAtEnd())
                if transport == .webSocket { #expect(first.closeFrame?.code == 4001) }
                #expect(site.journal.wait { $0.closes[key]?.cause == .replaced })
                site.hub.push(GoimMessage(GoimOperation(rawValue: 1000), "still"), toKey: key)
                #expect(try second.expect().text == "still")
                #expect(site.hub.online(inRoom: key) == 1)
            }
            #expect(site.hub.snapshot()[.replaced] == 2)
        }
    }

    @Test(arguments: Transport.allCases) func whoIsRefusedIsToldWhy(_ transport: Transport) async throws {
        var deeds = GoimSite.Deeds()
        deeds.authenticate = { _, _ in .refuse("banned") }
        try await visit(GoimOptions(), deeds) { site in
            let person = try site.person(transport)
            try person.send(NaiveProto(7, 1, "{}"))
            #expect(try person.isAtEnd())
            if transport == .webSocket {
                #expect(person.closeFrame?.code == 1008 && person.closeFrame?.text == "refused: banned")
            }
            #expect(site.journal.wait { $0.closes[""]?.cause == .refused("banned") })
            #expect(site.journal.now.opens.isEmpty && site.hub.snapshot()[.refused] == 1)
        }
    }

    @Test(arguments: Transport.allCases) func whatIsNoTokenIsRefused(_ transport: Transport) async throws {
        try await visit { site in
            let person = try site.person(transport)
            try person.send(NaiveProto(7, 1, "no json"))
            #expect(try person.isAtEnd())
            #expect(site.journal.wait { $0.closeCount == 1 })
        }
    }

    @Test(arguments: Transport.allCases) func aVerdictMayComeLater(_ transport: Transport) async throws {
        let promises = Shared<[GoimPromise]>([])
        var deeds = GoimSite.Deeds()
        deeds.authenticate = { _, peer in
            let promise = peer.promise
            promises.update { $0.append(promise) }
            return .later
        }
        try await visit(GoimOptions(), deeds) { site in
            let person = try site.person(transport)
            // What is sent behind waits for the verdict.
            try person.send(NaiveProto(7, 9, "secret"), NaiveProto(4, 10, "early"))
            #expect(promises.wait { $0.count == 1 })
            #expect(site.journal.now.messages.isEmpty)
            promises.now[0].answer(.accept(GoimIdentity(mid: 5, key: "late")))
            promises.now[0].answer(.refuse("too late"))
            #expect(try person.expect() == NaiveProto(8, 9))
            #expect(try person.expect() == NaiveProto(4, 10))
            #expect(site.journal.now.opens == ["late"])

            let other = try site.person(transport)
            try other.send(NaiveProto(7, 1, "secret"))
            #expect(promises.wait { $0.count == 2 })
            promises.now[1].answer(.refuse("no"))
            #expect(try other.isAtEnd())
        }
    }

    @Test(arguments: Transport.allCases)
    func whoDoesNotAuthenticateIsGivenUp(_ transport: Transport) async throws {
        var options = GoimOptions()
        options.handshakeTimeout = .milliseconds(50)
        try await visit(options) { site in
            let person = try site.person(transport)
            try person.send(NaiveProto(2, 1))
            #expect(try person.isAtEnd())
            #expect(site.journal.wait { $0.closes[""]?.cause == .handshakeTimeout })
        }
    }

    @Test(arguments: Transport.allCases)
    func onlyHeartbeatsKeepAConnection(_ transport: Transport) async throws {
        var options = GoimOptions()
        options.heartbeat = .milliseconds(60)
        options.heartbeatsMissedMax = 3
        try await visit(options) { site in
            let person = try site.member(transport, key: "k")
            var answered = 0
            // Messages do not count, so this ends.
            while true {
                do {
                    try person.send(NaiveProto(4, 1, "busy"))
                    guard try person.receive() != nil else { break }
                    answered += 1
                } catch { break }
            }
            #expect(answered > 0)
            #expect(site.journal.wait { $0.closes["k"]?.cause == .heartbeatTimeout })
            #expect(site.hub.snapshot()[.timeouts] == 1)
        }
    }

    @Test(arguments: Transport.allCases) func bothHeadersAreSpoken(_ transport: Transport) async throws {
        var options = GoimOptions()
        options.headers = .detected
        try await visit(options) { site in
            let people = try GoimHeaderFormat.allCases.map { format in
                let person = try site.person(transport, format: format)
                let answer = try person.authenticate(room: "r://1", accepts: [1000])
                #expect(answer.operation == 8)
                return person
            }
            var message = NaiveProto(4, 3, "hello")
            (message.room, message.user) = (77, -88)
            try people[1].send(message)
            var answer = NaiveProto(4, 3)
            (answer.room, answer.user) = (77, -88)
            #expect(try people[1].expect() == answer)
            #expect(site.journal.now.messages == [message])
            let header = GoimHeader(GoimOperation(rawValue: 1000), roomID: 5, userID: 6)
            site.hub.push(GoimMessage(header, body: "push"), toRoom: "r://1")
            #expect(try people[0].expect() == NaiveProto(1000, 0, "push"))
            var pushed = NaiveProto(1000, 0, "push")
            (pushed.room, pushed.user) = (5, 6)
            #expect(try people[1].expect() == pushed)
            // Whoever has begun with one header stays with it.
            try people[1].sendRaw(
                transport == .tcp
                    ? NaiveProto(2, 1).bytes() : RawPerson.frame(NaiveProto(2, 1).bytes()))
            #expect(try people[1].isAtEnd())
        }
    }

    @Test func aShutdownClosesEverybody() async throws {
        try await visit { site in
            let people = try Transport.allCases.map { try site.member($0, key: $0.rawValue) }
            site.server.shutdown(grace: .seconds(60))
            for person in people { #expect(try person.isAtEnd()) }
            site.server.wait()
            let closes = site.journal.now.closes
            #expect(closes.count == 2)
            #expect(closes.values.allSatisfy { $0.cause == .connection(.shutdown) }, "\(closes)")
            #expect(site.hub.online == 0)
        }
    }
}
