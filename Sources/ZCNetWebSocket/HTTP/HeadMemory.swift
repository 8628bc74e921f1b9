import ZCNet

/// What a connection holds of HTTP beside the bytes that are unread, in the books of its loop: the fields of
/// a head, finished or not, which are strings of their own by now, and what is kept of a response's body.
///
/// A head that comes and is answered at once is never charged.
///
/// **Threads.** The loop's.
struct HeadMemory: ~Copyable {
    /// The loop's books, once something is in them.
    private var budget: MemoryBudget?
    /// What is in them.
    private(set) var charged = 0

    /// Charges what is held now, in the place of what was held before; false where there is no memory for it.
    mutating func settle(_ held: Int, _ budget: MemoryBudget) -> Bool {
        if held == charged { return true }
        if held < charged {
            budget.release(charged - held, for: .requests)
        } else if !budget.reserve(held - charged, for: .requests, holding: charged) {
            return false
        }
        self.budget = budget
        charged = held
        return true
    }

    /// Nothing is held any more.
    mutating func letGo() {
        if charged > 0 { budget?.release(charged, for: .requests) }
        charged = 0
    }

    deinit { if charged > 0 { budget?.release(charged, for: .requests) } }
}

extension HTTPHeadParser {
    /// What a head takes when it is read, at most: a field is a place of 32 bytes in an array that doubles
    /// and two strings, each of which is an allocation unless it is short; and what a handshake makes of some
    /// fields is as much again as they are long.
    static func memory(bytes: Int, fields: Int) -> Int { 2 * bytes + 160 * (fields + 1) }

    /// What is kept of a head that has begun and not ended.
    var heldBytes: Int {
        scannedBytes == 0 ? 0 : Self.memory(bytes: scannedBytes, fields: headers.count)
    }
}
