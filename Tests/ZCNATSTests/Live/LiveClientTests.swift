import Foundation
import LiveNATS
import Testing
import ZCNet

@testable import ZCNATS

/// A client against a real server.
@Suite(.enabled(if: LiveServer.isThere, "no server: see Scripts/interop/nats"))
struct LiveClientTests {
    @Test func messagesGoRound() async throws {
        let server = try LiveServer()
        let client = try await server.client()
        let heard = Journal<String>()
        client.subscribe("a.*") { message, _ in
            heard.add("\(message.subject) \(message.text) \(message.headers["K"] ?? "")")
        }
        var headers = NATSHeaders()
        try headers.add("K", "v")
        client.publish("a.b", SharedBytes("1"), headers: headers)
        client.publish("a.c", "2")
        try await client.flush()
        #expect(heard.all == ["a.b 1 v", "a.c 2 "])
        client.shutdown()
        client.wait()
    }

    @Test(arguments: [0, 1, 100, 5000, 300_000, 1 << 20]) func everySizeComesWhole(_ count: Int) async throws
    {
        let server = try LiveServer()
        let client = try await server.client()
        let payload = SharedBytes(copying: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        let heard = Journal<SharedBytes>()
        client.subscribe("echo") { message, connection in
            connection.publish("back", message.payload.bytes)
        }
        client.subscribe("back") { message, _ in heard.add(message.payload.copy()) }
        for _ in 0..<3 { client.publish("echo", payload) }
        #expect(await eventually { heard.all.count == 3 })
        #expect(heard.all.allSatisfy { SubjectRule.areEqual($0.bytes, payload.bytes) })
        client.shutdown()
        client.wait()
    }

    @Test func requestsAreAnsweredOrRefused() async throws {
        let server = try LiveServer()
        let client = try await server.client()
        client.subscribe("double") { message, connection in
            connection.respond(to: message, SharedBytes("\((Int(message.text) ?? 0) * 2)".utf8).bytes)
        }
        #expect(try await client.request("double", "21").text == "42")
        let error = await #expect(throws: NATSError.self) { try await client.request("nobody", "") }
        #expect(error?.code == .noResponders)
        client.subscribe("silent") { _, _ in }
        let late = await #expect(throws: NATSError.self) {
            try await client.request("silent", "", timeout: .milliseconds(50))
        }
        #expect(late?.code == .timedOut)
        client.shutdown()
        client.wait()
    }

    @Test func groupsShareMessages() async throws {
        let server = try LiveServer()
        let client = try await server.client()
        let heard = Journal<Int>()
        for member in 0..<3 { client.subscribe("work", queue: "team") { _, _ in heard.add(member) } }
        for _ in 0..<300 { client.publish("work", "") }
        try await client.flush()
        #expect(await eventually { heard.all.count == 300 })
        #expect(Set(heard.all).count == 3)
        client.shutdown()
        client.wait()
    }

    @Test func credentialsAreAskedFor() async throws {
        let server = try LiveServer("authorization { user: me, password: \"it is\" }\n")
        let good = try await server.client { $0.credentials = .password(user: "me", "it is") }
        try await good.flush()
        let events = Journal<String>()
        let bad = try server.makeClient {
            $0.credentials = .password(user: "me", "it is not")
        } onEvent: {
            events.add(SimulatedSite.name($0))
        }
        let error = await #expect(throws: NATSError.self) { try await bad.connect() }
        #expect(error?.code == .authorization && error?.got == "Authorization Violation")
        for client in [good, bad] {
            client.shutdown()
            client.wait()
        }
        let tokens = try LiveServer("authorization { token: \"s3cret\" }\n")
        let client = try await tokens.client { $0.credentials = .token("s3cret") }
        try await client.flush()
        client.shutdown()
        client.wait()
    }

    @Test func rightsAreTold() async throws {
        let server = try LiveServer(
            "authorization { users: [{ user: u, password: p, permissions: { publish: \"ok\" } }] }\n")
        let events = Journal<String>()
        let client = try await server.client {
            $0.credentials = .password(user: "u", "p")
        } onEvent: {
            events.add(SimulatedSite.name($0))
        }
        client.publish("not.ok", "")
        client.publish("ok", "")
        try await client.flush()
        #expect(await eventually { events.all.count == 2 })
        #expect(events.all[1].contains("Permissions Violation for Publish to \"not.ok\""))
        client.shutdown()
        client.wait()
    }

    @Test func aLostServerIsReplaced() async throws {
        let first = try LiveServer()
        let second = try LiveServer()
        let heard = Journal<String>()
        let events = Journal<String>()
        let client = try await first.client {
            $0.servers = [first.url, second.url]
            $0.picksServersAtRandom = false
            $0.reconnectDelay = .milliseconds(10)
        } onEvent: {
            events.add(SimulatedSite.name($0))
        }
        client.subscribe("a") { message, _ in heard.add(message.text) }
        try await client.flush()
        first.end()
        #expect(await eventually { events.all.contains("away") })
        client.publish("a", "waited")
        #expect(await eventually { heard.all == ["waited"] })
        #expect(events.all == ["connected", "away", "waiting", "connected"])
        client.shutdown()
        client.wait()
    }

    @Test func aLameDuckIsLeft() async throws {
        let first = try LiveServer("lame_duck_duration: \"30s\"\nlame_duck_grace_period: \"1s\"\n")
        let second = try LiveServer()
        let events = Journal<String>()
        let client = try await first.client {
            $0.servers = [first.url, second.url]
            $0.picksServersAtRandom = false
            $0.reconnectDelay = .milliseconds(10)
        } onEvent: {
            events.add(SimulatedSite.name($0))
        }
        kill(first.process.processIdentifier, SIGUSR2)
        #expect(await eventually { events.all.count >= 5 })
        #expect(events.all.starts(with: ["connected", "lame duck"]) && events.all.last == "connected")
        client.shutdown()
        client.wait()
    }

    @Test func theServersLimitIsKept() async throws {
        let server = try LiveServer("max_payload: 1000\n")
        let client = try await server.client()
        #expect(client.publish("a", SharedBytes(copying: [UInt8](repeating: 1, count: 1001))) == .tooLarge)
        #expect(client.publish("a", SharedBytes(copying: [UInt8](repeating: 1, count: 1000))) == .queued)
        try await client.flush()
        client.shutdown()
        client.wait()
    }

    @Test func drainingLosesNothing() async throws {
        let server = try LiveServer()
        let publisher = try await server.client()
        let client = try await server.client()
        let heard = Journal<Int>()
        client.subscribe("a") { message, connection in
            heard.add(Int(message.text) ?? -1)
            connection.publish("seen", message.payload.bytes)
        }
        let seen = Journal<Int>()
        publisher.subscribe("seen") { message, _ in seen.add(Int(message.text) ?? -1) }
        try await client.flush()
        try await publisher.flush()
        for number in 0..<5000 { publisher.publish("a", "\(number)") }
        try await publisher.flush()
        await client.drain()
        #expect(heard.all == Array(0..<5000))
        #expect(await eventually { seen.all.count == 5000 })
        for client in [publisher, client] {
            client.shutdown()
            client.wait()
        }
    }

    /// Publications of several threads come in each one's order.
    @Test func threadsKeepTheirOrder() async throws {
        let server = try LiveServer()
        let client = try await server.client()
        let heard = Journal<String>()
        client.subscribe("a") { message, _ in heard.add(message.text) }
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for number in 0..<2000 {
                        while !client.publish("a", "\(task) \(number)").isAccepted { await Task.yield() }
                    }
                }
            }
        }
        try await client.flush()
        #expect(await eventually { heard.all.count == 8000 })
        for task in 0..<4 {
            let own = heard.all.filter { $0.hasPrefix("\(task) ") }
            #expect(own == (0..<2000).map { "\(task) \($0)" })
        }
        client.shutdown()
        client.wait()
    }
}
