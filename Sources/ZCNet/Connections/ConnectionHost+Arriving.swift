/// Accepted connections that are taken on a few per turn, where each of them is dear to begin with: those
/// that came before do not feel a crowd.
extension ConnectionHost {
    /// Connections that were accepted and admitted, and wait to be taken on, in turn.
    struct Arrivals {
        /// The most per turn.
        var perTurnMax = Int.max
        fileprivate var waiting = ArrivalRow<Arrival>()
        fileprivate var turn: MonotonicInstant?
        fileprivate var countThisTurn = 0
        /// Listeners that accept nobody until all of these have been taken on: accepting takes its time too.
        fileprivate var pausedListeners: [UInt32] = []

        fileprivate struct Arrival {
            let connection: AcceptedConnection
            let role: UInt16
        }

        /// Whether one more may be taken on in this turn; counts it.
        fileprivate mutating func takesOne(at now: MonotonicInstant) -> Bool {
            if turn != now { (turn, countThisTurn) = (now, 0) }
            guard countThisTurn < perTurnMax else { return false }
            countThisTurn += 1
            return true
        }
    }

    /// Has at most so many accepted connections taken on per turn of the loop, of whichever server; for what
    /// secures connections.
    package func limitArrivals(perTurn count: Int) {
        state[].arrivals.perTurnMax = min(state[].arrivals.perTurnMax, count)
        driver.acceptOneByOne()
    }

    /// Whether as many wait as the next turn takes on; then this listener accepts no more for now, and the
    /// crowd stays in the kernel's backlog.
    func holdsBackArrivals(of listener: UInt32) -> Bool {
        guard state[].arrivals.waiting.count >= state[].arrivals.perTurnMax, doors.pause(listener) else {
            return false
        }
        state[].arrivals.pausedListeners.append(listener)
        return true
    }

    /// Takes on a connection that was admitted, now or in one of the next turns.
    func arrive(_ connection: AcceptedConnection, role: UInt16) {
        if state[].arrivals.waiting.isEmpty, state[].arrivals.takesOne(at: turn[].began) {
            return adopt(connection.descriptor, peer: connection.peer, role: role)
        }
        let isFirst = state[].arrivals.waiting.isEmpty
        state[].arrivals.waiting.append(Arrivals.Arrival(connection: connection, role: role))
        if isFirst { nextTurn { $0.takeArrivals() } }
    }

    private func takeArrivals() {
        while !state[].arrivals.waiting.isEmpty {
            guard state[].arrivals.takesOne(at: turn[].began) else {
                return nextTurn { $0.takeArrivals() }
            }
            guard let next = state[].arrivals.waiting.takeFirst() else { return }
            adopt(next.connection.descriptor, peer: next.connection.peer, role: next.role)
        }
        while let listener = state[].arrivals.pausedListeners.popLast() { resumeListener(listener) }
    }

    /// Has none wait any longer, as the loop is to end: what refuses or ends the others does so with them.
    func refuseArrivals() {
        while let next = state[].arrivals.waiting.takeFirst() {
            adopt(next.connection.descriptor, peer: next.connection.peer, role: next.role)
        }
    }
}
