import Glibc
import Testing

@testable import ZCNet

/// What the io_uring driver makes of bytes that leave: staged, at once, kept back, and behind a close.
@Suite(.enabled(if: DriverBench.refusal == nil, "needs io_uring"))
struct URingSendingTests {
    /// How a connection is done with sending.
    enum Ending: CaseIterable {
        case finish
        case close
        case finishAndClose
    }

    @Test func manyConnectionsSendInOneTurn() async throws {
        try await DriverBench.run { bench in
            let connections = try (0..<500).map { _ in try bench.attach() }
            for (salt, connection) in connections.enumerated() {
                #expect(bench.send(connection, pattern(100, salt: salt)) == .sent(100))
            }
            // More than one send of a turn, the next right behind it or not.
            #expect(bench.send(connections[499], Array("more".utf8)) == .sent(4))
            #expect(bench.send(connections[0], Array("more".utf8)) == .sent(4))
            try bench.poll()
            for (salt, connection) in connections.enumerated() {
                connection.peer.read()
                let more = salt == 0 || salt == 499 ? Array("more".utf8) : []
                #expect(connection.peer.received == pattern(100, salt: salt) + more)
            }
        }
    }

    /// A send that cannot leave, behind which the end was to follow: no reception would tell, and the peer
    /// would wait for an end.
    @Test func aFailedSendBeforeTheEndIsReported() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attach()
            #expect(bench.send(connection, Array("goodbye".utf8)) == .sent(7))
            // From here on the kernel refuses to send, and receives on.
            #expect(shutdown(connection.descriptor.rawValue, Int32(SHUT_WR)) == 0)
            bench.driver.finishSending(connection.descriptor, token: connection.token)
            try bench.poll()
            #expect(bench.sink.reports.contains { $0.hasPrefix("failed") && $0.contains("\(EPIPE)") })
            bench.close(connection, reset: true)
        }
    }

    /// A socket in the table of files is sent to under that name, and let go of by its close: the peer sees
    /// the end, and whoever has the place next is not taken for it.
    @Test(arguments: [false, true])
    func oftenSentToAndClosed(reset: Bool) async throws {
        try await DriverBench.run { bench in
            for round in 0..<3 {
                let connection = try bench.attach(place: 7)
                var expected: [UInt8] = []
                for step in 0..<60 {
                    let bytes = pattern(90, salt: round * 100 + step)
                    #expect(bench.send(connection, bytes) == .sent(90))
                    expected += bytes
                    try bench.poll()
                    // Every connection begins under its own name.
                    let isTabled = bench.flags(connection).contains(.tabled)
                    #expect(isTabled == (step >= 15), "step \(step) of round \(round)")
                }
                bench.close(connection, reset: reset)
                // The standing request to receive lets go of the socket in a turn or two. A pair of sockets
                // knows no resets: either way the end is behind the bytes.
                try bench.poll {
                    connection.peer.read()
                    return connection.peer.isEnded
                }
                #expect(connection.peer.received == expected)
                let isHeld = bench.driver.state[].queue.setFile(7, -1)
                #expect(isHeld, "an empty place can be emptied")
            }
        }
    }

    @Test func moreThanTheStageHolds() async throws {
        try await DriverBench.run { bench in
            let connections = try (0..<40).map { _ in try bench.attach() }
            for piece in 0..<8 {
                for connection in connections {
                    #expect(bench.send(connection, bulk(7000, salt: piece)) == .sent(7000))
                }
            }
            let hasRoom = bench.driver.sends[].hasRoom(8000)
            #expect(!hasRoom, "the stage was not filled: a weak test")
            try bench.poll()
            let expected = (0..<8).flatMap { bulk(7000, salt: $0) }
            for connection in connections {
                connection.peer.read()
                #expect(connection.peer.received == expected)
            }
        }
    }

    /// Everything that was accepted reaches a slow peer, in order, whichever way it went, and then the end.
    @Test(arguments: Ending.allCases, [1, 2])
    func aSlowPeerGetsEverythingInOrder(ending: Ending, seed: Int) async throws {
        try await DriverBench.run { bench in
            let directory = try TemporaryDirectory()
            let stream = bulk(200_000, salt: seed)
            let file = unsafe open(try directory.file("stream", stream), O_RDONLY | O_CLOEXEC)
            defer { close(file) }
            let connection = try bench.attach(sendBufferBytes: 4608)
            let sizes = [10, 3000, 9000, 1, 64_000, 500, 8192, 8193, 2222]
            var offset = 0
            var step = seed * 5
            var isBlocked = false
            bench.sink.roomCame = { _ in isBlocked = false }
            var turn = 0
            try bench.poll {
                turn += 1
                connection.peer.read(max: 1500 * (turn % 4))
                while offset < stream.count, !isBlocked {
                    let count = min(sizes[step % sizes.count], stream.count - offset)
                    step += 1
                    let isFile = step % 4 == seed % 4
                    let outcome =
                        isFile
                        ? bench.driver.sendFile(
                            connection.descriptor, token: connection.token,
                            from: FileSource(
                                descriptor: Descriptor(rawValue: file), offset: Int64(offset), count: count))
                        : bench.send(connection, Array(stream[offset..<(offset + count)]))
                    guard case .sent(let sent) = outcome else {
                        Issue.record("\(outcome)")
                        return true
                    }
                    offset += sent
                    isBlocked = isFile ? sent == 0 : sent < count
                    if step % 3 == 0 { break }
                }
                return offset == stream.count
            }
            finish(bench, connection, ending)
            try bench.poll {
                connection.peer.read(max: 3000)
                return connection.peer.isEnded
            }
            #expect(connection.peer.received == stream)
        }
    }

    private func finish(_ bench: DriverBench, _ connection: DriverBench.Connection, _ ending: Ending) {
        if ending != .close {
            bench.driver.finishSending(connection.descriptor, token: connection.token)
        }
        if ending != .finish { bench.close(connection) }
    }

    @Test func whatDoesNotFitIsKeptAndRefusesMore() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attach(sendBufferBytes: 4608)
            let bytes = bulk(60_000, salt: 9)
            var sent = 0
            // Staged, though the socket takes far less.
            while sent < bytes.count {
                #expect(bench.send(connection, Array(bytes[sent..<(sent + 6000)])) == .sent(6000))
                sent += 6000
            }
            try bench.poll()
            #expect(bench.flags(connection).contains(.blocked))
            #expect(bench.send(connection, [1]) == .sent(0) && bench.sink.reports == [])
            try bench.poll {
                connection.peer.read(max: 2000)
                return bench.sink.count("room \(connection.token.place)") > 0
            }
            #expect(bench.driver.state[].rests.isEmpty)
            #expect(bench.send(connection, Array("behind".utf8)) == .sent(6))
            try bench.poll {
                connection.peer.read()
                return connection.peer.received.count == 60_006
            }
            #expect(connection.peer.received == bytes + Array("behind".utf8))
        }
    }

    @Test func whatIsLeftOfAClosedConnectionIsDroppedAtTheEndWithAReset() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attachTCP()
            var sent = 0
            while !bench.flags(connection).contains(.blocked) {
                _ = bench.send(connection, bulk(8000, salt: 1))
                sent += 8000
                try bench.poll()
            }
            bench.close(connection)
            #expect(bench.driver.state[].leftovers.items.count == 1)
            bench.driver.end()
            connection.peer.readToEnd()
            #expect(connection.peer.failure == .connectionReset && connection.peer.received.count < sent)
        }
    }

    // MARK: Closing

    @Test func aCloseWithResetDropsWhatWasStaged() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attachTCP()
            try bench.settle()
            _ = bench.send(connection, Array("never".utf8))
            bench.close(connection, reset: true)
            try bench.settle()
            connection.peer.readToEnd()
            #expect(connection.peer.failure == .connectionReset && connection.peer.received == [])
        }
    }

    @Test func aCloseSendsWhatWasStaged() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attachTCP()
            _ = bench.send(connection, Array("goodbye".utf8))
            bench.close(connection)
            try bench.settle()
            connection.peer.readToEnd()
            #expect(connection.peer.isEnded && connection.peer.received == Array("goodbye".utf8))
        }
    }

    /// The requests of closed connections let go of their sockets when the kernel gets to it, which takes
    /// it several calls. In a process of its own, where no child is started that has copies.
    @Test func everyPeerSeesTheEndBeforeTheDriverHasEnded() async {
        await #expect(processExitsWith: .success) {
            for _ in 0..<10 {
                let bench = try DriverBench()
                let connections = try (0..<300).map { _ in try bench.attach() }
                try bench.settle()
                for connection in connections { bench.close(connection) }
                bench.driver.end()
                for connection in connections { connection.peer.read() }
                #expect(connections.count { $0.peer.isEnded } == 300)
            }
        }
    }

    @Test func aSendToABrokenConnectionFails() async throws {
        try await DriverBench.run { bench in
            let connection = try bench.attach()
            try bench.settle()
            bench.pause(connection)
            try bench.settle()
            connection.peer.close()
            #expect(bench.send(connection, [1, 2, 3]) == .sent(3), "staged")
            let place = connection.token.place
            // A broken pipe, or a reset when the bytes were still taken.
            try bench.poll { bench.sink.reports.contains { $0.hasPrefix("failed \(place) ") } }
            #expect(bench.send(connection, bulk(10_000, salt: 1)) == .failed(.brokenPipe))
        }
    }
}
