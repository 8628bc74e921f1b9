import Glibc
import Testing

@testable import ZCNet

/// Ends that are waited for: by tasks, by several threads, and by signals of the process.
@Suite struct StoppingTests {
    /// What a program says last before it ends has to be out when `stop` returns.
    @Test func whatWasSentBeforeAStopArrives() async throws {
        let site = try Site()
        for round in 1...40 {
            // It sends back what the site sends back, so at least these bytes arrive.
            var configuration = TCPClient.Configuration()
            configuration.connection.idleTimeout = nil
            let client = try TCPClient(configuration) { SiteHandler(Monitor(Journal())) }
            try client.start()
            let connection = try await client.connect(to: site.server.address.description)
            #expect(connection.send("hello") == .posted)
            await client.stop(grace: .seconds(60))
            // Not all who come need be this test's: others may look for a server at a port that was theirs.
            let isThere = site.journal.wait {
                $0.entries.filter { $0.closes > 0 && $0.bytesIn > 0 && $0.bytesIn % 5 == 0 }.count >= round
            }
            try #require(isThere, "round \(round): \(site.journal.value.entries)")
        }
        await site.server.stop(grace: .milliseconds(200))
    }

    @Test func everybodyWhoWaitsSeesTheEnd() async throws {
        let group = try EventLoopGroup(loops: 2, driver: TestedDriver.choice)
        try group.start()
        let returned = Monitor(0)
        for _ in 0..<3 {
            try PosixThread(name: "waits") {
                group.wait()
                returned.update { $0 += 1 }
            }.detach()
        }
        async let stopped: Void = group.stop(grace: .zero)
        async let stoppedToo: Void = group.stop(grace: .zero)
        _ = await (stopped, stoppedToo)
        #expect(returned.wait { $0 == 3 })
        // Over is over.
        group.wait()
        await group.stop()
    }

    @Test func aGroupThatNeverRanIsStoppedAtOnce() async throws {
        let group = try EventLoopGroup(loops: 1, driver: .epoll)
        await group.stop()
        group.wait()
    }

    /// Starts a thread that serves until a signal comes; says when it is over, and why.
    static func serve(
        _ site: Site, until signals: StopSignals, _ over: Monitor<[Int32?]>
    ) throws {
        try PosixThread(name: "serves") {
            let came = try? site.server.run(until: signals, grace: .zero)
            over.update { $0.append(came ?? nil) }
        }.detach()
    }

    /// Whether the signal does what it did before anybody watched it.
    static func isByDefault(_ signal: Int32) -> Bool {
        var action = sigaction()
        _ = unsafe sigaction(signal, nil, &action)
        return unsafe action.__sigaction_handler.sa_handler == nil
    }

    @Test func aSignalEndsWhatServes() async {
        await #expect(processExitsWith: .success) {
            #expect(StoppingTests.isByDefault(SIGUSR1))
            for _ in 0..<3 {
                // Two at once hear the same signal.
                let (one, two) = (try Site(), try Site())
                let over = Monitor<[Int32?]>([])
                try StoppingTests.serve(one, until: .signals(SIGUSR1), over)
                try StoppingTests.serve(two, until: .signals(SIGUSR1, SIGUSR2), over)
                let client = try one.connect()
                try client.send("served")
                #expect(try client.receiveText(6) == "served")
                // Both are listening to signals once both have handlers of the other's signal too.
                while StoppingTests.isByDefault(SIGUSR2) { sched_yield() }
                kill(getpid(), SIGUSR2)
                #expect(over.wait { $0 == [SIGUSR2] })
                #expect(StoppingTests.isByDefault(SIGUSR2))
                while StoppingTests.isByDefault(SIGUSR1) { sched_yield() }
                kill(getpid(), SIGUSR1)
                #expect(over.wait { $0 == [SIGUSR2, SIGUSR1] })
                #expect(StoppingTests.isByDefault(SIGUSR1), "what was found is put back")
            }
        }
    }

    /// Whoever starts a process from a thread that blocks all signals hands that on; so do many runtimes.
    @Test func aSignalThatWasBlockedIsHeard() async {
        await #expect(processExitsWith: .success) {
            var all = sigset_t()
            _ = unsafe sigfillset(&all)
            _ = unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
            let site = try Site()
            // It came before anybody waited for it.
            pthread_kill(pthread_self(), SIGUSR1)
            let came = try site.server.run(until: .signals(SIGUSR1), grace: .zero)
            #expect(came == SIGUSR1)
            var mask = sigset_t()
            _ = unsafe pthread_sigmask(SIG_BLOCK, nil, &mask)
            #expect(unsafe sigismember(&mask, SIGUSR1) == 1, "the mask is as it was")
        }
    }

    @Test func anEndFromElsewherePutsTheSignalsBack() async {
        await #expect(processExitsWith: .success) {
            let site = try Site()
            let over = Monitor<[Int32?]>([])
            try StoppingTests.serve(site, until: .signals(SIGUSR1), over)
            while StoppingTests.isByDefault(SIGUSR1) { sched_yield() }
            site.server.shutdown(grace: .zero)
            #expect(over.wait { $0 == [nil] })
            #expect(StoppingTests.isByDefault(SIGUSR1))
        }
    }

    /// A second Ctrl-C ends the process, while the first one's grace lasts.
    @Test func theSecondSignalDoesWhatItDidBefore() async {
        await #expect(processExitsWith: .signal(SIGUSR1)) {
            let site = try Site()
            let over = Monitor<[Int32?]>([])
            try PosixThread(name: "serves") {
                _ = try? site.server.run(until: .signals(SIGUSR1), grace: .seconds(600))
                over.update { $0.append(nil) }
            }.detach()
            // A client that never ends its side makes the grace last.
            let client = try site.connect()
            try client.send("served")
            #expect(try client.receiveText(6) == "served")
            while StoppingTests.isByDefault(SIGUSR1) { sched_yield() }
            kill(getpid(), SIGUSR1)
            while !StoppingTests.isByDefault(SIGUSR1) { sched_yield() }
            kill(getpid(), SIGUSR1)
            _ = over.wait { !$0.isEmpty }
        }
    }

    @Test func signalsThatNobodyCanHandleAreRefused() async throws {
        let group = try EventLoopGroup(loops: 1, driver: .epoll)
        for wrong in [StopSignals.signals(), .signals(0), .signals(64), .signals(SIGINT, -1)] {
            let error = #expect(throws: ConfigurationError.self) { try group.run(until: wrong) }
            #expect(error?.description.contains("expected signals from 1 to 63") == true)
        }
        let error = #expect(throws: SystemError.self) { try group.run(until: .signals(SIGKILL)) }
        #expect(error?.description.contains("sigaction") == true)
    }
}
