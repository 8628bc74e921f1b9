import Testing

@testable import ZCNet
@testable import ZCNetTesting
@testable import ZCNetWebSocket

/// Whatever peers do, the books agree with the memory, and both stay within the loop's bound.
@Suite struct MemoryAdversaryTests {
    #if DEBUG
    static let (seeds, rounds): (Range<UInt64>, Int) = (0..<2, 500)
    #else
    static let (seeds, rounds): (Range<UInt64>, Int) = (0..<20, 800)
    #endif

    @Test(arguments: seeds, SimulatedSending.allCases)
    func chargedBytesAreHeldBytesAndStayWithinTheBound(seed: UInt64, sending: SimulatedSending) throws {
        var faults = SimulatedFaults()
        // Little room in kernels, so that what is sent to a slow reader waits here.
        faults.receiveBufferBytes = 16 << 10
        faults.sendBufferBytes = 16 << 10
        faults.segmentBytesMax = 16 << 10
        if seed % 3 > 0 {
            faults.shortWrites = 0.2
            faults.reorders = true
            faults.lentReceptions = 0.5
            faults.delays = 0.1
        }
        let adversary = try MemoryAdversary(seed: seed, faults: faults, sending: sending)
        let host = adversary.host
        for _ in 0..<Self.rounds {
            for _ in 0..<4 { try adversary.act() }
            var complaints: [String] = []
            try adversary.site.network.run(turnsMax: 6) {
                complaints = host.auditMemory()
                if host.budget[.chunks] < adversary.keptChunkBytes {
                    complaints.append(
                        "chunks: \(adversary.keptChunkBytes) bytes kept, \(host.budget[.chunks])")
                }
                return !complaints.isEmpty || host.budget.bytes > host.budget.bytesMax
            }
            try #require(complaints.isEmpty, "seed \(seed): \(complaints)")
            try #require(
                host.budget.bytes <= host.budget.bytesMax,
                "seed \(seed): \(host.budget.bytes) of \(host.budget.bytesMax) bytes charged")
        }
        // The bound was really met, and somebody had to go for it.
        let figures = adversary.site.group.snapshot()
        #expect(adversary.most > 150, "seed \(seed): \(adversary.most) connections")
        #expect(figures[.memoryEvictions] > 0, "seed \(seed): \(host.budget.bytesMost), \(adversary.tally)")
        // Nothing of what was charged is left behind when the connections have gone.
        adversary.site.network.stop()
        #expect(host.auditMemory().isEmpty && host.connectionCount == 0)
        #expect(host.budget[.messages] == 0)
        #expect(host.budget[.output] == 0)
        #expect(host.budget[.requests] == 0)
    }
}
