import Glibc
import Testing

@testable import ZCNet

/// Turns of the io_uring driver: waiting, wake-ups, queues that are too small, listening and connecting.
@Suite(.enabled(if: DriverBench.refusal == nil, "needs io_uring"))
struct URingDriverTests {
    // MARK: Waiting

    @Test func timeouts() async throws {
        try await DriverBench.run { bench in
            let clock = bench.driver.clock
            #expect(try bench.poll() == 0)
            let start = clock.now()
            #expect(try bench.poll(milliseconds: 30) == 0)
            #expect(clock.now() - start >= .milliseconds(30))
            let connection = try bench.attach()
            connection.peer.send("x")
            // Waits for ever, but not for this.
            #expect(try bench.driver.poll(timeoutNanoseconds: -1, into: bench.sink) == 1)
        }
    }

    @Test func aWakeUpEndsAWaitForEver() async throws {
        try await DriverBench.run { bench in
            bench.driver.wake()
            bench.driver.wake()
            #expect(try bench.driver.poll(timeoutNanoseconds: -1, into: bench.sink) == 0)
            // SAFETY: `wake` may be called by any thread, and nothing else is.
            nonisolated(unsafe) let driver = bench.driver
            for _ in 0..<300 {
                let start = bench.driver.clock.now()
                DetachedThread.run { unsafe driver.wake() }
                // Before the wait or within it, as it happens.
                _ = try bench.poll(milliseconds: 20_000)
                #expect(bench.driver.clock.now() - start < .seconds(20), "a wake-up was lost")
            }
        }
    }

    @Test func aWakeUpFromBeforeTheLoopIsNotLost() async throws {
        try await onThread {
            let driver = try URingDriver()
            driver.wake()
            driver.begin()
            #expect(try driver.poll(timeoutNanoseconds: -1, into: BenchSink()) == 0)
            driver.end()
        }
    }

    /// A listener that comes and goes before the loop runs leaves no request behind that accepts for whoever
    /// has its descriptor next.
    @Test func aListenerClosedBeforeTheLoopAcceptsNothing() async throws {
        try await onThread {
            let driver = try URingDriver()
            let (low, _) = try driver.listen(on: .ip(.loopbackV4, port: 0), options: ListenerOptions())
            // A number that nothing else in the process is given meanwhile.
            let first = Descriptor(rawValue: fcntl(low.rawValue, F_DUPFD_CLOEXEC, 3000))
            try #require(first.rawValue >= 3000)
            KernelSocket.closeNow(low)
            let token = Token(listener: 1)
            try driver.startAccepting(first, token: token)
            let (second, address) = try KernelSocket.listen(
                on: .ip(.loopbackV4, port: 0), options: ListenerOptions())
            driver.closeListener(first, token: token)
            try #require(dup2(second.rawValue, first.rawValue) == first.rawValue)
            defer { [first, second].forEach { KernelSocket.closeNow($0) } }
            driver.begin()
            defer { driver.end() }
            let (client, _) = try KernelSocket.connect(to: address, options: SocketOptions())
            defer { KernelSocket.closeNow(client) }
            try #require(DriverBench.hasInput(second, withinMilliseconds: 20_000))
            let sink = BenchSink()
            for _ in 0..<3 { _ = try driver.poll(timeoutNanoseconds: 20_000_000, into: sink) }
            #expect(DriverBench.hasInput(second), "the connection was taken")
        }
    }

    // MARK: Queues

    @Test func queuesFarTooSmall() async throws {
        try await DriverBench.run(requestsMax: 8, completionsMax: 16) { bench in
            let connections = try (0..<200).map { _ in try bench.attach() }
            for round in 0..<5 {
                for (salt, connection) in connections.enumerated() {
                    connection.peer.send(pattern(50, salt: salt + round))
                    #expect(bench.send(connection, pattern(60, salt: salt + round)) == .sent(60))
                }
                let count = 50 * (round + 1)
                try bench.poll { connections.allSatisfy { bench.sink.all($0.token).count == count } }
            }
            for (salt, connection) in connections.enumerated() {
                connection.peer.read()
                connection.peer.finishSending()
                #expect(bench.sink.all(connection.token) == (0..<5).flatMap { pattern(50, salt: salt + $0) })
                #expect(connection.peer.received == (0..<5).flatMap { pattern(60, salt: salt + $0) })
            }
            bench.driver.wake()
            try bench.poll { bench.sink.reports.count == 200 }
            #expect(Set(bench.sink.reports).count == 200)
            bench.driver.wake()
            #expect(try bench.driver.poll(timeoutNanoseconds: -1, into: bench.sink) == 0)
        }
    }

    /// Sends that do not fit, whose completions do not fit either.
    @Test func restsAreFoundInAQueueThatOverflows() async throws {
        try await DriverBench.run(requestsMax: 8, completionsMax: 16) { bench in
            let connections = try (0..<60).map { _ in try bench.attach(sendBufferBytes: 4608) }
            for (salt, connection) in connections.enumerated() {
                for _ in 0..<2 { #expect(bench.send(connection, bulk(8000, salt: salt)) == .sent(8000)) }
            }
            try bench.poll {
                for connection in connections { connection.peer.read() }
                return connections.allSatisfy { $0.peer.received.count == 16_000 }
            }
            for (salt, connection) in connections.enumerated() {
                #expect(connection.peer.received == bulk(8000, salt: salt) + bulk(8000, salt: salt))
            }
        }
    }

    /// A callback that submits may find that the completions of this very turn have to make room.
    @Test func completionsTakenOutWithinATurnAreReportedOnce() async throws {
        try await DriverBench.run { bench in
            let connections = try (0..<15).map { _ in try bench.attach() }
            try bench.settle()
            bench.sink.beforeBytes = { _, count in
                bench.driver.spill()
                return count
            }
            for round in 1...3 {
                for (salt, connection) in connections.enumerated() {
                    connection.peer.send(pattern(10, salt: salt + round))
                }
                try bench.poll {
                    connections.allSatisfy { bench.sink.all($0.token).count >= 10 * round }
                }
            }
            try bench.settle()
            for (salt, connection) in connections.enumerated() {
                #expect(bench.sink.all(connection.token) == (1...3).flatMap { pattern(10, salt: salt + $0) })
            }
        }
    }

    @Test func aRestIsKeptOnceThoughItsCompletionIsSeenTwice() async throws {
        try await DriverBench.run { bench in
            let talker = try bench.attach()
            let slow = try bench.attach(sendBufferBytes: 4608)
            try bench.settle()
            bench.sink.beforeBytes = { _, count in
                bench.driver.spill()
                return count
            }
            talker.peer.send("first")
            // Its completion is to stand before that of the send.
            _ = bench.driver.state[].queue.enter(waitFor: 1, nanoseconds: 1_000_000_000)
            for _ in 0..<3 { #expect(bench.send(slow, bulk(8000, salt: 1)) == .sent(8000)) }
            try bench.poll()
            #expect(bench.sink.all(talker.token) == Array("first".utf8))
            #expect(bench.flags(slow).contains(.blocked))
            // A turn with sends is one that looks for rests.
            #expect(bench.send(talker, [1]) == .sent(1))
            try bench.poll()
            #expect(bench.flags(slow).contains(.blocked))
            try bench.poll {
                slow.peer.read()
                return bench.sink.count("room \(slow.token.place)") > 0
            }
            #expect(bench.send(slow, Array("last".utf8)) == .sent(4))
            try bench.settle()
            slow.peer.read()
            let piece = bulk(8000, salt: 1)
            #expect(slow.peer.received == piece + piece + piece + Array("last".utf8))
        }
    }

    // MARK: Threads

    @Test func aThreadLetsGoOfItsInstances() async throws {
        try await onThread {
            // The kernel lets a thread register 16.
            for round in 0..<20 {
                let bench = try DriverBench()
                let isRegistered = bench.driver.state[].queue.isRegistered
                #expect(isRegistered, "\(round)")
                bench.finish()
            }
        }
    }

    @Test func anInstanceServesOneThread() async throws {
        try await onThread {
            let bench = try DriverBench()
            // SAFETY: one thread at a time, as the test waits.
            nonisolated(unsafe) let other = bench
            let outcome = Monitor<Bool?>(nil)
            DetachedThread.run {
                // Must come back, though none of the requests can be submitted.
                unsafe other.driver.submit()
                for _ in 0..<5000 { unsafe other.driver.cancel(0) }
                let error = unsafe (try? other.poll()) == nil
                outcome.update { $0 = error }
            }
            #expect(outcome.wait { $0 != nil })
            #expect(outcome.value == true)
            #expect(throws: SystemError.self) { try bench.poll() }
            bench.finish()
        }
    }

    // MARK: Listening

    private let listenerToken = Token(listener: 3)

    @Test func acceptingStopsWhenTheSinkSaysSoAndGoesOnLater() async throws {
        let token = listenerToken
        try await DriverBench.run { bench in
            let (listener, address) = try bench.driver.listen(
                on: .ip(.loopbackV4, port: 0), options: ListenerOptions())
            bench.sink.acceptsMax = 1
            try bench.driver.startAccepting(listener, token: token)
            try bench.settle()
            let clients = try (0..<6).map { _ in try RawClient(to: address) }
            try bench.settle()
            #expect(bench.sink.accepted.count == 1)
            bench.sink.acceptsMax = 3
            try bench.driver.startAccepting(listener, token: token)
            bench.driver.stopAccepting(listener, token: token)
            try bench.driver.startAccepting(listener, token: token)
            try bench.settle()
            #expect(bench.sink.accepted.count == 3)
            bench.sink.acceptsMax = .max
            try bench.driver.startAccepting(listener, token: token)
            try bench.poll { bench.sink.accepted.count == 6 }
            // In the order of connecting.
            let ports = bench.sink.accepted.map { Optional(KernelSocket.peer(of: $0).port) }
            #expect(ports == clients.map { $0.address?.port })
            bench.driver.closeListener(listener, token: token)
            // Soon: a child that another test is just starting has a copy for a moment.
            try bench.poll { (try? RawClient(to: address)) == nil }
            for descriptor in bench.sink.accepted { KernelSocket.closeNow(descriptor) }
        }
    }

    /// A crowd stays in the backlog: a turn has one of it, and the kernel no more than one ahead.
    @Test func oneByOneTheKernelAcceptsNoCrowd() async throws {
        let token = listenerToken
        try await DriverBench.run { bench in
            bench.driver.acceptOneByOne()
            let (listener, address) = try bench.driver.listen(
                on: .ip(.loopbackV4, port: 0), options: ListenerOptions())
            let clients = try (0..<6).map { _ in try RawClient(to: address) }
            try bench.driver.startAccepting(listener, token: token)
            for count in 1...6 {
                try bench.poll { bench.sink.accepted.count >= count }
                #expect(bench.sink.accepted.count == count)
            }
            #expect(bench.driver.state[].listeners[3]?.waiting.isEmpty == true)
            let last = try RawClient(to: address)
            try bench.poll { bench.sink.accepted.count == 7 }
            bench.driver.closeListener(listener, token: token)
            for descriptor in bench.sink.accepted { KernelSocket.closeNow(descriptor) }
            _ = (clients, last)
        }
    }

    @Test func whatWasAcceptedAheadEndsWithItsListener() async throws {
        let token = listenerToken
        try await DriverBench.run { bench in
            let (listener, address) = try bench.driver.listen(
                on: .ip(.loopbackV4, port: 0), options: ListenerOptions())
            bench.sink.acceptsMax = 1
            try bench.driver.startAccepting(listener, token: token)
            try bench.settle()
            let clients = try (0..<6).map { _ in try RawClient(to: address) }
            try bench.settle()
            bench.driver.closeListener(listener, token: token)
            try bench.settle()
            for client in clients.dropFirst() { #expect(client.endError() == .connectionReset) }
            for descriptor in bench.sink.accepted { KernelSocket.closeNow(descriptor) }
        }
    }

    /// The kernel had accepted it, and the driver ended before it looked.
    @Test func whatWasAcceptedAndNeverReportedIsClosed() async throws {
        let token = listenerToken
        try await DriverBench.run { bench in
            let (listener, address) = try bench.driver.listen(
                on: .ip(.loopbackV4, port: 0), options: ListenerOptions())
            try bench.driver.startAccepting(listener, token: token)
            try bench.settle()
            let client = try RawClient(to: address)
            _ = bench.driver.state[].queue.enter(waitFor: 1, nanoseconds: 1_000_000_000)
            bench.driver.closeListener(listener, token: token)
            bench.driver.end()
            #expect(client.endError() == .connectionReset)
        }
    }

    // MARK: Connecting

    @Test func connectingSucceedsOrIsRefused() async throws {
        try await DriverBench.run { bench in
            let (listener, address) = try bench.driver.listen(
                on: .ip(.loopbackV4, port: 0), options: ListenerOptions())
            let token = bench.makeToken()
            let descriptor = try bench.driver.connect(to: address, options: SocketOptions(), token: token)
            bench.sink.descriptors[token] = descriptor
            try bench.poll { bench.sink.reports == ["connected \(token.place)"] }
            let (peer, _) = try #require(try KernelSocket.accept(listener).get())
            let connection = try bench.attach(descriptor, token, BenchPeer(peer.rawValue))
            connection.peer.send("welcome")
            try bench.poll { bench.sink.all(token) == Array("welcome".utf8) }
            KernelSocket.closeNow(listener)
            let dead = try HeldPort(both: false)
            let refused = bench.makeToken()
            bench.sink.descriptors[refused] = try bench.driver.connect(
                to: .ip(.loopbackV4, port: dead.number), options: SocketOptions(), token: refused)
            try bench.poll { bench.sink.reports.count == 2 }
            #expect(bench.sink.reports.last == "failed \(refused.place) \(ECONNREFUSED)")
        }
    }

    @Test func aConnectThatIsGivenUpIsNotReported() async throws {
        try await DriverBench.run { bench in
            let (listener, address) = try bench.driver.listen(
                on: .ip(.loopbackV4, port: 0), options: ListenerOptions())
            for isSubmitted in [false, true] {
                let token = bench.makeToken(place: 4)
                let descriptor = try bench.driver.connect(to: address, options: SocketOptions(), token: token)
                if isSubmitted { bench.driver.submit() }
                bench.driver.close(descriptor, token: token, reset: true)
            }
            try bench.settle()
            #expect(bench.sink.reports == [])
            KernelSocket.closeNow(listener)
        }
    }
}
