import Testing

@testable import ZCNet

/// The steps in which a loop comes to its end, without any loop.
struct ShutdownStepsTests {
    private static let deadline = MonotonicInstant.zero + .seconds(10)
    private static let before = MonotonicInstant.zero + .seconds(1)

    /// A loop that was asked to end.
    private static func begun() -> Shutdown {
        var shutdown = Shutdown()
        let isFirst = shutdown.begin(by: deadline)
        #expect(isFirst && shutdown.hasBegun)
        return shutdown
    }

    /// What turns come to, idle or not, before the deadline.
    private static func turns(_ shutdown: inout Shutdown, idle: Bool...) -> [Shutdown.Step] {
        idle.map { shutdown.turnEnded(at: before, wasIdle: $0) }
    }

    @Test func aLoopThatWasNotAskedGoesOn() {
        var shutdown = Shutdown()
        let step = shutdown.turnEnded(at: Self.deadline, wasIdle: true)
        #expect(step == .nothing && !shutdown.hasBegun)
    }

    /// The turn of the request began before it; the next idle one says that everything received was handled.
    @Test func whatWasReceivedIsHandledFirst() {
        var shutdown = Self.begun()
        let steps = Self.turns(&shutdown, idle: true, false, true)
        #expect(steps == [.turnAgain, .turnAgain, .closeUnpressed])
    }

    @Test func aPeerThatNeverStopsIsGrantedSoManyTurns() {
        var shutdown = Self.begun()
        var turns = 0
        while shutdown.turnEnded(at: Self.before, wasIdle: false) == .turnAgain { turns += 1 }
        #expect(turns == Shutdown.turnsMax)
    }

    /// Those whose blocked output keeps them from being read are looked at again, until none is left.
    @Test func pressedConnectionsAreLookedAtAgain() {
        var shutdown = Self.begun()
        let first = Self.turns(&shutdown, idle: true, true)
        #expect(first == [.turnAgain, .closeUnpressed])
        shutdown.didClose(pressed: 2)
        let second = Self.turns(&shutdown, idle: false, true)
        #expect(second == [.turnAgain, .closeUnpressed])
        shutdown.didClose(pressed: 0)
        let third = Self.turns(&shutdown, idle: true)
        #expect(third == [.nothing])
        let last = shutdown.turnEnded(at: Self.deadline, wasIdle: false)
        #expect(last == .abort)
    }

    @Test func aSecondRequestOnlyMovesTheDeadline() {
        var shutdown = Self.begun()
        let isFirst = shutdown.begin(by: Self.before)
        #expect(!isFirst && shutdown.deadline == Self.before)
        let steps = Self.turns(&shutdown, idle: false)
        #expect(steps == [.closeUnpressed])
    }
}
