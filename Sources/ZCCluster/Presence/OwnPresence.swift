/// What this node says of who is there: its entries by number, and its newest changes, for those who have
/// missed some. A value without clock or engine.
struct OwnPresence {
    /// How many changes are remembered at least. Why 4096: what logs in during some beats; who has missed
    /// more is told all that there is.
    static let changesMax = 4096

    private(set) var entries: [UInt64: PresenceEntry] = [:]
    /// How many changes there were.
    private(set) var version: UInt64 = 0
    /// Those of whom there is one in the cluster, by where they are.
    private(set) var exclusives: [PresenceSeat: UInt64] = [:]
    private var lastNumber: UInt64 = 0
    /// Numbers of entries that are there, and of some that are not any more; growing.
    private var order: [UInt64] = []
    private var changes: [PresenceChange] = []

    /// Adds an entry; answers its number.
    mutating func add(_ entry: PresenceEntry) -> UInt64 {
        lastNumber += 1
        order.append(lastNumber)
        set(lastNumber, entry)
        return lastNumber
    }

    /// Sets an entry that is there, or was just given its number.
    mutating func set(_ number: UInt64, _ entry: PresenceEntry) {
        entries[number] = entry
        if entry.kind == .exclusive { exclusives[PresenceSeat(entry)] = number }
        note(.set(number, entry))
    }

    mutating func remove(_ number: UInt64) -> PresenceEntry? {
        guard let entry = entries.removeValue(forKey: number) else { return nil }
        if exclusives[PresenceSeat(entry)] == number { exclusives[PresenceSeat(entry)] = nil }
        if order.count > 2 * entries.count + 64 { order.removeAll { entries[$0] == nil } }
        note(.removed(number))
        return entry
    }

    private mutating func note(_ change: PresenceChange) {
        version += 1
        changes.append(change)
        if changes.count > 2 * Self.changesMax { changes.removeFirst(changes.count - Self.changesMax) }
    }

    /// Changes behind a version; nil where they are forgotten, or have not been.
    func changes(behind version: UInt64) -> [PresenceChange]? {
        guard version <= self.version, self.version - version <= UInt64(changes.count) else { return nil }
        return Array(changes.suffix(Int(self.version - version)))
    }

    /// Entries behind a number, as many as fit, and the number up to which they are all; the highest of all
    /// where there are no more.
    func part(behind number: UInt64, bytesMax: Int) -> (entries: [UInt64: PresenceEntry], to: UInt64) {
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if order[middle] <= number { low = middle + 1 } else { high = middle }
        }
        var (part, bytes): ([UInt64: PresenceEntry], Int) = ([:], 0)
        for index in low..<order.count {
            guard let entry = entries[order[index]] else { continue }
            bytes += entry.wireBytes
            if !part.isEmpty && bytes > bytesMax { return (part, order[index] - 1) }
            part[order[index]] = entry
        }
        return (part, .max)
    }
}

/// Where somebody is, by name.
struct PresenceSeat: Hashable {
    let channel: ChannelName
    let name: String

    init(_ entry: PresenceEntry) { (channel, name) = (entry.channel, entry.name) }
}

/// Who is where, of all nodes: by channel and name.
struct PresenceIndex {
    /// An entry that says so.
    struct Holding: Hashable {
        let node: SlotTable.Member
        let number: UInt64
        var note: SharedBytes
    }

    struct Crowd {
        var names: [String: [Holding]] = [:]
        /// Those whose names are nobody's business.
        var others = 0

        var count: Int { names.count + others }
        var isEmpty: Bool { names.isEmpty && others == 0 }
    }

    private(set) var channels: [ChannelName: Crowd] = [:]

    /// An entry is there, where there was another of its number, or none. Answers what that is to those who
    /// watch the channel.
    mutating func set(
        _ entry: PresenceEntry, before: PresenceEntry?, _ number: UInt64, of node: SlotTable.Member
    ) -> PresenceEvent? {
        guard entry.kind != .crowd else {
            channels[entry.channel, default: Crowd()].others += entry.crowdCount - (before?.crowdCount ?? 0)
            return nil
        }
        let holding = Holding(node: node, number: number, note: entry.note)
        let member = PresenceMember(entry.name, holding)
        var holdings = channels[entry.channel]?.names[entry.name] ?? []
        let shown = holdings.last?.note
        if let place = holdings.firstIndex(where: { $0.node == node && $0.number == number }) {
            holdings[place] = holding
        } else {
            holdings.append(holding)
        }
        channels[entry.channel, default: Crowd()].names[entry.name] = holdings
        guard let shown else { return .joined(member) }
        return holdings.last.flatMap { $0.note == shown ? nil : .changed(PresenceMember(entry.name, $0)) }
    }

    /// An entry is gone.
    mutating func remove(
        _ entry: PresenceEntry, _ number: UInt64, of node: SlotTable.Member
    ) -> PresenceEvent? {
        defer { if channels[entry.channel]?.isEmpty == true { channels[entry.channel] = nil } }
        guard entry.kind != .crowd else {
            channels[entry.channel]?.others -= entry.crowdCount
            return nil
        }
        guard var holdings = channels[entry.channel]?.names[entry.name],
            let place = holdings.firstIndex(where: { $0.node == node && $0.number == number })
        else { return nil }
        let shown = holdings.last?.note
        let gone = holdings.remove(at: place)
        channels[entry.channel]?.names[entry.name] = holdings.isEmpty ? nil : holdings
        guard let last = holdings.last else { return .left(PresenceMember(entry.name, gone)) }
        return last.note == shown ? nil : .changed(PresenceMember(entry.name, last))
    }
}
