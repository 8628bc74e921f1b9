/// The memory of a ring: its cells, then its slots. Both ends hold it; the last one frees it.
///
/// SAFETY: `@safe` because the pointers are its own and live as long as it does; `nonisolated(unsafe)`
/// because `slots` is written here and in `deinit` only, and in between the algorithm decides who may touch
/// which slot.
@safe @usableFromInline
final class SlotStorage<Slot: ~Copyable & Sendable>: Sendable {
    @usableFromInline let cells: MemoryCells
    @usableFromInline nonisolated(unsafe) let slots: UnsafeMutablePointer<Slot>
    private let capacity: Int

    init(capacity: Int, makeSlot: () -> Slot) {
        let alignment = max(MemoryCells.lineBytes, MemoryLayout<Slot>.alignment)
        let cellBytes = (RingCells.lines * MemoryCells.lineBytes + alignment - 1) / alignment * alignment
        let base = UnsafeMutableRawPointer.allocate(
            byteCount: cellBytes + capacity * MemoryLayout<Slot>.stride, alignment: alignment)
        unsafe cells = MemoryCells(initializing: base, lines: RingCells.lines)
        // SAFETY: `cellBytes` is a multiple of the slot's alignment, and room for `capacity` slots follows
        // it.
        unsafe slots = (base + cellBytes).bindMemory(to: Slot.self, capacity: capacity)
        self.capacity = capacity
        for index in 0..<capacity { unsafe (slots + index).initialize(to: makeSlot()) }
    }

    /// Shows every slot, for checks: neither end may be in use meanwhile.
    func forEachSlot(_ body: (borrowing Slot) -> Void) {
        for index in 0..<capacity { unsafe body(slots[index]) }
    }

    deinit {
        // SAFETY: both ends are gone, so nobody else looks; every slot has been initialised since `init`. The
        // cells are trivial.
        unsafe slots.deinitialize(count: capacity)
        unsafe cells.base.deallocate()
    }
}
