/// Who leads which slot, and who is there, as a node has been told: a value, changed by what the engine's
/// leases say, that answers what this node should do next.
///
/// Each node has a key that it sets again and again; whoever has not seen it change for a lease takes the
/// node for gone. Each slot has a key that changes only when its lead does. So a cluster at rest sets one
/// key per node and third of a lease, however many slots there are.
struct SlotTable {
    /// A node in one life.
    struct Member: Hashable {
        let name: String
        /// Drawn at random when the process starts.
        let incarnation: UInt64
    }

    /// A node's key, and when it was last seen to change, by this node's clock.
    struct Sighting: Hashable {
        let member: Member
        let revision: UInt64
        let seen: MonotonicInstant
    }

    /// Who has a slot's key.
    struct Lead: Hashable {
        let member: Member
        let term: UInt64
        let revision: UInt64
    }

    /// A change of a slot's key that this node should try.
    struct Move: Hashable {
        let slot: Int
        let member: Member
        let term: UInt64
        /// The revision that the key must still have.
        let revision: UInt64
    }

    /// What an entry has brought.
    enum Change: Hashable {
        /// Nothing that is newer than what was known.
        case nothing
        case presence(of: String)
        case lead(of: Int, isAnother: Bool)
    }

    let me: Member
    let leaseLength: Duration
    private(set) var presences: [String: Sighting] = [:]
    private(set) var leads: [Int: Lead] = [:]
    /// Who should lead each slot, as long as these members are there.
    private var plan: (members: [Member], preferred: [Member]) = ([], [])

    init(_ me: Member, leaseLength: Duration) {
        self.me = me
        self.leaseLength = leaseLength
    }

    // MARK: What leases say

    /// Takes note of an entry, where it is newer than what is known.
    @discardableResult
    mutating func apply(_ entry: LeaseEntry, at now: MonotonicInstant) throws(ClusterError) -> Change {
        switch try LeaseKey(entry.key) {
        case .node(let name):
            if let known = presences[name], known.revision >= entry.revision { return .nothing }
            let incarnation = try LeaseValue.incarnation(entry.value)
            presences[name] = Sighting(
                member: Member(name: name, incarnation: incarnation), revision: entry.revision, seen: now)
            return .presence(of: name)
        case .slot(let slot):
            let known = leads[slot]
            if let known, known.revision >= entry.revision { return .nothing }
            let (member, term) = try LeaseValue.lead(entry.value)
            leads[slot] = Lead(member: member, term: term, revision: entry.revision)
            return .lead(of: slot, isAnother: known?.member != member)
        }
    }

    /// Whether a node in that life was heard of within a lease.
    func isPresent(_ member: Member, at now: MonotonicInstant) -> Bool {
        // A node that has left says so by the incarnation 0.
        guard let presence = presences[member.name], presence.member == member, member.incarnation != 0
        else { return false }
        return now < presence.seen + leaseLength
    }

    /// Nodes that are there, sorted by name.
    func present(at now: MonotonicInstant) -> [Member] {
        presences.values.map(\.member).filter { isPresent($0, at: now) }.sorted { $0.name < $1.name }
    }

    // MARK: What follows

    /// The node that should lead a slot: the one whose name weighs most together with the slot, so that a
    /// node that comes or goes moves only its own share.
    static func preferred(_ slot: Int, among members: [Member]) -> Member? {
        members.max { weight($0, slot) < weight($1, slot) }
    }

    private static func weight(_ member: Member, _ slot: Int) -> UInt64 {
        ChannelName.hash(Array(member.name.utf8) + [0, UInt8(truncatingIfNeeded: slot)])
    }

    /// The slots whose keys this node should change now: those that are nobody's and should be its own, and
    /// those of its own that are another's by right.
    mutating func moves(at now: MonotonicInstant) -> [Move] {
        let members = present(at: now)
        guard members.contains(me) else { return [] }
        if plan.members != members {
            plan = (members, (0..<ChannelName.slots).compactMap { Self.preferred($0, among: members) })
        }
        return plan.preferred.enumerated().compactMap { slot, preferred in
            guard let lead = leads[slot] else {
                return preferred == me ? Move(slot: slot, member: me, term: 1, revision: 0) : nil
            }
            let isOwn = lead.member == me
            let mayMove = isOwn ? preferred != me : preferred == me && !isPresent(lead.member, at: now)
            guard mayMove else { return nil }
            return Move(slot: slot, member: preferred, term: lead.term + 1, revision: lead.revision)
        }
    }

    /// Who leads a slot as far as is known; nil for nobody.
    func lead(of slot: Int) -> Lead? { leads[slot] }

    /// Slots that a node in this life leads.
    var ownCount: Int { leads.values.count { $0.member == me } }
}

/// A key of the leases of a cluster.
enum LeaseKey: Hashable {
    case node(String)
    case slot(Int)

    var text: String {
        switch self {
        case .node(let name): "node.\(name)"
        case .slot(let slot): "slot.\(slot)"
        }
    }

    init(_ text: String) throws(ClusterError) {
        if text.hasPrefix("node."), text.count > 5 {
            self = .node(String(text.dropFirst(5)))
        } else if text.hasPrefix("slot."), let slot = Int(text.dropFirst(5)),
            (0..<ChannelName.slots).contains(slot)
        {
            self = .slot(slot)
        } else {
            throw ClusterError(.corrupt, expected: "node.NAME or slot.NUMBER", got: "\"\(text.prefix(64))\"")
        }
    }
}

/// What keys have, as text: `1 INCARNATION` of a node, `1 INCARNATION TERM NAME` of a slot; the 1 is the
/// form.
enum LeaseValue {
    static func node(_ member: SlotTable.Member) -> SharedBytes {
        SharedBytes("1 \(member.incarnation)".utf8)
    }

    static func slot(_ move: SlotTable.Move) -> SharedBytes {
        SharedBytes("1 \(move.member.incarnation) \(move.term) \(move.member.name)".utf8)
    }

    static func incarnation(_ value: SharedBytes) throws(ClusterError) -> UInt64 {
        let words = value.bytes.text.split(separator: " ")
        guard words.count == 2, words[0] == "1", let incarnation = UInt64(words[1]) else {
            throw wrong("1 INCARNATION", value)
        }
        return incarnation
    }

    static func lead(_ value: SharedBytes) throws(ClusterError) -> (SlotTable.Member, term: UInt64) {
        let words = value.bytes.text.split(separator: " ")
        guard words.count == 4, words[0] == "1", let incarnation = UInt64(words[1]),
            let term = UInt64(words[2])
        else { throw wrong("1 INCARNATION TERM NAME", value) }
        return (SlotTable.Member(name: String(words[3]), incarnation: incarnation), term)
    }

    private static func wrong(_ expected: String, _ value: SharedBytes) -> ClusterError {
        ClusterError(.corrupt, expected: expected, got: "\"\(value.bytes.text.prefix(64))\"")
    }
}
