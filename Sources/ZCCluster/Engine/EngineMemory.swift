/// What an engine keeps, in memory: leases by revision, and the log with its referee. A value without clock
/// or callbacks, which ``LocalEngine`` has, and the server of a simulation.
package struct EngineMemory {
    private struct Channel {
        var places: [UInt64] = []
        var records: [SharedBytes] = []
    }

    private let bytesMax: Int
    private var channels: [ChannelName: Channel] = [:]
    private var lastPlace: UInt64 = 0
    private var ids: [String: UInt64] = [:]
    private var idOrder: [String] = []
    private let idsMax: Int
    private var leases: [String: LeaseEntry] = [:]
    private var lastRevision: UInt64 = 0

    /// Bytes of records, each counted 64 larger than it is.
    package private(set) var byteCount = 0

    /// - Parameters:
    ///   - bytesMax: the most bytes of records; more is refused as `full`.
    ///   - idsMax: how many ids are remembered: the window of duplicates.
    package init(bytesMax: Int, idsMax: Int = 1024) {
        self.bytesMax = bytesMax
        self.idsMax = idsMax
    }

    // MARK: Leases

    package func lease(_ key: String) -> LeaseEntry? { leases[key] }

    package var allLeases: [LeaseEntry] { leases.values.sorted { $0.revision < $1.revision } }

    package mutating func setLease(
        _ key: String, _ value: SharedBytes, at revision: UInt64
    ) throws(ClusterError) -> LeaseEntry {
        let current = leases[key]?.revision ?? 0
        guard current == revision else {
            throw ClusterError(.conflict, expected: "revision \(current) of \(key)", got: "\(revision)")
        }
        lastRevision += 1
        let entry = LeaseEntry(key: key, value: value, revision: lastRevision)
        leases[key] = entry
        return entry
    }

    // MARK: The log

    /// Appends a record; nil for a place takes it whatever is there, as a server does that misses what is
    /// under way.
    package mutating func append(
        _ record: SharedBytes, to name: ChannelName, id: String, behind place: UInt64?
    ) throws(ClusterError) -> UInt64 {
        if let known = ids[id] { return known }
        let newest = channels[name]?.places.last ?? 0
        guard place == nil || place == newest else {
            throw ClusterError(.conflict, expected: "behind \(newest)", got: "behind \(place ?? 0)")
        }
        let weight = record.count + 64
        guard weight <= bytesMax - byteCount else {
            throw ClusterError(.full, expected: "at most \(bytesMax - byteCount) bytes", got: "\(weight)")
        }
        byteCount += weight
        lastPlace += 1
        channels[name, default: Channel()].places.append(lastPlace)
        channels[name]?.records.append(record)
        remember(id)
        return lastPlace
    }

    private mutating func remember(_ id: String) {
        ids[id] = lastPlace
        idOrder.append(id)
        guard idOrder.count > 2 * idsMax else { return }
        for old in idOrder.prefix(idsMax) { ids[old] = nil }
        idOrder.removeFirst(idsMax)
    }

    package func newest(of name: ChannelName) -> LogRecord? {
        guard let channel = channels[name], let place = channel.places.last, let bytes = channel.records.last
        else { return nil }
        return LogRecord(place: place, bytes: bytes)
    }

    package func read(_ name: ChannelName, from place: UInt64, limit: ReadLimit) -> [LogRecord] {
        guard let channel = channels[name] else { return [] }
        var (low, high) = (0, channel.places.count)
        while low < high {
            let middle = (low + high) / 2
            if channel.places[middle] < place { low = middle + 1 } else { high = middle }
        }
        var (result, bytes): ([LogRecord], Int) = ([], 0)
        for index in low..<channel.places.count {
            let record = channel.records[index]
            let fits = result.count < limit.messagesMax && record.count <= limit.bytesMax - bytes
            if !result.isEmpty && !fits { break }
            bytes += record.count
            result.append(LogRecord(place: channel.places[index], bytes: record))
        }
        return result
    }

    /// Removes the newest record of a channel, as no engine may.
    package mutating func loseNewest(of name: ChannelName) {
        guard channels[name]?.places.popLast() != nil else { return }
        _ = channels[name]?.records.popLast()
    }
}
