/// The connections of one loop: slot plus generation, found by index.
///
/// Pages of slots are allocated when first needed and never move, so a slot's address is good for the life of
/// the loop. A lookup is two loads and a comparison of the whole id; a stale id never matches. Slots are used
/// again in the order in which they came back, and not before `restingMin` others: the generations of one
/// slot, which repeat in the end, then last that much longer. Loop thread only.
///
/// SAFETY: `@safe` because only pages that were allocated and initialised are reached; see `directory`.
@safe
@usableFromInline
package struct ConnectionTable: ~Copyable {
    @usableFromInline static let pageShift = 8
    static let slotsPerPage = 1 << pageShift

    /// SAFETY: `directory[0..<pageCount]` are initialised pages of `slotsPerPage` slots each.
    @usableFromInline var directory: UnsafeMutablePointer<UnsafeMutablePointer<ConnectionSlot>>
    private var directoryCapacity: Int
    @usableFromInline var pageCount = 0
    private var firstFree = Self.noSlot
    private var lastFree = Self.noSlot
    private let loop: Int
    private let firstGeneration: UInt32
    /// How often the slot that was used most has come back.
    private var returnsMax: UInt32 = 0
    /// How many slots are taken.
    private(set) var count = 0

    private static let noSlot = UInt32.max
    /// As long as there may be more pages, so many slots rest.
    static let restingMin = 127

    /// - Parameters:
    ///   - loop: the number of the loop in the process.
    ///   - firstGeneration: what its connections begin to count with.
    package init(loop: Int, firstGeneration: UInt32 = 1) {
        self.loop = loop
        self.firstGeneration = firstGeneration
        directoryCapacity = 16
        unsafe directory = .allocate(capacity: 16)
    }

    deinit {
        for page in 0..<pageCount { unsafe directory[page].deallocate() }
        unsafe directory.deallocate()
    }

    /// The slot of a connection, or nil when the id is stale. O(1).
    @inlinable
    package func find(_ id: ConnectionID) -> LoopOwned<ConnectionSlot>? {
        let page = id.slot >> Self.pageShift
        guard page < pageCount else { return nil }
        // SAFETY: the page exists; the mask keeps the index within it.
        let slot = unsafe directory[page] + (id.slot & (1 << Self.pageShift - 1))
        return unsafe slot.pointee.id == id ? LoopOwned(slot) : nil
    }

    /// Takes a slot under a new id, or nil when the table is full. O(1); allocates a page at times.
    package mutating func insert() -> LoopOwned<ConnectionSlot>? {
        let freeCount = pageCount * Self.slotsPerPage - count
        if freeCount <= Self.restingMin && !addPage() && freeCount == 0 { return nil }
        let index = firstFree
        let slot = self.slot(at: Int(index))
        firstFree = slot[].nextFree
        if firstFree == Self.noSlot { lastFree = Self.noSlot }
        count += 1
        let generation = slot[].generation
        slot[] = ConnectionSlot(generation: generation)
        slot[].id = ConnectionID(generation: generation, loop: loop, slot: index)
        return slot
    }

    /// Gives a slot back; its id is stale from now on. O(1).
    package mutating func remove(_ slot: LoopOwned<ConnectionSlot>) {
        let index = UInt32(slot[].id.slot)
        let generation = Self.generation(slot[].generation, plus: 1)
        slot[] = ConnectionSlot(generation: generation, nextFree: Self.noSlot)
        append(index, to: index)
        count -= 1
        let returns = generation &- firstGeneration
        returnsMax = max(
            returnsMax, generation >= firstGeneration ? returns : returns &+ ConnectionID.generationMax)
    }

    /// The first generation that no connection of the table has had yet; for the next table of the same loop
    /// number.
    var nextGeneration: UInt32 { Self.generation(firstGeneration, plus: returnsMax + 1) }

    /// Generations go from 1 to the last and begin again: 0 with slot 0 on loop 0 would make the id of
    /// nobody.
    private static func generation(_ generation: UInt32, plus count: UInt32) -> UInt32 {
        UInt32((UInt64(generation) - 1 + UInt64(count)) % UInt64(ConnectionID.generationMax)) + 1
    }

    /// Puts a chain of free slots behind those that rest.
    private mutating func append(_ first: UInt32, to last: UInt32) {
        if lastFree == Self.noSlot {
            firstFree = first
        } else {
            slot(at: Int(lastFree))[].nextFree = first
        }
        lastFree = last
    }

    /// Calls `body` for every connection; `body` may remove the one it is given.
    func forEach(_ body: (LoopOwned<ConnectionSlot>) -> Void) {
        for index in 0..<pageCount * Self.slotsPerPage {
            let slot = self.slot(at: index)
            if slot[].id.rawValue != 0 { body(slot) }
        }
    }

    private func slot(at index: Int) -> LoopOwned<ConnectionSlot> {
        // SAFETY: callers pass indices below `pageCount * slotsPerPage`.
        unsafe LoopOwned(directory[index >> Self.pageShift] + (index & (Self.slotsPerPage - 1)))
    }

    private mutating func addPage() -> Bool {
        guard pageCount * Self.slotsPerPage < ConnectionID.slotsMax else { return false }
        if pageCount == directoryCapacity { growDirectory() }
        let page = UnsafeMutablePointer<ConnectionSlot>.allocate(capacity: Self.slotsPerPage)
        let base = UInt32(pageCount * Self.slotsPerPage)
        for index in 0..<Self.slotsPerPage {
            let isLast = index == Self.slotsPerPage - 1
            let next = isLast ? Self.noSlot : base + UInt32(index) + 1
            unsafe (page + index).initialize(to: ConnectionSlot(generation: firstGeneration, nextFree: next))
        }
        unsafe directory[pageCount] = page
        pageCount += 1
        append(base, to: base + UInt32(Self.slotsPerPage) - 1)
        return true
    }

    private mutating func growDirectory() {
        let larger = UnsafeMutablePointer<UnsafeMutablePointer<ConnectionSlot>>.allocate(
            capacity: directoryCapacity * 2)
        unsafe larger.moveInitialize(from: directory, count: pageCount)
        unsafe directory.deallocate()
        unsafe directory = larger
        directoryCapacity *= 2
    }
}
