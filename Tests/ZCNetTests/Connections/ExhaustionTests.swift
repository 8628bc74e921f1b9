import Glibc
import Testing

@testable import ZCNet

/// A process that has run out of descriptors; a process of its own, so that nobody else does.
///
/// What is tested runs on a thread that has a table of descriptors of its own, which the threads that it
/// starts share, and that is the table that is filled. The language's runtime keeps the process's first one:
/// its queues open timers, and files of `/proc`, when they please, and end the process (SIGILL) when they
/// cannot. Nor may that thread give the runtime work, as that may start one of the runtime's threads, which
/// would look for its descriptors in the wrong table; so it is joined, and not awaited.
@Suite struct ExhaustionTests {
    /// Few enough to take them all at once, and some more than the process has: it may have inherited many,
    /// from whatever else the tests were doing.
    static func allowFewDescriptors() throws {
        var limit = rlimit()
        let resource = __rlimit_resource_t(bitPattern: RLIMIT_NOFILE.rawValue)
        try #require(unsafe getrlimit(resource, &limit) == 0)
        let highest = (0..<Int32(clamping: limit.rlim_cur)).last { fcntl($0, F_GETFD) >= 0 } ?? 0
        limit.rlim_cur = UInt(highest) + 64
        try #require(unsafe setrlimit(resource, &limit) == 0)
    }

    /// `unshare(CLONE_FILES)`, which Swift's view of the C library leaves out.
    static func unshareDescriptors() -> Bool {
        typealias Unshare = @convention(c) (Int32) -> Int32
        guard let symbol = unsafe dlsym(nil, "unshare") else { return false }
        return unsafe unsafeBitCast(symbol, to: Unshare.self)(0x400) == 0
    }

    /// Runs something on a thread with a table of descriptors of its own, and blocks until it is done.
    static func withTableOfItsOwn(_ body: @escaping @Sendable () throws -> Void) throws {
        let outcome = Monitor<Result<Void, any Error>?>(nil)
        try PosixThread(name: "own-table") {
            let result = Result {
                try #require(unshareDescriptors())
                try body()
            }
            outcome.update { $0 = result }
        }.join()
        try outcome.value?.get()
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
            try ExhaustionTests.withTableOfItsOwn {
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
                #expect(ExhaustionTests.processorSeconds() - start < 0.3, "it does not spin")
                try before.send("meanwhile")
                #expect(try before.receiveText(9) == "meanwhile")
                for descriptor in taken { close(descriptor) }
                #expect(try waiting.receiveText(7) == "waiting")
                let failures = site.server.snapshot()[.acceptErrors]
                #expect((1...20).contains(failures), "\(failures)")
                site.finish()
            }
        }
    }

    @Test func aGroupThatCannotBeBuiltLeavesNothingBehind() async {
        await #expect(processExitsWith: .success) {
            try ExhaustionTests.withTableOfItsOwn {
                try ExhaustionTests.allowFewDescriptors()
                // There is room for a few loops, however many were inherited.
                let taken = ExhaustionTests.takeAllDescriptors()
                let free = taken.suffix(40)
                for descriptor in free { close(descriptor) }
                for _ in 0..<20 {
                    let error = #expect(throws: SystemError.self) { try EventLoopGroup(loops: 256) }
                    #expect(error?.errno == .noDescriptors)
                }
                let left = ExhaustionTests.takeAllDescriptors()
                #expect(left.count == free.count)
                for descriptor in taken.dropLast(40) + left { close(descriptor) }
            }
        }
    }

    @Test func aClientIsToldOfTheLack() async {
        await #expect(processExitsWith: .success) {
            try ExhaustionTests.withTableOfItsOwn {
                let site = try Site()
                let client = try TCPClient { SiteHandler(Monitor(Journal())) }
                try client.start()
                try ExhaustionTests.allowFewDescriptors()
                let taken = ExhaustionTests.takeAllDescriptors()
                let outcome = Monitor<Result<RemoteConnection, ConnectError>?>(nil)
                client.connect(to: site.server.address.description) { result in outcome.update { $0 = result }
                }
                #expect(outcome.wait { $0 != nil })
                for descriptor in taken { close(descriptor) }
                guard case .failure(let error) = outcome.value else {
                    Issue.record("connected without a descriptor")
                    return
                }
                #expect(error.cause == .refused && error.attempts.map(\.errno) == [.noDescriptors])
                outcome.update { $0 = nil }
                client.connect(to: site.server.address.description) { result in outcome.update { $0 = result }
                }
                #expect(outcome.wait { $0 != nil })
                _ = try outcome.value?.get()
                client.shutdown(grace: .milliseconds(200))
                client.wait()
                site.finish()
            }
        }
    }
}
