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
        let atFirst = [pacer.takesStep(at: turns[0]), pacer.takesStep(at: turns[0])]
        #expect(atFirst == [true, false])
        let began = [
            pacer.append(ids[0], isUnderWay: false), pacer.append(ids[1], isUnderWay: true),
            pacer.append(ids[2], isUnderWay: false), pacer.append(ids[3], isUnderWay: true),
        ]
        #expect(began == [true, false, false, false])
        // Whoever comes now waits behind them, in a new turn too.
        let early = pacer.takesStep(at: turns[1])
        #expect(!early)
        let order = (1...4).map { pacer.popFirst(at: turns[$0]) }
        #expect(order == [ids[1], ids[3], ids[0], ids[2]])
        let none = pacer.popFirst(at: turns[4])
        #expect(pacer.isEmpty && none == nil)
        let late = [pacer.takesStep(at: turns[4]), pacer.takesStep(at: turns[5])]
        #expect(late == [false, true])
    }
}
#endif
