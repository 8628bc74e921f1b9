import ZCLibC

/// Where an outstanding message lies, by its number and connection.
///
/// Numbers of messages mostly follow one another, and are acknowledged about in the order of their sending.
/// So the index is laid out by number: four consecutive ones share a cache line with seven places, and the
/// next four have the next line. What a million messages cost at random is a wait for the memory each; what
/// follows one another is in the cache. Numbers of which only the upper bits differ, as those made of times,
/// are spread. Where a line is full, as with one message to a thousand receivers, the rest goes to a table
/// that is probed by a hash of number and connection; the line counts them, so that nobody looks there in
/// vain.
///
/// One thread at a time. O(1) but for doubling. SAFETY: the block belongs to the value alone and has
/// `lineMask + 1` lines of eight words, all initialised; lines are masked, and words counted from 0 to 7.
@safe
struct RetryIndex: ~Copyable {
    private var lines: UnsafeMutablePointer<UInt64>
    private var lineMask = 15
    /// What found its line full.
    private var overflow = ProbedPlaces()
    private(set) var count = 0

    /// A line: first how many of its messages overflowed, then places with their hashes; 0 is free.
    private static var lineWords: Int { 8 }
    private static var idsPerLine: Int { 4 }

    init() { unsafe lines = Self.makeLines(16) }

    deinit { unsafe lines.deallocate() }

    /// The bytes that the index takes.
    var memoryBytes: Int { (lineMask + 1) * 64 + overflow.memoryBytes }

    /// How many messages found their line full.
    var overflowCount: Int { overflow.count }

    /// Where a message was found; until the next change.
    struct Spot {
        let place: UInt32
        /// Which of all the lines' words says so; where it overflowed, the line's first, which counts it.
        fileprivate let word: Int
    }

    /// Where a message is that `isWanted`; nil when there is none.
    @inline(__always)
    func find(id: UInt64, hash: UInt32, isWanted: (UInt32) -> Bool) -> Spot? {
        let line = line(of: id)
        for slot in 1..<Self.lineWords {
            let word = unsafe lines[line + slot]
            guard word >> 32 == UInt64(hash), word != 0 else { continue }
            let place = UInt32(truncatingIfNeeded: word) - 1
            if isWanted(place) { return Spot(place: place, word: line + slot) }
        }
        guard unsafe lines[line] != 0 else { return nil }
        return overflow.find(hash: hash, isWanted: isWanted).map { Spot(place: $0, word: line) }
    }

    /// Adds a place that is not in the index.
    ///
    /// - Parameter numbers: whom to ask when the index grows.
    mutating func insert(
        id: UInt64, hash: UInt32, place: UInt32, numbers: borrowing some MessageNumbers & ~Copyable
    ) {
        if count >= (lineMask + 1) * Self.idsPerLine { grow(numbers) }
        count += 1
        put(id, UInt64(hash) << 32 | UInt64(place + 1))
    }

    /// Removes what was just found.
    @inline(__always)
    mutating func remove(_ spot: Spot, hash: UInt32) {
        count -= 1
        if spot.word % Self.lineWords != 0 {
            unsafe lines[spot.word] = 0
        } else {
            overflow.remove(hash: hash, place: spot.place)
            unsafe lines[spot.word] -= 1
        }
    }

    /// Removes a place that is in the index under this number and hash.
    mutating func remove(id: UInt64, hash: UInt32, place: UInt32) {
        guard let spot = find(id: id, hash: hash, isWanted: { $0 == place }) else {
            preconditionFailure("a place that is not in the index")
        }
        remove(spot, hash: hash)
    }

    private mutating func put(_ id: UInt64, _ word: UInt64) {
        let line = line(of: id)
        for slot in 1..<Self.lineWords where unsafe lines[line + slot] == 0 {
            unsafe lines[line + slot] = word
            return
        }
        overflow.insert(
            hash: UInt32(truncatingIfNeeded: word >> 32), place: UInt32(truncatingIfNeeded: word) - 1)
        unsafe lines[line] += 1
    }

    /// The first word of a number's line.
    ///
    /// Four consecutive numbers to a line and the next four to the next, beginning anywhere every four
    /// million numbers: numbers made of a time in milliseconds are spread by their upper bits.
    @inline(__always)
    private func line(of id: UInt64) -> Int {
        let start = (id >> 22) &* 0x9E37_79B9_7F4A_7C15 >> 32
        let number = Int(truncatingIfNeeded: id >> 2 &+ start) & lineMask
        return number * Self.lineWords
    }

    private mutating func grow(_ numbers: borrowing some MessageNumbers & ~Copyable) {
        let (old, oldLines) = unsafe (lines, lineMask + 1)
        precondition(oldLines < 1 << 28, "an index holds at most 2^30 messages")
        lineMask = oldLines * 2 - 1
        unsafe lines = Self.makeLines(oldLines * 2)
        var crowded = ProbedPlaces()
        swap(&crowded, &overflow)
        for index in 0..<oldLines * Self.lineWords where index % Self.lineWords != 0 {
            let word = unsafe old[index]
            if word != 0 { put(numbers.id(at: UInt32(truncatingIfNeeded: word) - 1), word) }
        }
        unsafe old.deallocate()
        for word in crowded.inUse { put(numbers.id(at: UInt32(truncatingIfNeeded: word) - 1), word) }
    }

    /// Lines of zeros, each a cache line of its own.
    private static func makeLines(_ count: Int) -> UnsafeMutablePointer<UInt64> {
        // Why large pages, where the system has them: looking up the address of an ordinary one costs about
        // as much as what is looked for. Whether it works out makes no other difference.
        let largePage = 2 << 20
        let isLarge = count * 64 >= largePage
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: count * 64, alignment: isLarge ? largePage : 64)
        if isLarge { _ = unsafe madvise(memory, count * 64, MADV_HUGEPAGE) }
        return unsafe memory.initializeMemory(as: UInt64.self, repeating: 0, count: count * lineWords)
    }
}

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
