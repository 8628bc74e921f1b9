/// The connections of one loop: slot plus generation, found by index.
///
/// Pages of slots are allocated when first needed and never move, so a slot's address is good for the life of
/// the loop. A lookup is two loads and a comparison of the whole id; a stale id never matches. Loop thread
/// only.
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
    private let loop: Int
    /// How many slots are taken.
    private(set) var count = 0

    private static let noSlot = UInt32.max

    package init(loop: Int) {
        self.loop = loop
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
        if firstFree == Self.noSlot && !addPage() { return nil }
        let index = firstFree
        let slot = self.slot(at: Int(index))
        firstFree = slot[].nextFree
        count += 1
        let generation = slot[].generation
        slot[] = ConnectionSlot(generation: generation)
        slot[].id = ConnectionID(generation: generation, loop: loop, slot: index)
        return slot
    }

    /// Gives a slot back; its id is stale from now on. O(1).
    package mutating func remove(_ slot: LoopOwned<ConnectionSlot>) {
        let index = UInt32(slot[].id.slot)
        // Generation 0 with slot 0 would make the id of nobody, so generations start at 1 and skip 0.
        let next = (slot[].generation &+ 1) & ConnectionID.generationMask
        slot[] = ConnectionSlot(generation: max(1, next), nextFree: firstFree)
        firstFree = index
        count -= 1
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
            let next = isLast ? firstFree : base + UInt32(index) + 1
            unsafe (page + index).initialize(to: ConnectionSlot(generation: 1, nextFree: next))
        }
        unsafe directory[pageCount] = page
        pageCount += 1
        firstFree = base
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
