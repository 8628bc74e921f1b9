#if TLS
import Testing
import ZCNet

@testable import ZCNetTLS

/// Who goes on with a handshake when.
@Suite struct HandshakePacerTests {
    /// Turns that lie apart by as much.
    private static func turns(_ count: Int, apart: Int64 = 1_000_000) -> [MonotonicInstant] {
        (1...count).map { MonotonicInstant(nanoseconds: Int64($0) * apart) }
    }

    @Test func oneStepATurnAndHandshakesUnderWayFirst() {
        var pacer = HandshakePacer(underWayMax: 100)
        let turns = Self.turns(6)
        let ids = (1...4).map { ConnectionID(rawValue: UInt64($0)) }
        let atFirst = [
            pacer.takesStep(at: turns[0], isUnderWay: false), pacer.takesStep(at: turns[0], isUnderWay: true),
        ]
        #expect(atFirst == [true, false])
        for (index, id) in ids.enumerated() { pacer.append(id, isUnderWay: index % 2 == 1) }
        #expect(pacer.isReady)
        // Whoever comes now waits behind them, in a new turn too.
        let early = pacer.takesStep(at: turns[1], isUnderWay: true)
        #expect(!early)
        let order = (1...4).map { _ in pacer.popFirst() }
        #expect(order.map { $0?.id } == [ids[1], ids[3], ids[0], ids[2]])
        #expect(order.map { $0?.isNew } == [false, false, true, true])
        let gives = [pacer.givesStep(at: turns[4]), pacer.givesStep(at: turns[4])]
        #expect(gives == [true, false])
        let none = pacer.popFirst()
        #expect(pacer.isEmpty && none == nil && !pacer.isReady)
        let late = [
            pacer.takesStep(at: turns[4], isUnderWay: false),
            pacer.takesStep(at: turns[5], isUnderWay: false),
        ]
        #expect(late == [false, true])
    }

    /// Right behind somebody's step nobody takes one at once, though it is another turn: whoever is
    /// established and came meanwhile would wait for both. Given steps follow each other turn by turn.
    @Test func whoComesInACrowdWaitsForTheEndOfTheTurn() {
        var pacer = HandshakePacer(underWayMax: 100)
        let turns = Self.turns(4, apart: 400_000)
        let atOnce = turns.map { pacer.takesStep(at: $0, isUnderWay: true) }
        #expect(atOnce == [true, false, false, true])
        let given = Self.turns(3, apart: 2_000_000).map { pacer.givesStep(at: $0) }
        #expect(given == [true, true, true])
    }

    /// Those that have begun go on however many wait; new ones wait for one of them to end.
    @Test func soManyAreUnderWay() {
        var pacer = HandshakePacer(underWayMax: 2)
        let turns = Self.turns(9)
        let ids = (1...3).map { ConnectionID(rawValue: UInt64($0)) }
        for turn in 0..<2 {
            let takes = pacer.takesStep(at: turns[turn], isUnderWay: false)
            #expect(takes)
            pacer.began()
        }
        let third = pacer.takesStep(at: turns[2], isUnderWay: false)
        #expect(!third)
        pacer.append(ids[0], isUnderWay: false)
        #expect(!pacer.isReady)
        let nobody = pacer.popFirst()
        #expect(nobody == nil)
        let goesOn = pacer.takesStep(at: turns[4], isUnderWay: true)
        #expect(goesOn, "who is under way does not wait for who may not begin")
        pacer.ended()
        #expect(pacer.isReady && pacer.underWayCount == 1)
        let next = pacer.popFirst()
        #expect(next?.id == ids[0] && pacer.isEmpty)
    }

    /// A line that is never empty does not grow by who has left it.
    @Test func aLineForgetsWhoHasGone() {
        var pacer = HandshakePacer(underWayMax: 1)
        for number in 0..<100_000 as Range<UInt64> {
            pacer.append(ConnectionID(rawValue: number), isUnderWay: true)
            if number < 5 { continue }
            let next = pacer.popFirst()
            #expect(next?.id == ConnectionID(rawValue: number - 5))
        }
        #expect(pacer.heldCount < 5000)
    }
}
#endif
