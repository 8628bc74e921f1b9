/// The heads of a wheel's lists and the bitmaps that say which are occupied, in one piece of memory.
///
/// SAFETY: `@safe` because list numbers come from the wheel, which makes none beyond `TimingWheel.lists`.
@safe
@frozen
@usableFromInline
struct WheelSlots: ~Copyable {
    @usableFromInline let heads: UnsafeMutablePointer<UInt32>
    @usableFromInline let bitmaps: UnsafeMutablePointer<UInt64>

    init() {
        unsafe heads = .allocate(capacity: TimingWheel.lists)
        unsafe heads.initialize(repeating: TimerNodes.nobody, count: TimingWheel.lists)
        // One more than there are levels: the lists of due timers fall into it and are never looked for there.
        unsafe bitmaps = .allocate(capacity: TimingWheel.levels + 1)
        unsafe bitmaps.initialize(repeating: 0, count: TimingWheel.levels + 1)
    }

    deinit {
        unsafe heads.deallocate()
        unsafe bitmaps.deallocate()
    }

    /// The first node of a list, or `TimerNodes.nobody`.
    @inlinable
    subscript(list: UInt32) -> UInt32 {
        get { unsafe heads[Int(list)] }
        set { unsafe heads[Int(list)] = newValue }
    }

    @inlinable
    func isEmpty(_ list: UInt32) -> Bool { unsafe heads[Int(list)] == TimerNodes.nobody }

    @inlinable
    func bitmap(_ level: Int) -> UInt64 { unsafe bitmaps[level] }

    @inlinable
    mutating func mark(_ list: UInt32) { unsafe bitmaps[Int(list >> 6)] |= 1 << UInt64(list & 63) }

    @inlinable
    mutating func unmark(_ list: UInt32) { unsafe bitmaps[Int(list >> 6)] &= ~(1 << UInt64(list & 63)) }
}
