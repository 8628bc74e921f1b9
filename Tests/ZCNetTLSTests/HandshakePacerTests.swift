#if TLS
import Testing
import ZCNet

@testable import ZCNetTLS

/// Who goes on with a handshake when.
@Suite struct HandshakePacerTests {
    @Test func oneStepATurnAndHandshakesUnderWayFirst() {
        var pacer = HandshakePacer()
        let turns = (1...6).map { MonotonicInstant(nanoseconds: Int64($0)) }
        let ids = (1...4).map { ConnectionID(rawValue: UInt64($0)) }
        #expect(pacer.takesStep(at: turns[0]))
        #expect(!pacer.takesStep(at: turns[0]))
        #expect(pacer.append(ids[0], isUnderWay: false))
        #expect(!pacer.append(ids[1], isUnderWay: true))
        #expect(!pacer.append(ids[2], isUnderWay: false))
        #expect(!pacer.append(ids[3], isUnderWay: true))
        // Whoever comes now waits behind them, in a new turn too.
        #expect(!pacer.takesStep(at: turns[1]))
        #expect((1...4).map { pacer.popFirst(at: turns[$0]) } == [ids[1], ids[3], ids[0], ids[2]])
        #expect(pacer.isEmpty && pacer.popFirst(at: turns[4]) == nil)
        #expect(!pacer.takesStep(at: turns[4]))
        #expect(pacer.takesStep(at: turns[5]))
        #expect(pacer.append(ids[0], isUnderWay: true))
    }
}
#endif
