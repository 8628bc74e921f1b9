import ZCNet

/// Who is there, as a node knows it: its own entries, those of every other node, and what is missing of them.
/// A value without engine, changed by what nodes say.
///
/// **Why it comes to agree.** A node's entries are its own: nobody else changes them. Each change makes the
/// node's version one higher, and its beats say the version; so whoever has missed something knows by the
/// next beat, and asks: for the changes, or, where they are forgotten, for the entries themselves, part by
/// part in the order of their numbers. What changes meanwhile comes as changes, which may be applied again
/// harmlessly.
struct PresenceTable {
    /// Another node in one life. An object, so that its entries change in place.
    final class Peer {
        let member: SlotTable.Member
        /// The version that its entries here are of, and the newest that it has spoken of.
        var version: UInt64 = 0
        var newest: UInt64 = 0
        /// When it was last heard of.
        var heard: MonotonicInstant
        /// Whether its name was its own, by the leases: then whoever has it later is another life of it.
        var hasHeldName = false
        /// Before then nothing is asked again.
        var nextAsk = MonotonicInstant.zero
        var entries: [UInt64: PresenceEntry] = [:]
        /// Up to which number its entries have come, while they come part by part.
        var transfer: UInt64?
        /// Of the entries that were known when the parts began, those that did not come yet.
        var doubted: Set<UInt64> = []
        /// Whether some of its entries had no room.
        var isCut = false

        init(_ member: SlotTable.Member, heard: MonotonicInstant) {
            self.member = member
            self.heard = heard
        }
    }

    /// What is missing of a node.
    enum Lack: Hashable {
        case changes(behind: UInt64)
        case entries(behind: UInt64)
    }

    /// What follows for others than the table.
    struct Consequences {
        var events: [(ChannelName, PresenceEvent)] = []
        /// Own entries that are gone, as somebody came with their name on a node.
        var replaced: [(number: UInt64, by: String)] = []
    }

    let me: SlotTable.Member
    private let bytesMax: Int
    private(set) var own = OwnPresence()
    private(set) var peers: [UInt64: Peer] = [:]
    private(set) var index = PresenceIndex()
    /// What all entries take, by their weight.
    private(set) var byteCount = 0
    /// The highest stamp that this node knows.
    private(set) var stamp: UInt64 = 0
    /// Channels that somebody here watches.
    var watched: Set<ChannelName> = []
    private var consequences = Consequences()

    /// Why 1024: more lives of nodes than a cluster has at a time.
    static let peersMax = 1024

    init(_ me: SlotTable.Member, bytesMax: Int) {
        self.me = me
        self.bytesMax = bytesMax
    }

    /// What has followed since this was asked last.
    mutating func takeConsequences() -> Consequences {
        defer { consequences = Consequences() }
        return consequences
    }

    // MARK: Own entries

    /// Somebody comes to this node; answers the entry's number.
    ///
    /// - Throws: `full`.
    mutating func enter(_ entry: PresenceEntry) throws(ClusterError) -> UInt64 {
        guard entry.weight <= bytesMax - byteCount else {
            throw ClusterError(.full, expected: "at most \(bytesMax) bytes of presence", got: "more")
        }
        var entry = entry
        var former: UInt64?
        if entry.kind == .exclusive {
            stamp += 1
            entry.stamp = stamp
            former = own.exclusives[PresenceSeat(entry)]
        }
        byteCount += entry.weight
        let number = own.add(entry)
        tell(entry.channel, index.set(entry, before: nil, number, of: me))
        if let former { replace(former, by: me.name) }
        return number
    }

    /// What is said of an own entry changes.
    mutating func update(_ number: UInt64, _ change: (inout PresenceEntry) -> Void) {
        guard let before = own.entries[number] else { return }
        var entry = before
        change(&entry)
        if entry == before { return }
        byteCount += entry.weight - before.weight
        own.set(number, entry)
        tell(entry.channel, index.set(entry, before: before, number, of: me))
    }

    mutating func leave(_ number: UInt64) {
        guard let entry = own.remove(number) else { return }
        byteCount -= entry.weight
        tell(entry.channel, index.remove(entry, number, of: me))
    }

    private mutating func replace(_ number: UInt64, by node: String) {
        leave(number)
        consequences.replaced.append((number, node))
    }

    private mutating func tell(_ channel: ChannelName, _ event: PresenceEvent?) {
        if let event, watched.contains(channel) { consequences.events.append((channel, event)) }
    }

    // MARK: Other nodes

    /// A node was heard; false where it cannot be taken in. `isNew` where it was not known.
    mutating func meet(_ member: SlotTable.Member, at now: MonotonicInstant) -> (isKnown: Bool, isNew: Bool) {
        if let peer = peers[member.incarnation] {
            peer.heard = now
            return (true, false)
        }
        guard peers.count < Self.peersMax else { return (false, false) }
        peers[member.incarnation] = Peer(member, heard: now)
        return (true, true)
    }

    /// A node is gone, and all who were there.
    mutating func forget(_ incarnation: UInt64) {
        guard let peer = peers.removeValue(forKey: incarnation) else { return }
        for (number, entry) in peer.entries {
            byteCount -= entry.weight
            tell(entry.channel, index.remove(entry, number, of: peer.member))
        }
    }

    mutating func beat(of incarnation: UInt64, version: UInt64, stamp: UInt64) {
        self.stamp = max(self.stamp, stamp)
        guard let peer = peers[incarnation] else { return }
        peer.newest = max(peer.newest, version)
    }

    /// Changes of a node behind a version; nothing happens where some are missing in between.
    mutating func hear(_ changes: [PresenceChange], behind version: UInt64, of incarnation: UInt64) {
        guard let peer = peers[incarnation] else { return }
        let end = version + UInt64(changes.count)
        peer.newest = max(peer.newest, end)
        guard version <= peer.version, end > peer.version else { return }
        for change in changes.dropFirst(Int(peer.version - version)) { apply(change, of: peer) }
        peer.version = end
        peer.nextAsk = .zero
    }

    /// Entries of a node in a range of numbers, as they were in a version.
    mutating func hear(
        _ entries: [UInt64: PresenceEntry], behind first: UInt64, to last: UInt64, version: UInt64,
        of incarnation: UInt64
    ) {
        // What is older than what is known would bring back who has left.
        guard let peer = peers[incarnation], version >= peer.version, lack(of: incarnation) != nil,
            first == peer.transfer ?? 0
        else { return }
        if first == 0 {
            peer.version = version
            peer.newest = max(peer.newest, version)
            peer.doubted = Set(peer.entries.keys)
            peer.isCut = false
        }
        for number in entries.keys.sorted() {
            if let entry = entries[number] { apply(.set(number, entry), of: peer) }
        }
        peer.transfer = last == .max ? nil : last
        peer.nextAsk = .zero
        guard last == .max else { return }
        let doubted = peer.doubted
        for number in doubted { apply(.removed(number), of: peer) }
    }

    private mutating func apply(_ change: PresenceChange, of peer: Peer) {
        switch change {
        case .set(let number, let entry):
            let before = peer.entries[number]
            peer.doubted.remove(number)
            let weight = entry.weight - (before?.weight ?? 0)
            guard weight <= bytesMax - byteCount else {
                peer.isCut = true
                return apply(.removed(number), of: peer)
            }
            byteCount += weight
            peer.entries[number] = entry
            tell(entry.channel, index.set(entry, before: before, number, of: peer.member))
            if entry.kind == .exclusive { settle(entry, peer.member) }
        case .removed(let number):
            peer.doubted.remove(number)
            guard let entry = peer.entries.removeValue(forKey: number) else { return }
            byteCount -= entry.weight
            tell(entry.channel, index.remove(entry, number, of: peer.member))
        }
    }

    /// Somebody of whom there is one has come elsewhere: who came later stays, by stamps, and of equal ones
    /// by the node. Both nodes find the same.
    private mutating func settle(_ entry: PresenceEntry, _ node: SlotTable.Member) {
        stamp = max(stamp, entry.stamp)
        guard let number = own.exclusives[PresenceSeat(entry)], let mine = own.entries[number],
            (mine.stamp, me.incarnation) < (entry.stamp, node.incarnation)
        else { return }
        replace(number, by: node.name)
    }

    // MARK: What is missing

    /// What has to be asked of a node; nil for nothing.
    func lack(of incarnation: UInt64) -> Lack? {
        guard let peer = peers[incarnation] else { return nil }
        if let transfer = peer.transfer { return .entries(behind: transfer) }
        if peer.newest > peer.version { return .changes(behind: peer.version) }
        // Once there is room again.
        return peer.isCut && byteCount < bytesMax / 4 * 3 ? .entries(behind: 0) : nil
    }

    /// Takes note that a node was asked.
    mutating func didAsk(_ incarnation: UInt64, nextAsk: MonotonicInstant) {
        peers[incarnation]?.nextAsk = nextAsk
    }

    /// Whether all entries of all nodes that are known have room.
    var isComplete: Bool { peers.values.allSatisfy { !$0.isCut } }
}
