import Testing

@testable import ZCNet

/// The steps in which a loop comes to its end, without any loop.
struct ShutdownStepsTests {
    private static let deadline = MonotonicInstant.zero + .seconds(10)
    private static let before = MonotonicInstant.zero + .seconds(1)

    @Test func aLoopThatWasNotAskedGoesOn() {
        var shutdown = Shutdown()
        #expect(!shutdown.hasBegun)
        #expect(shutdown.turnEnded(at: Self.deadline, wasIdle: true) == .nothing)
    }

    /// The turn of the request began before it; the next idle one says that everything received was handled.
    @Test func whatWasReceivedIsHandledFirst() {
        var shutdown = Shutdown()
        let isFirst = shutdown.begin(by: Self.deadline)
        #expect(isFirst)
        #expect(shutdown.turnEnded(at: Self.before, wasIdle: true) == .turnAgain)
        #expect(shutdown.turnEnded(at: Self.before, wasIdle: false) == .turnAgain)
        #expect(shutdown.turnEnded(at: Self.before, wasIdle: true) == .closeUnpressed)
    }

    @Test func aPeerThatNeverStopsIsGrantedSoManyTurns() {
        var shutdown = Shutdown()
        let isFirst = shutdown.begin(by: Self.deadline)
        #expect(isFirst)
        var turns = 0
        while shutdown.turnEnded(at: Self.before, wasIdle: false) == .turnAgain { turns += 1 }
        #expect(turns == Shutdown.turnsMax)
    }

    /// Those whose blocked output keeps them from being read are looked at again, until none is left.
    @Test func pressedConnectionsAreLookedAtAgain() {
        var shutdown = Shutdown()
        let isFirst = shutdown.begin(by: Self.deadline)
        #expect(isFirst)
        #expect(shutdown.turnEnded(at: Self.before, wasIdle: true) == .turnAgain)
        #expect(shutdown.turnEnded(at: Self.before, wasIdle: true) == .closeUnpressed)
        shutdown.didClose(pressed: 2)
        #expect(shutdown.turnEnded(at: Self.before, wasIdle: false) == .turnAgain)
        #expect(shutdown.turnEnded(at: Self.before, wasIdle: true) == .closeUnpressed)
        shutdown.didClose(pressed: 0)
        #expect(shutdown.turnEnded(at: Self.before, wasIdle: true) == .nothing)
        #expect(shutdown.turnEnded(at: Self.deadline, wasIdle: false) == .abort)
    }

    @Test func aSecondRequestOnlyMovesTheDeadline() {
        var shutdown = Shutdown()
        let isFirst = shutdown.begin(by: Self.deadline)
        #expect(isFirst)
        let isFirstAgain = shutdown.begin(by: Self.before)
        #expect(!isFirstAgain)
        #expect(shutdown.deadline == Self.before)
        #expect(shutdown.turnEnded(at: Self.before, wasIdle: false) == .closeUnpressed)
    }
}
