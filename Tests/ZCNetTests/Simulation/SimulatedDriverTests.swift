import Glibc
import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// The driver's contract, kept by the simulated one.
@Suite struct SimulatedDriverTests {
    let listenerToken = Token(listener: 1)
    let token = Token(rawValue: 1 << 32)

    /// A driver with one accepted and attached connection.
    struct Pair {
        let network: SimulatedNetwork
        let driver: SimulatedDriver
        let sink: RecordingSink
        let peer: SimulatedPeer
        let descriptor: Descriptor

        func poll(_ nanoseconds: Int64 = 1_000_000_000) throws {
            for _ in 0..<50 { _ = try driver.poll(timeoutNanoseconds: nanoseconds / 50, into: sink) }
        }
    }

    func makePair(
        sending: SimulatedSending = .direct, change: (inout SimulatedFaults) -> Void = { _ in }
    ) throws -> Pair {
        var faults = SimulatedFaults.none
        change(&faults)
        let network = SimulatedNetwork(seed: 3, faults: faults, sending: sending)
        let driver = SimulatedDriver(network: network, index: 0)
        let sink = RecordingSink()
        let wanted = SocketAddress.ip(.loopbackV4, port: 0)
        let (listener, bound) = try driver.listen(on: wanted, options: ListenerOptions())
        try driver.startAccepting(listener, token: listenerToken)
        let peer = network.connect(to: bound)
        _ = try driver.poll(timeoutNanoseconds: -1, into: sink)
        let descriptor = try #require(sink.accepted.first)
        sink.descriptors[token] = descriptor
        try driver.attach(descriptor, token: token)
        return Pair(network: network, driver: driver, sink: sink, peer: peer, descriptor: descriptor)
    }

    func offer(_ bytes: [UInt8], to pair: Pair) -> SendOutcome {
        var bytes = bytes
        return unsafe bytes.withUnsafeMutableBytes { memory in
            var vector = unsafe iovec(iov_base: memory.baseAddress, iov_len: memory.count)
            return unsafe withUnsafeMutablePointer(to: &vector) { pointer in
                pair.driver.send(
                    pair.descriptor, token: token,
                    vectors: unsafe IOVectors(base: pointer, count: 1, byteCount: memory.count))
            }
        }
    }

    @Test func listeningGivesARealPortAndRefusesATakenOne() throws {
        let driver = SimulatedDriver(network: SimulatedNetwork(seed: 1), index: 0)
        let (_, bound) = try driver.listen(on: .ip(.loopbackV4, port: 0), options: ListenerOptions())
        #expect(bound.port ?? 0 > 0)
        #expect(throws: SystemError.self) { try driver.listen(on: bound, options: ListenerOptions()) }
    }

    @Test func acceptingStopsWhenTheSinkSaysSo() throws {
        let network = SimulatedNetwork(seed: 1)
        let driver = SimulatedDriver(network: network, index: 0)
        let sink = RecordingSink()
        sink.acceptsLeft = 1
        let (listener, bound) = try driver.listen(on: .ip(.loopbackV4, port: 7), options: ListenerOptions())
        try driver.startAccepting(listener, token: listenerToken)
        for _ in 0..<3 { network.connect(to: bound) }
        _ = try driver.poll(timeoutNanoseconds: 1_000_000, into: sink)
        _ = try driver.poll(timeoutNanoseconds: 1_000_000, into: sink)
        #expect(sink.accepted.count == 1)
        sink.acceptsLeft = 10
        try driver.startAccepting(listener, token: listenerToken)
        _ = try driver.poll(timeoutNanoseconds: 1_000_000, into: sink)
        #expect(sink.accepted.count == 3)
        driver.closeListener(listener, token: listenerToken)
        let late = network.connect(to: bound)
        _ = try driver.poll(timeoutNanoseconds: 1_000_000, into: sink)
        #expect(late.wasRefused)
    }

    @Test func theEndComesOnceBehindAllBytes() throws {
        let pair = try makePair { $0.partialReads = 0.7 }
        let bytes = pattern(5000, salt: 1)
        pair.peer.send(bytes)
        pair.peer.finish()
        while !pair.sink.reports.contains("ended") { try pair.poll(50_000_000) }
        try pair.poll()
        #expect(pair.sink.bytes == bytes)
        #expect(pair.sink.reports.last == "ended" && pair.sink.reports.count { $0 == "ended" } == 1)
    }

    @Test func nothingIsReceivedDuringAPauseAndAllAfterIt() throws {
        let pair = try makePair()
        pair.driver.pauseReceiving(pair.descriptor, token: token)
        pair.peer.send("early")
        try pair.poll()
        #expect(pair.sink.bytes.isEmpty)
        pair.driver.resumeReceiving(pair.descriptor, token: token)
        try pair.poll()
        #expect(pair.sink.bytes == Array("early".utf8))
    }

    @Test func shortSendsAreFollowedByRoom() throws {
        let pair = try makePair {
            $0.sendBufferBytes = 1000; $0.receiveBufferBytes = 500
        }
        pair.peer.pauseReading()
        #expect(offer(pattern(4000, salt: 1), to: pair) == .sent(1000))
        try pair.poll()
        // What moved to the peer's kernel made room, reported once.
        #expect(pair.sink.reports.filter { $0 == "room" }.count == 1)
        #expect(offer(pattern(4000, salt: 2), to: pair) == .sent(500))
        try pair.poll()
        #expect(pair.sink.reports.filter { $0 == "room" }.count == 1)
        pair.peer.resumeReading()
        try pair.poll()
        #expect(pair.sink.reports.filter { $0 == "room" }.count == 2)
        let expected = Array(pattern(4000, salt: 1)[..<1000] + pattern(4000, salt: 2)[..<500])
        #expect(pair.peer.received == expected)
    }

    @Test func bytesInFlightAreReadUntilTheyAreReported() throws {
        let pair = try makePair(sending: .inFlight) {
            $0.sendBufferBytes = 300; $0.shortWrites = 0.5
        }
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 2000, alignment: 1)
        defer { unsafe bytes.deallocate() }
        unsafe bytes.copyBytes(from: pattern(2000, salt: 4))
        var vector = unsafe iovec(iov_base: bytes.baseAddress, iov_len: 2000)
        let outcome = unsafe withUnsafeMutablePointer(to: &vector) { pointer in
            pair.driver.send(
                pair.descriptor, token: token,
                vectors: unsafe IOVectors(base: pointer, count: 1, byteCount: 2000))
        }
        #expect(outcome == .inFlight)
        while pair.sink.sentCount < 2000 { try pair.poll(50_000_000) }
        try pair.poll()
        #expect(pair.sink.sentCount == 2000 && pair.peer.received == pattern(2000, salt: 4))
    }

    @Test func filesAndPipesAreSentFromWhereTheyAre() throws {
        let pair = try makePair()
        let path = "/tmp/zcnet-simulated-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let file = unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        defer { close(file) }
        unsafe unlink(path)
        #expect(unsafe write(file, "0123456789", 10) == 10)
        let source = FileSource(descriptor: Descriptor(rawValue: file), offset: 3, count: 5)
        #expect(pair.driver.sendFile(pair.descriptor, token: token, from: source) == .sent(5))
        let beyond = FileSource(descriptor: Descriptor(rawValue: file), offset: 10, count: 5)
        #expect(pair.driver.sendFile(pair.descriptor, token: token, from: beyond) == .sourceEnded)
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        #expect(unsafe write(ends[1], "pipe", 4) == 4)
        let piped = FileSource(descriptor: Descriptor(rawValue: ends[0]), offset: nil, count: 4)
        #expect(pair.driver.sendFile(pair.descriptor, token: token, from: piped) == .sent(4))
        try pair.poll()
        #expect(pair.peer.received == Array("34567pipe".utf8))
    }

    @Test func closingEndsOrResets() throws {
        let good = try makePair()
        good.driver.close(good.descriptor, token: token, reset: false)
        try good.poll()
        #expect(good.peer.isEnded && !good.peer.wasReset)
        let bad = try makePair()
        bad.driver.close(bad.descriptor, token: token, reset: true)
        try bad.poll()
        #expect(bad.peer.wasReset && !bad.peer.isEnded)
        let unread = try makePair()
        unread.driver.pauseReceiving(unread.descriptor, token: token)
        unread.peer.send("never read")
        try unread.poll()
        unread.driver.close(unread.descriptor, token: token, reset: false)
        try unread.poll()
        #expect(unread.peer.wasReset)
    }

    @Test func aResetIsReportedOnceAndLast() throws {
        for isPaused in [false, true] {
            let pair = try makePair()
            if isPaused { pair.driver.pauseReceiving(pair.descriptor, token: token) }
            pair.peer.reset()
            try pair.poll()
            #expect(pair.sink.reports == ["accepted", "failed \(ECONNRESET)"])
        }
    }

    @Test func timePassesOnlyWhenNothingIsDue() throws {
        let pair = try makePair()
        let start = pair.network.now
        #expect(try pair.driver.poll(timeoutNanoseconds: 5_000_000, into: pair.sink) == 0)
        #expect(pair.network.now == start + 5_000_000)
        pair.driver.wake()
        pair.driver.wake()
        #expect(try pair.driver.poll(timeoutNanoseconds: 5_000_000, into: pair.sink) == 0)
        #expect(pair.network.now == start + 5_000_000)
        pair.peer.send("x")
        #expect(try pair.driver.poll(timeoutNanoseconds: -1, into: pair.sink) == 1)
        #expect(pair.network.now == start + 5_020_000)
        #expect(try pair.driver.poll(timeoutNanoseconds: -1, into: pair.sink) == 0)
    }

    @Test func connectingSucceedsIsRefusedOrGetsNoAnswer() throws {
        let network = SimulatedNetwork(seed: 1)
        let driver = SimulatedDriver(network: network, index: 0)
        let sink = RecordingSink()
        let there = SocketAddress.ip(.loopbackV4, port: 80)
        var greeted = 0
        network.answer(at: there) { _ in greeted += 1 }
        _ = try driver.connect(to: there, options: SocketOptions(), token: token)
        _ = try driver.poll(timeoutNanoseconds: -1, into: sink)
        let nowhere = SocketAddress.ip(.loopbackV4, port: 81)
        _ = try driver.connect(to: nowhere, options: SocketOptions(), token: Token(rawValue: 2 << 32))
        _ = try driver.poll(timeoutNanoseconds: -1, into: sink)
        #expect(sink.reports == ["connected", "failed \(ECONNREFUSED)"] && greeted == 1)
        network.faults.lostConnects = 1
        _ = try driver.connect(to: there, options: SocketOptions(), token: Token(rawValue: 3 << 32))
        #expect(try driver.poll(timeoutNanoseconds: 60_000_000_000, into: sink) == 0)
    }
}
