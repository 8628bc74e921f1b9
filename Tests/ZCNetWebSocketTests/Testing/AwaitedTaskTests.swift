import Foundation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// How long a task may wait for a thread of the pool, where other tests have all of them.
let poolPatience = Duration.seconds(300)

/// Runs a test beside the threads that all tasks share: one that waits for a task on them must not hold one.
func besideTasks(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await awaitedAnswer { (answer: AwaitedAnswer<Result<Void, any Error>>) in
        Thread.detachNewThread { answer.give(Result { try body() }) }
    }.get()
}

/// Virtual time and tasks whose answers are owed.
@Suite struct AwaitedTaskTests {
    /// Accounts as an application has them: isolated, and asked by its policies.
    actor Accounts {
        private var askedCount = 0
        func user(of query: String?) -> String? {
            askedCount += 1
            return query.map { "\($0) \(askedCount)" }
        }
    }

    struct Greeter: WebSocketHandler {
        func makeState() -> String { "" }
        mutating func onOpen(_ peer: inout WebSocketConnection<String>, _ upgrade: WebSocketUpgrade) {
            peer.state = upgrade.context(as: String.self) ?? "nobody"
            peer.send(peer.state)
        }
        mutating func onMessage(
            _ message: borrowing WebSocketMessage, from peer: inout WebSocketConnection<String>
        ) {}
    }

    static func site(_ decide: @escaping @Sendable (UpgradeRequest) async -> UpgradeDecision) throws
        -> SimulatedSite
    {
        try SimulatedSite(configure: { _ in }) { routes, _ in
            routes.webSocket("/", policy: .asynchronous(decide)) { Greeter() }
        }
    }

    /// Once this was answered 503 as a rule: time had jumped to the timeout.
    @Test func anActorIsWaitedFor() throws {
        let accounts = Accounts()
        let site = try Self.site { request in
            await accounts.user(of: request.query).map { .accept(context: $0) } ?? .reject(status: 401)
        }
        for number in 1...20 {
            let client = site.connect("/?ann")
            try site.run("a greeting") { client.messages == [.text("ann \(number)")] }
        }
        #expect(site.network.elapsed < .seconds(1))
        site.network.stop()
    }

    @Test func anotherThreadIsWaitedFor() async throws {
        try await besideTasks {
            let site = try Self.site { request in
                let user = await Task.detached {
                    await Task.yield()
                    return request.query
                }.value
                return user.map { .accept(context: $0) } ?? .reject(status: 401)
            }
            site.network.taskPatience = poolPatience
            let client = site.connect("/?bob")
            try site.run("a greeting") { client.messages == [.text("bob")] }
            #expect(site.network.elapsed < .seconds(1))
            site.network.stop()
        }
    }

    @Test func realTimeIsWaitedFor() async throws {
        try await besideTasks {
            let site = try Self.site { request in
                try? await Task.sleep(for: .milliseconds(30))
                return .accept(context: "late")
            }
            site.network.taskPatience = poolPatience
            let client = site.connect("/")
            try site.run("a greeting") { client.messages == [.text("late")] }
            #expect(site.network.elapsed < .seconds(1))
            site.network.stop()
        }
    }

    /// Who never answers is waited for once, and then time goes on.
    @Test func aTaskThatNeverEndsIsNotWaitedForEver() throws {
        let never = AsyncStream<Void>.makeStream()
        let site = try Self.site { _ in
            for await _ in never.stream {}
            return .accept()
        }
        site.network.taskPatience = .milliseconds(20)
        let client = site.connect("/")
        try site.run("a refusal") { client.peer.isOver }
        #expect(client.response.hasPrefix("HTTP/1.1 503 "))
        never.continuation.finish()
        site.network.stop()
    }
}
