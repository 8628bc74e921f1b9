import CZCNet
import Glibc
import Testing

@testable import ZCNet

/// What the io_uring driver makes of bytes that come: in buffers of its own, in bulk, and during pauses.
@Suite(.enabled(if: DriverBench.refusal == nil, "needs io_uring"))
struct URingReceivingTests {
    @Test func bytesComeToTheConnectionThatTheyWereSentTo() async throws {
        try await DriverBench.run { bench in
            // A place far beyond the table's first size.
            let connections = try [1, 2, 300, 70_000].map { try bench.attach(place: $0) }
            for round in 0..<50 {
                for (salt, connection) in connections.enumerated() {
                    connection.peer.send(pattern(round + 1, salt: salt))
                }
                let total = (round + 1) * (round + 2) / 2
                try bench.poll { connections.allSatisfy { bench.sink.all($0.token).count == total } }
            }
            for (salt, connection) in connections.enumerated() {
                let expected = (0..<50).flatMap { pattern($0 + 1, salt: salt) }
                #expect(bench.sink.all(connection.token) == expected)
            }
            #expect(bench.sink.filledCount == 0, "small receptions come in the driver's buffers")
        }
    }

    @Test func theEndComesBehindTheBytesAndOnce() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attach()
            connection.peer.send("last words")
            connection.peer.finishSending()
            try bench.poll { bench.sink.reports.contains("ended \(connection.token.place)") }
            try bench.settle()
            #expect(bench.sink.all(connection.token) == Array("last words".utf8))
            #expect(bench.sink.reports == ["ended \(connection.token.place)"])
        }
    }

    @Test func whatIsRetainedNeverChanges() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attach()
            func exchange(_ salt: Int) throws {
                let before = bench.sink.all(connection.token).count
                connection.peer.send(pattern(500, salt: salt))
                try bench.poll { bench.sink.all(connection.token).count == before + 500 }
            }
            bench.sink.keeps = true
            for salt in 0..<200 { try exchange(salt) }
            bench.sink.keeps = false
            for salt in 200..<500 { try exchange(salt) }
            #expect(bench.sink.kept.flatMap { [UInt8]($0) } == (0..<200).flatMap { pattern(500, salt: $0) })
            // Each buffer that was kept was replaced, so one after the other never ran out.
            #expect(bench.bufferCount == 64)
        }
    }

    @Test func moreAtOnceThanThereAreBuffers() async throws {
        try await DriverBench.run { bench in
            let connections = try (0..<20).map { _ in try bench.attach() }
            try bench.settle()
            let sent = connections.enumerated().map { salt, connection in
                connection.peer.send(bulk(140_000, salt: salt))
            }
            try bench.poll {
                zip(connections, sent).allSatisfy { bench.sink.all($0.token).count == $1 }
            }
            for (salt, connection) in connections.enumerated() {
                #expect(bench.sink.all(connection.token) == Array(bulk(140_000, salt: salt)[..<sent[salt]]))
            }
            #expect(bench.bufferCount > 64, "the first buffers were enough: a weak test")
        }
    }

    /// How many pages of the driver's buffers are in memory.
    private static func residentPages(_ bench: DriverBench) -> Int {
        let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
        return (0..<bench.bufferCount).reduce(0) { sum, id in
            let chunk = unsafe bench.driver.state[].buffers.chunk(id, count: URingBuffers.bufferBytes)
            return unsafe chunk.bytes.withUnsafeBytes { bytes in
                let start = UInt(bitPattern: bytes.baseAddress) / page * page
                var states = [UInt8](repeating: 0, count: 4)
                let status = unsafe mincore(
                    UnsafeMutableRawPointer(bitPattern: start), Int(page) * 4, &states)
                #expect(status == 0)
                return sum + states.count { $0 & 1 == 1 }
            }
        }
    }

    /// A burst's buffers leave the memory once little is received, and receive on as before; while they are
    /// used they stay, and what has come and was not looked at does in any case.
    @Test func theBuffersOfABurstGoBackToTheSystem() async throws {
        try await DriverBench.run { bench in
            let connections = try (0..<20).map { _ in try bench.attach() }
            try bench.settle()
            var expected = connections.map { _ in [UInt8]() }
            func exchange(_ count: Int) throws {
                for (salt, connection) in connections.enumerated() {
                    let bytes = bulk(count, salt: salt)
                    expected[salt] += bytes.prefix(connection.peer.send(bytes))
                }
                try bench.poll {
                    zip(connections, expected).allSatisfy { bench.sink.all($0.token).count == $1.count }
                }
            }
            try exchange(140_000)
            #expect(bench.bufferCount > 64)
            bench.driver.freeUnused()
            #expect(Self.residentPages(bench) > 64, "used since the last look")
            try exchange(10)
            for connection in connections { connection.peer.send("not looked at") }
            for salt in expected.indices { expected[salt] += Array("not looked at".utf8) }
            bench.driver.freeUnused()
            #expect(Self.residentPages(bench) < 64)
            for size in [1, 4000, 14_000] { try exchange(size) }
            for (connection, all) in zip(connections, expected) {
                #expect(bench.sink.all(connection.token) == all)
            }
        }
    }

    /// A turn that only found out that there was no buffer left bytes behind.
    @Test func aTurnThatLeftSomethingDueDoesNotSayThatNothingWas() async throws {
        try await DriverBench.run { bench in
            let connections = try (0..<20).map { _ in try bench.attach() }
            try bench.settle()
            for connection in connections { connection.peer.send(bulk(140_000, salt: 1)) }
            while try bench.poll() > 0 {}
            for connection in connections {
                #expect(!DriverBench.hasInput(connection.descriptor), "\(connection.token.place)")
            }
        }
    }

    @Test func bulkAndBack() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attach()
            let bytes = bulk(2 << 20, salt: 3)
            var sent = 0
            try bench.poll {
                sent += connection.peer.send(Array(bytes[sent...].prefix(100_000)))
                return bench.sink.all(connection.token).count == bytes.count
            }
            #expect(bench.sink.all(connection.token) == bytes)
            #expect(bench.flags(connection).contains(.bulk) && bench.sink.filledCount > 0)
            var expected = bytes.count
            for _ in 0..<40 {
                connection.peer.send("small")
                expected += 5
                try bench.poll { bench.sink.all(connection.token).count == expected }
            }
            try bench.settle()
            #expect(bench.flags(connection).contains(.receives) && !bench.flags(connection).contains(.bulk))
            connection.peer.send("end")
            connection.peer.finishSending()
            try bench.poll { !bench.sink.reports.isEmpty }
            #expect(bench.sink.all(connection.token).suffix(8) == Array("smallend".utf8)[...])
        }
    }

    // MARK: Pauses

    @Test(arguments: [1, 5, 4096, 20_000, 100_000])
    func whatWasUnderWayWhenAPauseBeganIsHeldAndThenShownInOrder(count: Int) async throws {
        try await DriverBench.run { bench in
            let pair = try [bench.attach(), bench.attach()]
            try bench.settle()
            var held: DriverBench.Connection?
            bench.sink.beforeBytes = { token, count in
                if held == nil {
                    let other = pair[token == pair[0].token ? 1 : 0]
                    held = other
                    bench.pause(other)
                }
                return count
            }
            for (salt, connection) in pair.enumerated() {
                connection.peer.send(pattern(count, salt: salt))
                connection.peer.finishSending()
            }
            try bench.poll { bench.sink.reports.count == 1 }
            try bench.settle()
            let quiet = try #require(held)
            #expect(bench.sink.all(quiet.token) == [] && bench.sink.reports.count == 1)
            bench.resume(quiet)
            try bench.poll { bench.sink.reports.count == 2 }
            for (salt, connection) in pair.enumerated() {
                #expect(bench.sink.all(connection.token) == pattern(count, salt: salt))
            }
            #expect(bench.driver.state[].held.isEmpty)
        }
    }

    @Test func aReceptionMayBeTakenBitByBit() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attach()
            try bench.settle()
            let bytes = pattern(40, salt: 2)
            bench.sink.beforeBytes = { _, count in
                bench.pause(connection)
                return min(count, 7)
            }
            connection.peer.send(bytes)
            for round in 1...6 {
                try bench.poll { bench.sink.all(connection.token).count == min(40, round * 7) }
                try bench.settle()
                #expect(bench.sink.all(connection.token) == Array(bytes.prefix(round * 7)))
                bench.resume(connection)
            }
            bench.sink.beforeBytes = nil
            connection.peer.send("later")
            try bench.poll { bench.sink.all(connection.token).count == 45 }
            #expect(bench.sink.all(connection.token) == bytes + Array("later".utf8))
        }
    }

    @Test func pausingAndResumingManyTimesLosesNothing() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attach()
            let bytes = bulk(300_000, salt: 1)
            var sent = 0
            for turn in 0..<600 {
                sent += connection.peer.send(Array(bytes[sent...].prefix(turn * 37 % 900)))
                if turn % 3 == 0 { bench.pause(connection) }
                if turn % 7 == 0 { try bench.poll() }
                if turn % 3 == 1 { bench.resume(connection) }
                if turn % 5 == 0 { try bench.poll() }
            }
            bench.resume(connection)
            connection.peer.finishSending()
            try bench.poll { !bench.sink.reports.isEmpty }
            #expect(bench.sink.all(connection.token) == Array(bytes[..<sent]) && sent > 100_000)
        }
    }

    /// A connection that is paused because its output is blocked is resumed by nobody once it is broken.
    @Test func aBreakIsReportedThoughBytesAreHeldBack() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attachTCP()
            try bench.settle()
            bench.sink.beforeBytes = { _, _ in
                bench.pause(connection)
                return 3
            }
            connection.peer.send("0123456789")
            try bench.poll { bench.sink.all(connection.token).count == 3 }
            try bench.settle()
            #expect(!bench.driver.state[].held.isEmpty)
            connection.peer.reset()
            try bench.poll { !bench.sink.reports.isEmpty }
            bench.resume(connection)
            try bench.settle()
            #expect(bench.sink.reports == ["failed \(connection.token.place) \(ECONNRESET)"])
            #expect(bench.sink.all(connection.token) == Array("012".utf8))
        }
    }

    @Test(arguments: [false, true])
    func aResetIsReportedOnce(isPaused: Bool) async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attachTCP()
            try bench.settle()
            if isPaused { bench.pause(connection) }
            connection.peer.reset()
            try bench.poll { !bench.sink.reports.isEmpty }
            try bench.settle()
            #expect(bench.sink.reports == ["failed \(connection.token.place) \(ECONNRESET)"])
        }
    }

    // MARK: Places

    @Test func whatComesLateIsNotForTheNextOneInItsPlace() async throws {
        try await DriverBench.run { bench in
            for round in 0..<100 {
                let first = try bench.attach(place: 7)
                try bench.poll()
                first.peer.send("for the first")
                // The kernel may have received it already.
                if round % 2 == 0 { _ = bench.driver.state[].queue.enter(waitFor: 1, nanoseconds: 1_000_000) }
                bench.close(first)
                let second = try bench.attach(place: 7)
                second.peer.send("for the second")
                try bench.poll { bench.sink.all(second.token).count == 14 }
                #expect(bench.sink.all(second.token) == Array("for the second".utf8))
                #expect(bench.sink.all(first.token) == [])
                bench.close(second)
            }
            #expect(bench.bufferCount == 64, "buffers of late receptions are given back")
        }
    }

    /// User data has room for 24 bits of a generation's 25.
    @Test func aPlaceServesMoreConnectionsThanRequestsHaveNumbers() async throws {
        try await DriverBench.run { bench in
            bench.serial = 0xFF_FFFE
            for text in ["one", "two", "three", "four"] {
                let connection = try bench.attach(place: 5)
                connection.peer.send(text)
                try bench.poll { bench.sink.all(connection.token) == Array(text.utf8) }
                bench.close(connection)
            }
        }
    }

    /// In a process of its own, where nobody else takes the number.
    @Test func aRequestNeverReachesTheNextSocketOfTheSameNumber() async {
        await #expect(processExitsWith: .success) {
            let bench = try DriverBench()
            var sharedCount = 0
            for round in 0..<20 {
                let first = try bench.attach()
                if round % 2 == 0 { bench.pause(first) }
                bench.close(first)
                let second = try bench.attach()
                sharedCount += second.descriptor == first.descriptor ? 1 : 0
                second.peer.send("second")
                try bench.poll { bench.sink.all(second.token).count == 6 }
                #expect(bench.sink.all(second.token) == Array("second".utf8))
                #expect(bench.sink.all(first.token) == [] && bench.sink.reports == [])
                bench.close(second)
            }
            #expect(sharedCount > 0)
            bench.finish()
        }
    }

    /// The kernel does not find a request that is just on its way from one of its lists to another.
    @Test func aCancellationThatFoundNothingIsRepeated() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attach()
            try bench.settle()
            let record = try #require(bench.driver.find(connection.token))
            record[].flags.insert([.bulk, .holds, .cancels])
            bench.sink.paused.insert(connection.token)
            let target = bench.driver.userData(URingOperation.receive, record)
            let data = URingOperation.cancel << 56 | target & (1 << 56 - 1)
            unsafe bench.driver.request { unsafe zc_uring_cancel($0, target ^ 1 << 48, data) }
            try bench.settle()
            #expect(bench.flags(connection).contains(.polls) && !bench.flags(connection).contains(.receives))
        }
    }
}
