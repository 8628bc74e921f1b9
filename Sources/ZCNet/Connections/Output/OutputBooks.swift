/// What a loop's connections hold of shared bytes that wait, and of places in their queues.
///
/// Bytes that many connections wait for are in memory once, so they are charged once per loop: at the size of
/// the whole allocation that a reference keeps, with the first connection that waits for it, until the last
/// does no more. Charging every reference would end thousands of readers for one message that all of them are
/// a little late for. What lies in a chunk is charged as a chunk, and a mapped file's pages are the kernel's.
///
/// Only what waits beyond the turn in which it was sent is charged: readers that keep up cost nothing here.
///
/// **Threads.** The loop's.
final class OutputBooks {
    let budget: MemoryBudget
    private var holdings: [ObjectIdentifier: Holding] = [:]

    private struct Holding {
        var references: Int
        let bytes: Int
    }

    init(_ budget: MemoryBudget) { self.budget = budget }

    /// How many bytes would be charged if somebody waited for these.
    func cost(of bytes: SharedBytes) -> Int {
        guard let owner = bytes.owner, holdings[ObjectIdentifier(owner)] == nil else { return 0 }
        return bytes.chargedBytes
    }

    /// A connection waits for the bytes.
    func hold(_ bytes: SharedBytes) {
        guard let owner = bytes.owner else { return }
        let key = ObjectIdentifier(owner)
        if holdings[key] == nil {
            let size = bytes.chargedBytes
            holdings[key] = Holding(references: 0, bytes: size)
            budget.charge(size, for: .output)
        }
        holdings[key]?.references += 1
    }

    /// A connection does not wait for them any more.
    func letGo(_ bytes: SharedBytes) {
        guard let owner = bytes.owner else { return }
        let key = ObjectIdentifier(owner)
        guard let holding = holdings[key] else { return assertionFailure("bytes that nobody waited for") }
        if holding.references == 1 {
            holdings[key] = nil
            budget.release(holding.bytes, for: .output)
        } else {
            holdings[key]?.references -= 1
        }
    }

    /// The bytes of all that is waited for.
    var heldBytes: Int { holdings.values.reduce(0) { $0 + $1.bytes } }
}
