public import ZCNet

extension SimulatedNetwork {
    /// Builds loops whose drivers belong to this network; servers and clients are added before `start(_:)`.
    public func makeGroup(
        loops: Int = 1, configuration: EventLoopGroup.Configuration = EventLoopGroup.Configuration()
    ) throws -> EventLoopGroup {
        var configuration = configuration
        configuration.loops = loops
        try configuration.validate()
        return try EventLoopGroup(configuration) { SimulatedDriver(network: self, index: $0) }
    }

    /// Begins the loops of a group on the calling thread, where `run` steps them.
    ///
    /// - Precondition: the group was made by `makeGroup` of this network.
    public func start(_ group: EventLoopGroup) {
        for loop in group.loops {
            guard let driver = loop.driver as? SimulatedDriver, driver.network === self,
                let tenant = loop.begin()
            else { preconditionFailure("a group of another network, or one that was started already") }
            members.append(SimulatedMember(loop: loop, tenant: tenant, driver: driver, group: group))
        }
    }

    /// Lets the world go on until a condition holds; answers whether it does.
    ///
    /// Ends in vain after `turnsMax` turns of all loops, or when nothing will ever happen again.
    @discardableResult
    public func run(turnsMax: Int = 200_000, until condition: () -> Bool) throws(SystemError) -> Bool {
        try step(turnsMax: turnsMax, deadline: nil, until: condition)
    }

    /// Lets so much virtual time pass.
    public func run(for duration: Duration) throws(SystemError) {
        let deadline = now + duration.nanoseconds
        _ = try step(turnsMax: .max, deadline: deadline) { now >= deadline }
        advance(to: deadline)
    }

    /// Lets the world go on until nothing will ever happen again, but not longer than `turnsMax` turns.
    public func runToRest(turnsMax: Int = 200_000) throws(SystemError) {
        _ = try step(turnsMax: turnsMax, deadline: nil) { false }
    }

    /// Ends all loops at once, as a loop that has failed does: connections are reset.
    public func stop() {
        for member in members { member.loop.end() }
        members = []
    }

    private func step(
        turnsMax: Int, deadline: Int64?, until condition: () -> Bool
    ) throws(SystemError) -> Bool {
        isStepping = true
        defer { isStepping = false }
        var turns = 0
        var quietTurns = 0
        while !condition() {
            if turns == turnsMax { return false }
            turns += 1
            if try turn() {
                quietTurns = 0
                // Work takes time, so that what would spin for ever is seen to.
                advance(to: now + 1000)
                continue
            }
            quietTurns += 1
            // What a quiet turn did at its end is known to the loops' timers in the next one.
            if quietTurns < 2 { continue }
            quietTurns = 0
            let waits = members.compactMap { $0.driver.waitsUntil }
            guard let next = (waits + [agenda.nextDue, deadline].compactMap { $0 }).min() else {
                return condition()
            }
            advance(to: next)
        }
        return true
    }

    /// One turn of every loop; answers whether anything happened or was left undone.
    private func turn() throws(SystemError) -> Bool {
        var isBusy = runDueEvents() > 0
        if faults.reorders { members.shuffle(using: &random) }
        for member in members {
            let count = try member.loop.turn(member.tenant)
            let isDue = member.driver.waitsUntil.map { $0 <= now } ?? false
            if count > 0 || member.driver.isRestless || isDue { isBusy = true }
        }
        if members.contains(where: { $0.driver.isWakePending }) { isBusy = true }
        for member in members where member.loop.isFinished { member.loop.end() }
        members.removeAll { $0.loop.isFinished }
        return isBusy
    }
}
