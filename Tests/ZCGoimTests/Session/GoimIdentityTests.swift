import Foundation
import TestSupport
import Testing
import ZCGoim

/// What a client may claim to be, and what an application may do with who it is.
@Suite struct GoimIdentityTests {
    /// Claims are kept for as long as the connection lasts, so that there is a limit to each.
    @Test(arguments: Transport.allCases, ["key", "room", "accepts"])
    func claimsBeyondTheirLimitsAreRefused(_ transport: Transport, _ claim: String) async throws {
        var options = GoimOptions()
        options.nameBytesMax = 8
        options.acceptsMax = 2
        try await visit(options) { site in
            let long = String(repeating: "x", count: 9)
            let key = claim == "key" ? long : "k"
            let room = claim == "room" ? long : ""
            let accepts: [Int32] = claim == "accepts" ? [1000, 1001, 1002] : [1000, 1001]
            let person = try site.person(transport)
            #expect(throws: (any Error).self) {
                try person.authenticate(key: key, room: room, accepts: accepts)
            }
            #expect(try person.isAtEnd())
            #expect(site.journal.wait { $0.closeCount == 1 })
            let expected =
                claim == "accepts"
                ? "expected at most 2 operations, got 3" : "expected names of at most 8 bytes, got 9"
            #expect(site.journal.now.closes.values.first?.cause == .refused(expected))
            #expect(site.journal.now.opens.isEmpty && site.hub.snapshot()[.refused] == 1)
            // What is exactly as large comes in.
            _ = try site.member(transport, key: "12345678", room: "12345678", accepts: [1, 2])
        }
    }

    @Test func aFrameThatIsShorterThanAHeaderIsRefused() async throws {
        try await visit { site in
            let person = try site.member(.webSocket, key: "k")
            try person.sendRaw(RawPerson.frame([0, 0, 0]))
            #expect(try person.isAtEnd())
            #expect(person.closeFrame?.code == 1002)
            #expect(site.journal.wait { $0.closeCount == 1 })
            #expect(site.hub.snapshot()[.protocolErrors] == 1)
        }
    }

    /// The application puts a connection into a room, and says what is pushed to it.
    @Test(arguments: Transport.allCases)
    func anApplicationMovesAndSubscribesConnections(_ transport: Transport) async throws {
        var deeds = GoimSite.Deeds()
        deeds.received = { proto, peer in
            switch proto.text {
            case "enter": peer.enter("r://2")
            case "leave": peer.enter(nil)
            case "subscribe": peer.subscribe([GoimOperation(rawValue: 7000)])
            case "unsubscribe": peer.unsubscribe([GoimOperation(rawValue: 7000)])
            default: break
            }
            let accepts = peer.accepts.map { "\($0)" }.sorted().joined(separator: ",")
            peer.reply(to: proto, "\(peer.mid) \(peer.room ?? "-") \(peer.online) \(accepts)")
        }
        try await visit(GoimOptions(), deeds) { site in
            let person = try site.member(transport, key: "k", room: "r://1", accepts: [1000])
            func say(_ text: String) throws -> String? {
                try person.send(NaiveProto(4, 1, text))
                return try person.receive()?.text
            }
            #expect(try say("") == "1 r://1 1 1000")
            #expect(try say("enter") == "1 r://2 1 1000")
            #expect(try say("subscribe") == "1 r://2 1 1000,7000")
            // It hears what goes to the room, and what goes to whoever has subscribed.
            site.hub.push(GoimMessage(GoimOperation(rawValue: 8000), "room"), toRoom: "r://2")
            #expect(try person.receive()?.text == "room")
            site.hub.broadcast(GoimMessage(GoimOperation(rawValue: 8000), "nobody's"))
            site.hub.broadcast(GoimMessage(GoimOperation(rawValue: 7000), "subscriber's"))
            #expect(try person.receive()?.text == "subscriber's")
            #expect(try say("unsubscribe") == "1 r://2 1 1000")
            #expect(try say("leave") == "1 - 0 1000")
        }
    }

    @Test func aServerNeedsAnAddressAndAPath() throws {
        struct Lobby: GoimHandler {}
        #expect { try GoimServer { Lobby() } } throws: { ($0 as? ConfigurationError)?.field == "tcp" }
        var configuration = GoimServer.Configuration()
        configuration.path = "sub"
        #expect {
            try GoimServer(webSocket: "127.0.0.1:0", configuration: configuration) { Lobby() }
        } throws: { ($0 as? ConfigurationError)?.field == "path" }
    }
}
