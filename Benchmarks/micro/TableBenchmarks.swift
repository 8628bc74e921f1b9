import ZCNet

/// What a map of connections holds where a connection is an object.
private final class ConnectionObject {
    var descriptor: Int32
    init(_ descriptor: Int32) { self.descriptor = descriptor }
}

/// What it costs to find a connection among 100,000: the table's slot and generation, a dictionary as the
/// seeds' ConnMatrix keeps it, and an array that is searched. Once for 1,000 connections that are active
/// while the others are silent, as on most servers; once for all in random order, where every contender waits
/// for memory.
func tableBenchmarks() {
    let connections = Connections(count: 100_000)
    connections.measure("1,000 active of 100,000", active: 1000)
    connections.measure("100,000 in random order", active: 100_000)
    connections.measureScan()
}

/// The same connections, kept in three ways.
private final class Connections {
    private var table = ConnectionTable(loop: 0)
    private var dictionary: [Int32: ConnectionObject] = [:]
    private var ids: [ConnectionID] = []

    init(count: Int) {
        for number in 0..<count {
            guard let slot = table.insert() else { return }
            slot[].descriptor = Descriptor(rawValue: Int32(number))
            ids.append(slot[].id)
            dictionary[Int32(number)] = ConnectionObject(Int32(number))
        }
    }

    func measure(_ title: String, active: Int) {
        let lookups = 200_000
        let chosen = Array((0..<ids.count).shuffled().prefix(active))
        let order = (0..<lookups).map { _ in chosen[Int.random(in: 0..<active)] }
        let wanted = order.map { ids[$0] }
        let keys = order.map { Int32($0) }
        var inTable: [Double] = []
        var inDictionary: [Double] = []
        var sum = 0
        for _ in 0..<9 {
            inTable.append(
                nanosecondsPerItem(lookups) {
                    for id in wanted { sum += Int(table.find(id)?[].descriptor.rawValue ?? 0) }
                })
            inDictionary.append(
                nanosecondsPerItem(lookups) {
                    for key in keys { sum += Int(dictionary[key]?.descriptor ?? 0) }
                })
        }
        blackHole(sum)
        let ratio = median(zip(inDictionary, inTable).map(/))
        print(
            row(
                title,
                [("table ns", median(inTable)), ("dictionary ns", median(inDictionary)), ("ratio", ratio)]))
    }

    func measureScan() {
        let objects = dictionary.values.shuffled()
        var sum = 0
        let scan = nanosecondsPerItem(200) {
            for key in 0..<200 { sum += Int(objects.first { $0.descriptor == key }?.descriptor ?? 0) }
        }
        blackHole(sum)
        print(row("search through an array of 100,000", [("ns", scan)]))
    }
}

private func nanosecondsPerItem(_ count: Int, _ body: () -> Void) -> Double {
    let begin = monotonicNanoseconds()
    body()
    return Double(monotonicNanoseconds() - begin) / Double(count)
}

/// Keeps a result from being optimised away.
@inline(never) @_optimize(none)
private func blackHole(_ value: Int) {}
