import ZCNet

/// Keeps a node's place among the others: sets its key for as long as it is there, takes the slots that are
/// its own to lead, and hands over those that are another's.
///
/// **Time.** The node counts its lease from before it asked, the others from when they saw the answer, each
/// by its own clock: as long as these run about as fast, its lease ends first. Where they do not, two nodes
/// lead a slot for a while, which costs time and nothing else.
///
/// **Threads.** The engine's loop.
final class SlotKeeper: Sendable {
    enum Phase: Hashable {
        case joining
        case member
        case ended
    }

    /// A process whose key is where this one's should be, and how often it was found changed.
    struct Stranger {
        let member: SlotTable.Member
        var revision: UInt64
        var changes = 0

        /// Looks again; true once it cannot be gone.
        ///
        /// Why three: a process that was killed may have left one change on its way, which comes however late
        /// it pleases, and what was heard first may have been old. One that is there changes its key with
        /// every look.
        mutating func hasShown(_ revision: UInt64) -> Bool {
            if revision != self.revision { changes += 1 }
            self.revision = revision
            return changes >= 3
        }
    }

    struct State: ~Copyable {
        var table: SlotTable
        var phase = Phase.joining
        /// Whether what was there at the beginning is known.
        var isCaughtUp = false
        /// The revision of the node's own key; 0 where it has none.
        var revision: UInt64 = 0
        /// Until when the node may lead.
        var leaseEnd = MonotonicInstant.zero
        var isRenewing = false
        /// Slots whose keys are being changed.
        var moving: Set<Int> = []
        /// Another process that has the node's name, while it may be gone.
        var stranger: Stranger?
        /// How many slots the application was told of, and whether it is about to be.
        var told = 0
        var isTelling = false
        /// Told of a slot that another leads than before.
        var leadChanged: @Sendable (Int) -> Void = { _ in }
    }

    private let engine: any ClusterEngine
    private let leaseLength: Duration
    private let onEvent: @Sendable (ClusterEvent) -> Void
    let me: SlotTable.Member
    private let state: OwnedCell<State>

    init(
        _ engine: any ClusterEngine, _ me: SlotTable.Member, leaseLength: Duration,
        onEvent: @escaping @Sendable (ClusterEvent) -> Void
    ) {
        self.engine = engine
        self.me = me
        self.leaseLength = leaseLength
        self.onEvent = onEvent
        state = OwnedCell(State(table: SlotTable(me, leaseLength: leaseLength)))
    }

    // MARK: What the node asks

    var phase: Phase { state[].phase }

    /// The term in which the node leads a slot; nil while it does not, or is about to hand it over.
    func term(of slot: Int) -> UInt64? {
        guard state[].phase == .member, engine.now < state[].leaseEnd, !state[].moving.contains(slot),
            let lead = state[].table.lead(of: slot), lead.member == me
        else { return nil }
        return lead.term
    }

    /// The node that leads a slot, as far as is known.
    func leader(of slot: Int) -> SlotTable.Member? { state[].table.lead(of: slot)?.member }

    /// Nodes that are there.
    var members: [SlotTable.Member] { state[].table.present(at: engine.now) }

    /// Until when the node has its place, as far as it knows.
    var leaseEnd: MonotonicInstant { state[].leaseEnd }

    /// Whether another node was heard of within a lease.
    func isPresent(_ member: SlotTable.Member) -> Bool {
        state[].table.isPresent(member, at: engine.now)
    }

    /// Who has set the key of a name last; nil where nobody has.
    func holder(of name: String) -> SlotTable.Member? { state[].table.presences[name]?.member }

    /// Slots that the node leads now.
    var ownCount: Int { engine.now < state[].leaseEnd ? state[].table.ownCount : 0 }

    // MARK: Joining and leaving

    /// Begins to take a place.
    ///
    /// - Parameter leadChanged: told of each slot that is found to be led by another than before.
    func begin(leadChanged: @escaping @Sendable (Int) -> Void) {
        state[].leadChanged = leadChanged
        engine.watchLeases { [weak self] entry in
            self?.take(entry)
        } caughtUp: { [weak self] in
            self?.state[].isCaughtUp = true
            self?.step()
        }
        tick()
    }

    /// Says that the node is gone, so that others need not wait to find out; `done` comes once.
    func leave(_ done: @escaping @Sendable () -> Void) {
        let wasMember = state[].phase == .member
        state[].phase = .ended
        state[].leaseEnd = .zero
        guard wasMember else { return done() }
        let gone = SlotTable.Member(name: me.name, incarnation: 0)
        engine.writeLease(
            LeaseKey.node(me.name).text, LeaseValue.node(gone), at: state[].revision
        ) { _ in done() }
    }

    private func end(_ error: ClusterError) {
        if state[].phase == .ended { return }
        state[].phase = .ended
        state[].leaseEnd = .zero
        onEvent(.ended(error))
    }

    /// Comes three times in a lease.
    private func tick() {
        if state[].phase == .ended { return }
        engine.schedule(after: leaseLength / 3) { [weak self] in self?.tick() }
        step()
    }

    private func step() {
        guard state[].isCaughtUp else { return }
        switch state[].phase {
        case .joining: join()
        case .member:
            renew()
            move()
        case .ended: break
        }
    }

    /// Takes the name, once nobody else has shown up under it for a lease.
    private func join() {
        if state[].isRenewing { return }
        let presence = state[].table.presences[me.name]
        if let presence, presence.member != me, state[].table.isPresent(presence.member, at: engine.now) {
            var stranger = Stranger(member: presence.member, revision: presence.revision)
            if let known = state[].stranger, known.member == stranger.member { stranger = known }
            let isThere = stranger.hasShown(presence.revision)
            state[].stranger = stranger
            guard isThere else { return }
            return end(
                ClusterError(
                    .nameTaken, expected: "a name of its own", got: "\"\(me.name)\", which is in use"))
        }
        state[].revision = presence?.revision ?? 0
        renew()
    }

    /// Sets the node's key again.
    private func renew() {
        if state[].isRenewing { return }
        state[].isRenewing = true
        let begun = engine.now
        let key = LeaseKey.node(me.name).text
        engine.writeLease(key, LeaseValue.node(me), at: state[].revision) { [weak self] result in
            guard let self else { return }
            state[].isRenewing = false
            guard state[].phase != .ended else { return }
            switch result {
            case .success(let revision):
                state[].leaseEnd = begun + leaseLength
                take(LeaseEntry(key: key, value: LeaseValue.node(me), revision: revision))
                if state[].phase == .joining {
                    state[].phase = .member
                    onEvent(.joined)
                    move()
                }
            case .failure:
                // Perhaps it was set, and only the answer lost.
                look(key)
            }
        }
    }

    private func look(_ key: String) {
        engine.readLease(key) { [weak self] result in
            if case .success(let entry?) = result { self?.take(entry) }
        }
    }

    /// Takes note of what a key has.
    private func take(_ entry: LeaseEntry) {
        if state[].phase == .ended { return }
        let change: SlotTable.Change
        do throws(ClusterError) {
            change = try state[].table.apply(entry, at: engine.now)
        } catch {
            return onEvent(.ignored(error))
        }
        switch change {
        case .nothing: return
        case .presence(let name): if name == me.name { takeOwn() }
        case .lead(let slot, let isAnother): if isAnother { state[].leadChanged(slot) }
        }
        tellSoon()
    }

    private func takeOwn() {
        guard let own = state[].table.presences[me.name] else { return }
        if own.member == me {
            state[].revision = max(state[].revision, own.revision)
        } else if state[].phase == .member {
            end(
                ClusterError(
                    .nameTaken, expected: "\"\(me.name)\" for this process", got: "another that has set it"))
        }
    }

    // MARK: Slots

    /// Changes the keys of slots that this node should change.
    private func move() {
        guard state[].phase == .member, engine.now < state[].leaseEnd else { return }
        for move in state[].table.moves(at: engine.now) where !state[].moving.contains(move.slot) {
            state[].moving.insert(move.slot)
            let key = LeaseKey.slot(move.slot).text
            let value = LeaseValue.slot(move)
            engine.writeLease(key, value, at: move.revision) { [weak self] result in
                guard let self else { return }
                state[].moving.remove(move.slot)
                switch result {
                case .success(let revision):
                    take(LeaseEntry(key: key, value: value, revision: revision))
                case .failure:
                    look(key)
                }
            }
        }
    }

    /// Tells how many slots the node leads, where that has changed, once those that change together have.
    private func tellSoon() {
        guard !state[].isTelling, state[].table.ownCount != state[].told else { return }
        state[].isTelling = true
        engine.schedule(after: leaseLength / 30) { [weak self] in
            guard let self else { return }
            state[].isTelling = false
            let count = state[].table.ownCount
            if count == state[].told || state[].phase != .member { return }
            state[].told = count
            onEvent(.leads(slots: count))
        }
    }
}

/// What happens to a node, in order.
public enum ClusterEvent: Hashable, Sendable {
    /// The node has its name, and takes its share of the slots from now on.
    case joined
    /// It leads so many slots now, as long as its lease lasts.
    case leads(slots: Int)
    /// Something of another's was passed over, as it is not what a cluster writes.
    case ignored(ClusterError)
    /// A channel's log is not what it has to be: nothing is appended to it.
    case broken(ChannelName, ClusterError)
    /// The node has ended for good: by itself, and why.
    case ended(ClusterError)
}
