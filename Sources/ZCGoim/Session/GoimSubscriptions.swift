/// The operations that may be pushed to one connection, each once and in order: looked up for every push to a
/// key or to all, and changed by its clients' requests.
///
/// **Complexity.** O(log n) to look up. A number that comes is searched for and put into its place, which
/// moves the larger ones up as one block: never more than 4 bytes for each of the `acceptsMax` that there may
/// be. So a request costs what it has numbers, whatever was subscribed to before; one that repeats what is
/// known moves nothing.
struct GoimSubscriptions: Equatable {
    private(set) var operations: [Int32] = []

    init() {}

    /// The given ones, in any order, and more than once if they like.
    init(_ operations: [Int32]) { self.operations = Set(operations).sorted() }

    func contains(_ operation: Int32) -> Bool {
        let place = place(of: operation)
        return place < operations.count && operations[place] == operation
    }

    /// Adds those that are missing; false, and nothing has changed, when that would be more than `countMax`.
    mutating func add(_ more: [Int32], countMax: Int) -> Bool {
        var added: [Int32] = []
        for operation in more {
            let place = place(of: operation)
            if place < operations.count && operations[place] == operation { continue }
            guard operations.count < countMax else {
                remove(added)
                return false
            }
            operations.insert(operation, at: place)
            added.append(operation)
        }
        return true
    }

    /// Takes away those that are there.
    mutating func remove(_ some: [Int32]) {
        for operation in some {
            let place = place(of: operation)
            if place < operations.count && operations[place] == operation { operations.remove(at: place) }
        }
    }

    /// Where an operation is, or belongs: how many are smaller.
    private func place(of operation: Int32) -> Int {
        var low = 0
        var high = operations.count
        while low < high {
            let middle = (low + high) / 2
            if operations[middle] < operation { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
