import Glibc
import Testing

@testable import ZCNet

/// A process that has run out of descriptors; a process of its own, so that nobody else does.
///
/// While there are none, nothing may be left to the task pool: where work waits for one of its threads, the
/// runtime looks once a second what the others do, opens a file of `/proc` for that, and ends the process
/// (SIGILL) when it cannot.
@Suite struct ExhaustionTests {
    /// Few enough to take them all at once.
    static func allowFewDescriptors() throws {
        var limit = rlimit()
        let resource = __rlimit_resource_t(bitPattern: RLIMIT_NOFILE.rawValue)
        try #require(unsafe getrlimit(resource, &limit) == 0)
        limit.rlim_cur = 64
        try #require(unsafe setrlimit(resource, &limit) == 0)
    }

    /// Has the runtime take what descriptors it needs for itself: its queues do so with their first timers,
    /// at a time of their own, and end the process where there are none.
    static func settleRuntime() async throws {
        try await Task.sleep(for: .milliseconds(1), clock: .continuous)
        try await Task.sleep(for: .milliseconds(1), clock: .suspending)
    }

    /// Takes every descriptor that is left.
    static func takeAllDescriptors() -> [Int32] {
        var taken: [Int32] = []
        while true {
            let copy = dup(0)
            if copy < 0 { return taken }
            taken.append(copy)
        }
    }

    /// What the process has used of the processors so far, in seconds.
    static func processorSeconds() -> Double {
        var usage = rusage()
        _ = unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
        let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(microseconds) / 1e6
    }

    @Test func theServerOutlivesALackOfDescriptors() async {
        await #expect(processExitsWith: .success) {
            try await ExhaustionTests.settleRuntime()
            // First: io_uring accepts by the limit that held when it was asked to.
            try ExhaustionTests.allowFewDescriptors()
            let events = Monitor<[Events.Event]>([])
            let site = try Site { $0.group.observer = Events(events) }
            let before = try site.connect()
            try before.send("before")
            #expect(try before.receiveText(6) == "before")
            var taken = ExhaustionTests.takeAllDescriptors()
            close(taken.removeLast())
            // The client's own socket is the last one: the server has none for its side.
            let waiting = try site.connect()
            try waiting.send("waiting")
            #expect(events.wait { $0.contains(.acceptFailed(.noDescriptors)) })
            let start = ExhaustionTests.processorSeconds()
            #expect(!waiting.hasInput(within: 1000))
            #expect(ExhaustionTests.processorSeconds() - start < 0.3, "accepting pauses, it does not spin")
            try before.send("meanwhile")
            #expect(try before.receiveText(9) == "meanwhile")
            for descriptor in taken { close(descriptor) }
            #expect(try waiting.receiveText(7) == "waiting")
            let failures = site.server.snapshot()[.acceptErrors]
            #expect((1...20).contains(failures), "\(failures)")
            site.finish()
        }
    }

    @Test func aGroupThatCannotBeBuiltLeavesNothingBehind() async {
        await #expect(processExitsWith: .success) {
            try await ExhaustionTests.settleRuntime()
            try ExhaustionTests.allowFewDescriptors()
            // Some were inherited, from whatever else the tests were doing.
            let free = ExhaustionTests.takeAllDescriptors()
            for descriptor in free { close(descriptor) }
            for _ in 0..<20 {
                let error = #expect(throws: SystemError.self) { try EventLoopGroup(loops: 200) }
                #expect(error?.errno == .noDescriptors)
            }
            // What a group forgot would be missing twenty times over; the few that come and go meanwhile are
            // the process's own, whose dispatch queues begin when they please.
            #expect(free.count - ExhaustionTests.takeAllDescriptors().count < 10)
        }
    }

    @Test func aClientIsToldOfTheLack() async {
        await #expect(processExitsWith: .success) {
            let site = try Site()
            let client = try TCPClient { SiteHandler(Monitor(Journal())) }
            try client.start()
            try await ExhaustionTests.settleRuntime()
            try ExhaustionTests.allowFewDescriptors()
            let taken = ExhaustionTests.takeAllDescriptors()
            let outcome = Monitor<Result<RemoteConnection, ConnectError>?>(nil)
            client.connect(to: site.server.address.description) { result in outcome.update { $0 = result } }
            #expect(outcome.wait { $0 != nil })
            for descriptor in taken { close(descriptor) }
            guard case .failure(let error) = outcome.value else {
                Issue.record("connected without a descriptor")
                return
            }
            #expect(error.cause == .refused && error.attempts.map(\.errno) == [.noDescriptors])
            _ = try await client.connect(to: site.server.address.description)
            client.shutdown(grace: .milliseconds(200))
            client.wait()
            site.finish()
        }
    }
}
