/// What a protocol layer holds for one connection.
package struct HeldMemory {
    /// Of a message in progress: buffers at their capacity.
    package var messages = 0
    /// Of compression contexts, at most.
    package var contexts = 0
    /// Of a request or response in progress.
    package var requests = 0

    package init() {}

    var bytes: Int { messages + contexts + requests }
}

/// What a protocol layer tells the host of the memory that it holds for a connection.
@usableFromInline
package struct ProtocolMemory {
    /// What a connection holds.
    let held: (ConnectionBase) -> HeldMemory
    /// The compression contexts of all of the role's connections on the loop, idle ones as well: exactly.
    let loopContexts: () -> Int
    /// Lets go of what the connection can do without.
    let trim: (ConnectionBase) -> Void
    /// Lets go of what is kept for later use by any connection.
    let trimLoop: () -> Void
    /// Lets go of the message in progress and says goodbye to the peer, as memory is short. Calls no handler.
    let shed: (ConnectionBase) -> Void

    package init(
        held: @escaping (ConnectionBase) -> HeldMemory, loopContexts: @escaping () -> Int,
        trim: @escaping (ConnectionBase) -> Void, trimLoop: @escaping () -> Void,
        shed: @escaping (ConnectionBase) -> Void
    ) {
        self.held = held
        self.loopContexts = loopContexts
        self.trim = trim
        self.trimLoop = trimLoop
        self.shed = shed
    }
}

/// When the loop's memory is short: who has to go.
///
/// A reservation that does not fit ends strangers first, see `endStrangers`; then compressors and idle
/// contexts go; and then the connections that hold most, largest first, until it fits and a sixteenth of the
/// budget is free beside. So the look at all connections that this takes is paid for by megabytes that
/// somebody had to send. Only connections that hold more than the one that asks are ended, none on behalf of
/// a stranger, and never the one whose callback is running, as its memory is lent: if it is the largest
/// itself, its reservation is refused, and its own layer ends it.
extension ConnectionHost {
    /// How much of the bound is freed at a time, beyond what is asked for: one in so many.
    private static let slackShare = 16
    /// Who holds less is not told why it has to go: the words would take more memory than they free.
    private static let farewellBytesMin = 4096
    /// Who has this much output waiting does not read, and would not read a goodbye either.
    private static let farewellOutputBytesMax = 64 << 10
    /// Who holds as much as the one that asks goes first only after so long without a byte, in steps of
    /// 10 ms: strangers that fill the memory and wait must not shut everybody else out.
    static let quietTime = Duration.seconds(1)

    /// Ends a connection that there is no memory for. Not within its callback.
    func refuseMemory(_ slot: LoopOwned<ConnectionSlot>) {
        // What it says goodbye with is written at once, from the cork: there may be no buffer for it to wait
        // in.
        output.begin(slot)
        withRole(of: slot) { $0.memory?.shed(base(slot)) }
        flush(slot)
        output.end()
        end(slot, CloseReason(.overflow), isAbortive: false)
    }

    /// What a connection holds, as the budget counts it; bytes that are shared with others in full.
    func memoryHeld(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        memoryPooled(slot) + output.memoryHeld(slot).referred
            + withRole(of: slot) { $0.memory?.held(base(slot)).bytes ?? 0 }
    }

    private func memoryPooled(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        intake.memoryHeld(slot) + output.memoryHeld(slot).pooled
    }

    /// Makes room for bytes that a connection asks for, if that is possible.
    func makeRoom(for slot: LoopOwned<ConnectionSlot>, _ needed: Int, isPooled: Bool) {
        makeRoom(needed, holding: memoryHeld(slot), isPooled: isPooled, besides: slot[].id)
    }

    /// Ends strangers, then those that hold most, until so many bytes are free, if that is possible.
    ///
    /// - Parameters:
    ///   - needed: 0 at the end of a turn, for what could not be refused.
    ///   - holding: what the connection that asks holds already.
    ///   - isPooled: whether the pool's own bound has to allow it as well.
    ///   - besides: a connection that is not to be ended; beside the one whose callback is running.
    func makeRoom(_ needed: Int, holding: Int, isPooled: Bool, besides: ConnectionID? = nil) {
        settleOthers()
        let isPoolFull = isPooled && buffers.pool.availableBytes < budget.available
        func free() -> Int { isPooled ? buffers.pool.availableBytes : budget.available }
        // Ending a connection may send, and sending may need memory.
        guard free() < needed, !state[].relief.isRunning else { return }
        state[].relief.isRunning = true
        defer { state[].relief.isRunning = false }
        let bound = isPoolFull ? buffers.pool.outstandingBytesMax : budget.bytesMax
        let target = min(bound, needed + bound / Self.slackShare)
        let isStranger = find(besides ?? output.running)?[].flags.contains(.stranger) ?? false
        endStrangers(besides) { free() >= (isStranger ? needed : target) }
        let look = MemoryRelief.Look(at: turn[].now, bytes: needed + holding, isStranger: isStranger)
        guard free() < needed, needed == 0 || state[].relief.mayTake(look) else { return }
        if !isPoolFull { trimAll(besides) }
        let isEnough = isStranger || free() >= target
        for victim in isEnough ? [] : victims(above: look.bytes, isPoolFull, besides) {
            if free() >= target { break }
            if let slot = find(victim.id) { evict(slot, held: victim.bytes) }
        }
        state[].relief.didTake(look, freed: free() >= needed)
    }

    /// Has every connection let go of what it can do without. O(connections).
    private func trimAll(_ besides: ConnectionID?) {
        let running = output.running
        state[].table.forEach { slot in
            if slot[].id == running || slot[].id == besides || slot[].flags.contains(.connecting) { return }
            withRole(of: slot) { $0.memory?.trim(base(slot)) }
        }
        for role in state[].roles { role.memory?.trimLoop() }
    }

    private struct Victim {
        let bytes: Int
        let id: ConnectionID
    }

    /// Who holds more than `bytes`, the largest first. O(connections).
    private func victims(above bytes: Int, _ isPoolFull: Bool, _ besides: ConnectionID?) -> [Victim] {
        var victims: [Victim] = []
        let running = output.running
        state[].table.forEach { slot in
            let id = slot[].id
            if id == running || id == besides || slot[].flags.contains(.connecting) { return }
            let held = isPoolFull ? memoryPooled(slot) : memoryHeld(slot)
            guard held > 0, held >= bytes else { return }
            let isQuiet = turn[].now.since(slot[].lastActivity) >= Self.quietTime
            if held > bytes || isQuiet { victims.append(Victim(bytes: held, id: id)) }
        }
        return victims.sorted { ($0.bytes, $1.id.rawValue) > ($1.bytes, $0.id.rawValue) }
    }

    /// Ends a connection, and takes its memory back at once.
    ///
    /// - Parameter isTold: whether it ends in good order and is told why, in place of being reset; nil where
    ///   that is worth it.
    func evict(_ slot: LoopOwned<ConnectionSlot>, held: Int, isTold: Bool? = nil) {
        let waiting = slot[].outbound?[].memoryByteCount ?? 0
        metrics.add(1, to: .memoryEvictions)
        observer?.connectionEvicted(slot[].id, bytes: held)
        intake.release(slot)
        let isWorthIt =
            held >= Self.farewellBytesMin && waiting <= Self.farewellOutputBytesMax
            && !slot[].flags.contains(.closing)
        let isTold = isTold ?? isWorthIt
        if let memory = withRole(of: slot, { $0.memory }) { memory.shed(base(slot)) }
        end(slot, CloseReason(.overflow), isAbortive: !isTold)
        // Who hears of the end hears how much that was.
        if !isTold, let dropped = output.dropEarly(slot) { state[].relief.dropped[slot[].id] = dropped }
    }

    // MARK: What other threads hold

    /// Brings the books up to what other threads have taken and let go of.
    func settleOthers() {
        settleChunks()
        let held = queues.bytes
        if held != budget[.queues] { budget.charge(held - budget[.queues], for: .queues) }
    }

    /// Whether a queue may keep so many bytes more for a connection; those that hold more make room.
    package func mayQueue(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) -> Bool {
        settleOthers()
        if count > budget.available { makeRoom(for: slot, count, isPooled: false) }
        return count <= budget.available
    }
}

/// What a host remembers of the times when memory was short.
struct MemoryRelief {
    /// Connections are being ended; what that needs is refused if it does not fit.
    var isRunning = false
    /// Output that was dropped before its connection's end was carried out.
    var dropped: [ConnectionID: Int] = [:]
    /// The last looks that found too little, of conversations and of strangers: what strangers ask for in
    /// vain must not keep others from looking.
    private var fruitless: (conversations: Look?, strangers: Look?)

    /// A look at all connections for somebody to end.
    struct Look {
        let at: CoarseTime
        /// Who holds more may be ended.
        let bytes: Int
        let isStranger: Bool
    }

    /// Whether it is worth looking for somebody to end. A look that found too little is not taken again
    /// within the same 10 ms, as it costs time for every connection, unless for less than half as much: what
    /// one that is greedy could not get, others need not do without.
    func mayTake(_ look: Look) -> Bool {
        let last = look.isStranger ? fruitless.strangers : fruitless.conversations
        guard let last, last.at == look.at else { return true }
        return !look.isStranger && look.bytes < last.bytes / 2
    }

    mutating func didTake(_ look: Look, freed isEnough: Bool) {
        let kept = isEnough ? nil : look
        if look.isStranger { fruitless.strangers = kept } else { fruitless.conversations = kept }
    }
}

/// Chunks that handlers, on any thread, have retained a part of.
///
/// `retain()` cannot fail, so what it may keep is bounded before: beyond half of the loop's memory nothing
/// more is received, by any connection of the loop, until enough has come back. What closing connections
/// receive is thrown away, and so needs no memory.
///
/// A handler may keep what a connection sent until that is over, which is not seen where nothing is received.
/// So the host asks for the ends of those that wait, once a second, and ends who has left: what such a peer
/// sent last is not received any more.
extension ConnectionHost {
    /// How often a loop that receives nothing looks whether chunks have come back: other threads let go of
    /// them without a word.
    private static let starvedLook = Duration.milliseconds(10)

    /// Brings the books up to what handlers, on any thread, have retained and let go.
    func settleChunks() {
        let held = intake.retainedBytes + driver.retainedBytes
        if held != budget[.chunks] { budget.charge(held - budget[.chunks], for: .chunks) }
        intake.setStarving(held > budget.bytesMax / 2)
    }

    /// Whether a connection has to wait with what it would receive.
    @inline(__always)
    func isStarving(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        intake.isStarving && !slot[].flags.contains(.closing)
    }

    /// Has a connection wait with what it would receive.
    func starve(_ slot: LoopOwned<ConnectionSlot>) {
        metrics.add(1, to: .memoryPauses)
        intake.starve(slot)
        if state[].starvation.isLookedAt { return }
        state[].starvation.isLookedAt = true
        state[].starvation.endsSeenAt = turn[].now
        lookForChunks()
    }

    private func lookForChunks() {
        _ = schedule(after: Self.starvedLook) { [unowned self] in
            // The end of the turn feeds them, if it can.
            state[].starvation.isLookedAt = intake.hasStarved
            if !state[].starvation.isLookedAt { return }
            if turn[].now.since(state[].starvation.endsSeenAt) >= Self.quietTime { endDeparted() }
            lookForChunks()
        }
    }

    /// Ends those of the waiting whose peers have left. A call to the kernel for each.
    private func endDeparted() {
        state[].starvation.endsSeenAt = turn[].now
        for id in intake.starved {
            guard let slot = find(id), !slot[].flags.contains(.closing),
                driver.hasPeerEnded(slot[].descriptor, token: id.token)
            else { continue }
            evict(slot, held: memoryHeld(slot), isTold: true)
        }
    }

    /// Receives again where there is memory for it.
    func feedStarved() {
        if intake.isStarving { return }
        for id in intake.takeStarved() { if let slot = find(id) { intake.resume(slot, .pausedForMemory) } }
    }
}

/// The looks that a loop takes while it wants chunks.
struct Starvation {
    /// A timer is set for the next look.
    var isLookedAt = false
    /// When the ends of those that wait were last asked for.
    var endsSeenAt = CoarseTime(rawValue: 0)
}

/// Checks the books against the memory itself, for tests: walks everything that every connection holds.
extension ConnectionHost {
    /// Has `auditMemory` ask a protocol layer what its queues to other threads hold.
    package func addQueueAudit(_ held: @escaping () -> Int) { state[].queueAudits.append(held) }

    /// What does not agree, in words; empty when the books are right. O(all that is held).
    package func auditMemory() -> [String] {
        settleOthers()
        var pooled = 0
        var messages = 0
        var places = 0
        var requests = 0
        var complaints: [String] = []
        let shared = OutputBooks(MemoryBudget())
        state[].table.forEach { slot in
            pooled += intake.memoryHeld(slot)
            if let outbound = slot[].outbound {
                let audited = outbound[].audited
                pooled += audited.pooled
                places += audited.places
                if !audited.isRight { complaints.append("output of \(slot[].id): holds not what it says") }
                outbound[].forEachSettled { shared.hold($0) }
            }
            // A connection that is being made has no state of its protocol yet.
            if slot[].flags.contains(.connecting) { return }
            let held = withRole(of: slot) { $0.memory?.held(base(slot)) } ?? HeldMemory()
            messages += held.messages
            requests += held.requests
        }
        let contexts = state[].roles.reduce(0) { $0 + ($1.memory?.loopContexts() ?? 0) }
        let chunks = intake.retainedBytes + driver.retainedBytes
        let output = places + shared.heldBytes
        let queued = state[].queueAudits.reduce(0) { $0 + $1() }
        func compare(_ what: String, held: Int, charged: Int) {
            if held != charged { complaints.append("\(what): \(held) bytes held, \(charged) charged") }
        }
        compare("buffers", held: pooled, charged: buffers.pool.outstandingBytes)
        compare("messages", held: messages, charged: budget[.messages])
        compare("contexts", held: contexts, charged: budget[.contexts])
        compare("output", held: output, charged: budget[.output])
        compare("chunks", held: chunks, charged: budget[.chunks])
        compare("requests", held: requests, charged: budget[.requests])
        compare("queues", held: queued, charged: budget[.queues])
        let all = pooled + messages + contexts + output + chunks + requests + queued
        compare("all", held: all, charged: budget.bytes)
        return complaints
    }
}
