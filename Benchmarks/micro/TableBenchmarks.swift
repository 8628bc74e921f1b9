import BenchmarkSupport
import ZCNet

/// What a map of connections holds where a connection is an object.
private final class ConnectionObject {
    var descriptor: Int32
    init(_ descriptor: Int32) { self.descriptor = descriptor }
}

/// What it costs to find a connection among 100,000, or a million: the table's slot and generation, a
/// dictionary as the seeds' ConnMatrix keeps it, and an array that is searched. Once for 1,000 connections
/// that are active while the others are silent, as on most servers; once for all in random order, where every
/// contender waits for memory.
func tableBenchmarks(_ options: ReportOptions) -> [Comparison] {
    let connections = Connections(count: 100_000)
    let rounds = options.repetitions(9)
    let few = connections.measure(active: 1000, rounds)
    let all = connections.measure(active: 100_000, rounds)
    let map = "Dictionary<Int32, Connection>"
    let million = Connections(count: options.isQuick ? 200_000 : 1_000_000)
    let most = million.measure(active: million.count, rounds)
    let scan = million.measureScan()
    let name = options.isQuick ? "200,000" : "1,000,000"
    return [
        Comparison("table, 1,000 active of 100,000", few, ours: "table", beside: map),
        Comparison("table, 100,000 at random", all, ours: "table", beside: map),
        Comparison("table, \(name) at random", most, ours: "table", beside: map),
        Comparison("table, \(name)", ours: most["table"], beside: "array searched", its: scan),
        Comparison("dictionary, \(name)", ours: most[map], beside: "array searched", its: scan),
    ]
}

/// The same connections, kept in three ways.
private final class Connections {
    private var table = ConnectionTable(loop: 0)
    private var dictionary: [Int32: ConnectionObject] = [:]
    private var ids: [ConnectionID] = []

    var count: Int { ids.count }

    init(count: Int) {
        for number in 0..<count {
            guard let slot = table.insert() else { return }
            slot[].descriptor = Descriptor(rawValue: Int32(number))
            ids.append(slot[].id)
            dictionary[Int32(number)] = ConnectionObject(Int32(number))
        }
    }

    func measure(active: Int, _ rounds: Int) -> Measurement {
        let lookups = 200_000
        let chosen = Array((0..<ids.count).shuffled().prefix(active))
        let order = (0..<lookups).map { _ in chosen[Int.random(in: 0..<active)] }
        let wanted = order.map { ids[$0] }
        let keys = order.map { Int32($0) }
        var sum = 0
        let measured = Measurement.interleaved(
            rounds: rounds,
            [
                "table": {
                    nanoseconds(per: lookups) {
                        for id in wanted { sum += Int(self.table.find(id)?[].descriptor.rawValue ?? 0) }
                    }
                },
                "Dictionary<Int32, Connection>": {
                    nanoseconds(per: lookups) {
                        for key in keys { sum += Int(self.dictionary[key]?.descriptor ?? 0) }
                    }
                },
            ])
        blackHole(sum)
        return measured
    }

    /// What finding one of 50 connections takes that lie anywhere.
    func measureScan() -> Double {
        let objects = dictionary.values.shuffled()
        var sum = 0
        let time = nanoseconds(per: 50) {
            for key in 0..<50 { sum += Int(objects.first { $0.descriptor == key }?.descriptor ?? 0) }
        }
        blackHole(sum)
        return time
    }
}
