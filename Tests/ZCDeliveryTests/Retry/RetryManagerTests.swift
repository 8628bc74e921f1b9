import Glibc
import TestSupport
import Testing
import ZCNet

@testable import ZCDelivery

/// Over real connections: watched on one loop, sent again by another.
@Suite struct RetryManagerTests {
    /// Tells of its connections and of the lines that come.
    private struct Receiver: ConnectionHandler {
        let ids: Watched<[ConnectionID]>
        func onOpen(_ peer: inout Peer) {
            let id = peer.id
            ids.update { $0.append(id) }
        }
        func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {}
    }

    private struct Caller: ConnectionHandler {
        let received: Watched<[UInt8]>
        let remotes: Watched<[RemoteConnection]>
        func onOpen(_ peer: inout Peer) {
            let remote = peer.remote
            remotes.update { $0.append(remote) }
        }
        func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
            let bytes = data.copy()
            received.update { all in for index in 0..<bytes.count { all.append(bytes[index]) } }
        }
    }

    private final class Site: Sendable {
        let server: TCPServer
        let client: TCPClient
        let ids = Watched<[ConnectionID]>([])
        let received = Watched<[UInt8]>([])
        let remotes = Watched<[RemoteConnection]>([])
        let letters = Watched<[(id: UInt64, cause: DeadLetter.Cause)]>([])

        init(loops: Int) throws {
            var configuration = TCPServer.Configuration()
            configuration.group.loops = loops
            configuration.acceptStrategy = .roundRobin
            Patience.apply(to: &configuration.connection)
            let (ids, received, remotes) = (ids, received, remotes)
            server = try TCPServer(on: "127.0.0.1:0", configuration: configuration) { Receiver(ids: ids) }
            client = try TCPClient { Caller(received: received, remotes: remotes) }
            try server.start()
            try client.start()
        }

        func connect(_ count: Int) throws -> [ConnectionID] {
            for _ in 0..<count { client.connect(to: server.address.description) { _ in } }
            #expect(ids.wait { $0.count >= count } && remotes.wait { $0.count >= count })
            return ids.value
        }

        func manager(_ policy: RetryPolicy) throws -> RetryManager {
            let letters = letters
            return try RetryManager(on: server.group.loops, policy: policy) { letter in
                let entry = (letter.message.id, letter.cause)
                letters.update { $0.append(entry) }
            }
        }

        func finish() {
            client.shutdown(grace: .zero)
            server.shutdown(grace: .zero)
            client.wait()
            server.wait()
        }
    }

    private static func quick(retriesMax: Int) -> RetryPolicy {
        var policy = RetryPolicy()
        policy.interval = .milliseconds(20)
        policy.backoff = 1
        policy.jitter = 0
        policy.retriesMax = retriesMax
        return policy
    }

    private func blocking(_ body: @escaping @Sendable () throws -> Void) async {
        await OwnThread.value {
            do { try body() } catch { Issue.record("\(error)") }
        }
    }

    @Test func messagesAreSentAgainAndGivenUp() async {
        await blocking {
            let site = try Site(loops: 2)
            let ids = try site.connect(4)
            let manager = try site.manager(Self.quick(retriesMax: 3))
            for (index, id) in ids.enumerated() {
                let message = OutstandingMessage(id: UInt64(index + 1), to: id, bytes: "x")
                #expect(manager.add(message) == .added)
            }
            #expect(site.letters.wait { $0.count == 4 })
            #expect(site.received.wait { $0.count == 12 })
            #expect(Set(site.letters.value.map(\.id)) == [1, 2, 3, 4])
            #expect(site.letters.value.allSatisfy { $0.cause == .unacknowledged })
            let figures = manager.snapshot()
            #expect(figures[.retries] == 12 && figures[.deadLetters] == 4 && manager.outstanding == 0)
            site.finish()
            #expect(manager.add(OutstandingMessage(id: 1, to: ids[0], bytes: "x")) == .stopped)
            #expect(!manager.acknowledge(1, from: ids[0]) && manager.outstanding == 0)
        }
    }

    /// What the loop asks for is done at once, and yet behind what others have asked for before.
    @Test func nothingOvertakesOnTheLoop() async {
        await blocking {
            let site = try Site(loops: 1)
            let id = try site.connect(1)[0]
            let manager = try site.manager(RetryPolicy())
            let (isAdded, isOver) = (Watched(false), Watched(false))
            let answer = site.server.group.loops[0].post { _ in
                OwnThread.run {
                    _ = manager.add(OutstandingMessage(id: 1, to: id, bytes: "x"))
                    isAdded.update { $0 = true }
                }
                // The loop is held meanwhile, so that the message waits in the mailbox.
                _ = isAdded.wait { $0 }
                _ = manager.acknowledge(1, from: id)
                isOver.update { $0 = true }
            }
            #expect(answer == .posted && isOver.wait { $0 })
            let figures = manager.snapshot()
            #expect(figures[.acknowledgedMessages] == 1 && figures[.strayAcknowledgements] == 0)
            #expect(manager.outstanding == 0)
            site.finish()
        }
    }

    @Test func whatIsAcknowledgedIsOver() async {
        await blocking {
            let site = try Site(loops: 2)
            let ids = try site.connect(2)
            let manager = try site.manager(RetryPolicy())
            let count = 2000
            for number in 0..<count {
                let message = OutstandingMessage(id: UInt64(number), to: ids[number % 2], bytes: "x")
                #expect(manager.add(message) == .added)
            }
            let shares = manager.outstandingByShard
            #expect(shares.reduce(0, +) == count && shares.allSatisfy { $0 > count / 4 })
            for number in 0..<count { #expect(manager.acknowledge(UInt64(number), from: ids[number % 2])) }
            #expect(manager.acknowledge(1, from: ids[0]))
            while manager.outstanding > 0 || manager.snapshot()[.strayAcknowledgements] == 0 {
                OwnThread.yield()
            }
            let figures = manager.snapshot()
            #expect(figures[.trackedMessages] == count && figures[.acknowledgedMessages] == count)
            #expect(figures[.strayAcknowledgements] == 1 && figures[.outstandingMessages] == 0)
            site.finish()
            #expect(site.received.value.isEmpty)
        }
    }

    @Test func aConnectionThatEndsTakesItsMessagesAlong() async {
        await blocking {
            let site = try Site(loops: 2)
            let ids = try site.connect(2)
            let manager = try site.manager(Self.quick(retriesMax: 1000))
            for number in 0..<40 {
                manager.add(OutstandingMessage(id: UInt64(number), to: ids[number % 2], bytes: "x"))
            }
            for remote in site.remotes.value { remote.close() }
            #expect(site.letters.wait { $0.count == 40 })
            #expect(site.letters.value.allSatisfy { $0.cause == .connectionClosed })
            #expect(manager.outstanding == 0)
            site.finish()
        }
    }

    @Test func tooManyAreRefused() async {
        await blocking {
            let site = try Site(loops: 1)
            let ids = try site.connect(1)
            var policy = RetryPolicy()
            (policy.outstandingMax, policy.outstandingBytesMax) = (10, 1000)
            let manager = try site.manager(policy)
            #expect(
                manager.add(
                    OutstandingMessage(
                        id: 99, to: ids[0], bytes: .init(copying: [UInt8](repeating: 1, count: 1001))))
                    == .full)
            for number in 0..<10 {
                #expect(manager.add(OutstandingMessage(id: UInt64(number), to: ids[0], bytes: "x")) == .added)
            }
            #expect(manager.add(OutstandingMessage(id: 10, to: ids[0], bytes: "x")) == .full)
            #expect(manager.snapshot()[.refusedMessages] == 2)
            manager.acknowledge(3, from: ids[0])
            while manager.add(OutstandingMessage(id: 10, to: ids[0], bytes: "x")) != .added {
                OwnThread.yield()
            }
            #expect(manager.outstanding == 10)
            site.finish()
        }
    }

    /// An adversary acknowledges what was never sent and what was sent to others, more than any queue holds,
    /// while another loop stands still; whoever acknowledges what it was sent is heard all the same.
    @Test func strayAcknowledgementsCrowdOutNobody() async {
        await blocking {
            let site = try Site(loops: 2)
            let loops = site.server.group.loops
            let ids = try site.connect(6).filter { loops[1].owns($0) }
            let (honest, adversary) = (ids[0], ids[1])
            let count = 1000
            var policy = RetryPolicy()
            policy.outstandingMax = count
            policy.interval = .seconds(100)
            let manager = try site.manager(policy)
            for number in 0..<count {
                #expect(
                    manager.add(OutstandingMessage(id: UInt64(number), to: honest, bytes: "x")) == .added)
            }
            let (isHeld, mayGo) = (Watched(false), Watched(false))
            loops[0].post { _ in
                isHeld.update { $0 = true }
                _ = mayGo.wait { $0 }
            }
            #expect(isHeld.wait { $0 })
            let refused = Watched<Int?>(nil)
            let strays = 200_000
            loops[1].post { _ in
                for number in 0..<strays { _ = manager.acknowledge(UInt64(number), from: adversary) }
                let missed = (0..<count).count { !manager.acknowledge(UInt64($0), from: honest) }
                refused.update { $0 = missed }
            }
            #expect(refused.wait { $0 != nil })
            #expect(refused.value == 0 && manager.outstanding == 0)
            let figures = manager.snapshot()
            #expect(figures[.acknowledgedMessages] == count && figures[.strayAcknowledgements] == strays)
            mayGo.update { $0 = true }
            site.finish()
        }
    }

    /// The limits hold for all loops together, wherever the connections are.
    @Test func oneLoopMayHaveAllThatMayBeOutstanding() async {
        await blocking {
            let site = try Site(loops: 2)
            let loops = site.server.group.loops
            let ids = try site.connect(4)
            let sides = loops.map { loop in ids.first { loop.owns($0) } ?? ids[0] }
            var policy = RetryPolicy()
            (policy.outstandingMax, policy.outstandingBytesMax) = (100, 150)
            let manager = try site.manager(policy)
            for number in 0..<100 {
                #expect(
                    manager.add(OutstandingMessage(id: UInt64(number), to: sides[0], bytes: "x")) == .added)
            }
            #expect(manager.add(OutstandingMessage(id: 100, to: sides[1], bytes: "x")) == .full)
            manager.acknowledge(7, from: sides[0])
            while manager.add(OutstandingMessage(id: 100, to: sides[1], bytes: "x")) != .added {
                OwnThread.yield()
            }
            #expect(manager.outstandingByShard == [99, 1])
            // A connection of nobody's is given up when it is due, and keeps no place.
            let stranger = ConnectionID(rawValue: sides[0].rawValue ^ (0x7FFF << 22))
            manager.acknowledge(100, from: sides[1])
            while manager.add(OutstandingMessage(id: 5, to: stranger, bytes: "x")) != .added {
                OwnThread.yield()
            }
            #expect(!site.letters.value.contains { $0.id == 5 })
            site.finish()
        }
    }

    /// A message that is watched by another thread and acknowledged on the loop itself at once.
    @Test func anAcknowledgementDoesNotOvertakeItsMessage() async {
        await blocking {
            let site = try Site(loops: 1)
            let ids = try site.connect(1)
            let manager = try site.manager(RetryPolicy())
            let loop = site.server.group.loops[0]
            let rounds = Watched(0)
            for number in 0..<2000 {
                manager.add(OutstandingMessage(id: UInt64(number), to: ids[0], bytes: "x"))
                loop.post { _ in
                    manager.acknowledge(UInt64(number), from: ids[0])
                    rounds.update { $0 += 1 }
                }
            }
            #expect(rounds.wait { $0 == 2000 })
            let figures = manager.snapshot()
            #expect(figures[.acknowledgedMessages] == 2000 && figures[.strayAcknowledgements] == 0)
            site.finish()
        }
    }
}
