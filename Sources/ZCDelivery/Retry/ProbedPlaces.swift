/// Places by the hash of their key: open addressing with linear probing over words of eight
/// bytes, a hash of 32 bits and a place of 32 bits.
///
/// The hash in the word tells nearly all strangers apart without a look at the entry, and makes growing and
/// removing independent of the entries. At most three quarters are in use. Removal shifts back what follows,
/// so that no marks are left behind.
///
/// One thread at a time. O(1) but for doubling. SAFETY: the block belongs to the value alone, has
/// `mask + 1` words, all initialised, and every position is masked.
@safe
struct ProbedPlaces: ~Copyable {
    private var words: UnsafeMutablePointer<UInt64>
    private var mask: Int
    private(set) var count = 0
    /// The word of a place that is not in use. Places are stored one larger.
    private static var free: UInt64 { 0 }

    init() {
        mask = 63
        unsafe words = .allocate(capacity: 64)
        unsafe words.initialize(repeating: Self.free, count: 64)
    }

    deinit { unsafe words.deallocate() }

    /// The bytes that the index takes.
    var memoryBytes: Int { (mask + 1) * MemoryLayout<UInt64>.stride }

    /// The place under a hash that `isWanted`; nil when there is none.
    @inline(__always)
    func find(hash: UInt32, isWanted: (UInt32) -> Bool) -> UInt32? {
        var position = Int(hash) & mask
        while true {
            let word = unsafe words[position]
            if word == Self.free { return nil }
            if Self.hash(of: word) == hash, isWanted(Self.place(of: word)) { return Self.place(of: word) }
            position = (position + 1) & mask
        }
    }

    /// Adds a place that is not in the index.
    mutating func insert(hash: UInt32, place: UInt32) {
        if (count + 1) * 4 > (mask + 1) * 3 { grow() }
        count += 1
        put(UInt64(hash) << 32 | UInt64(place + 1))
    }

    /// Removes a place that is in the index under this hash.
    mutating func remove(hash: UInt32, place: UInt32) {
        let word = UInt64(hash) << 32 | UInt64(place + 1)
        var hole = Int(hash) & mask
        while unsafe words[hole] != word {
            precondition(unsafe words[hole] != Self.free, "a place that is not in the index")
            hole = (hole + 1) & mask
        }
        count -= 1
        var next = hole
        while true {
            next = (next + 1) & mask
            let follower = unsafe words[next]
            if follower == Self.free { break }
            let home = Int(Self.hash(of: follower)) & mask
            // It may move to the hole unless its home lies behind the hole.
            if (next - home) & mask >= (next - hole) & mask {
                unsafe words[hole] = follower
                hole = next
            }
        }
        unsafe words[hole] = Self.free
    }

    /// Every word in use: the hash above, one more than the place below. Allocates.
    var inUse: [UInt64] {
        (0...mask).compactMap { position in
            let word = unsafe words[position]
            return word == Self.free ? nil : word
        }
    }

    private func put(_ word: UInt64) {
        var position = Int(Self.hash(of: word)) & mask
        while unsafe words[position] != Self.free { position = (position + 1) & mask }
        unsafe words[position] = word
    }

    private mutating func grow() {
        let (old, oldCapacity) = unsafe (words, mask + 1)
        precondition(oldCapacity < 1 << 31, "an index holds at most three quarters of 2^31 messages")
        mask = oldCapacity * 2 - 1
        unsafe words = .allocate(capacity: mask + 1)
        unsafe words.initialize(repeating: Self.free, count: mask + 1)
        for position in 0..<oldCapacity {
            let word = unsafe old[position]
            if word != Self.free { put(word) }
        }
        unsafe old.deallocate()
    }

    @inline(__always)
    private static func hash(of word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word >> 32) }
    @inline(__always)
    private static func place(of word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word) - 1 }
}
