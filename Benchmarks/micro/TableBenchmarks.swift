import ZCNet

/// What a map of connections holds where a connection is an object.
private final class ConnectionObject {
    var descriptor: Int32
    init(_ descriptor: Int32) { self.descriptor = descriptor }
}

/// What it costs to find a connection among 100,000, in random order: the table's slot and generation, a dictionary as
/// the seeds' ConnMatrix keeps it, and an array that is searched.
func tableBenchmarks() {
    let count = 100_000
    var generator = SystemRandomNumberGenerator()
    let order = (0..<count).shuffled(using: &generator)
    var table = ConnectionTable(loop: 0)
    var dictionary: [Int32: ConnectionObject] = [:]
    var ids: [ConnectionID] = []
    for number in 0..<count {
        guard let slot = table.insert() else { return }
        slot[].descriptor = Descriptor(rawValue: Int32(number))
        ids.append(slot[].id)
        dictionary[Int32(number)] = ConnectionObject(Int32(number))
    }
    let wanted = order.map { ids[$0] }
    let keys = order.map { Int32($0) }
    var inTable: [Double] = []
    var inDictionary: [Double] = []
    var sum = 0
    for _ in 0..<9 {
        inTable.append(
            nanosecondsPerItem(count) {
                for id in wanted { sum += Int(table.find(id)?[].descriptor.rawValue ?? 0) }
            })
        inDictionary.append(
            nanosecondsPerItem(count) {
                for key in keys { sum += Int(dictionary[key]?.descriptor ?? 0) }
            })
    }
    let objects = keys.map { key in dictionary[key] }
    let scan = nanosecondsPerItem(200) {
        for key in keys.prefix(200) { sum += Int(objects.first { $0?.descriptor == key }??.descriptor ?? 0) }
    }
    print(row("ConnectionTable.find, 100,000 armed", [("ns", median(inTable))]))
    print(row("Dictionary<Int32, Connection>", [("ns", median(inDictionary))]))
    print(row("search through an array", [("ns", scan)]))
    print(
        row(
            "ratios to the table",
            [("dictionary", median(inDictionary) / median(inTable)), ("array", scan / median(inTable))]))
    blackHole(sum)
}

private func nanosecondsPerItem(_ count: Int, _ body: () -> Void) -> Double {
    let begin = monotonicNanoseconds()
    body()
    return Double(monotonicNanoseconds() - begin) / Double(count)
}

/// Keeps a result from being optimised away.
@inline(never)
private func blackHole(_ value: Int) {}
