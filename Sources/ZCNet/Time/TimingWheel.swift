/// Timers by the hundred thousand: arming, cancelling and moving one costs the same however many are armed.
///
/// ```swift
/// var wheel = try TimingWheel(origin: clock.now())
/// let idle = wheel.schedule(TimerPayload(rawValue: 7), at: clock.now() + .seconds(30))
/// _ = wheel.rearm(idle, at: clock.now() + .seconds(60))
///
/// // One turn of a loop: sleep until `wheel.nextExpiry()`, then
/// wheel.advance(to: clock.now())
/// while let expired = wheel.popExpired() { handle(expired.payload) }
/// ```
///
/// **Accuracy.** A deadline is rounded up to a whole tick. A timer never fires early, and late by less than a
/// tick provided that ``advance(to:)`` is called when ``nextExpiry()`` says. Timers fire in the order of
/// their ticks; within one tick in no particular order.
///
/// **Threads.** One thread at a time, usually a loop's. The wheel is a value with one owner and may change
/// threads.
///
/// **Cost.** ``schedule(_:at:)``, ``cancel(_:)``, ``rearm(_:at:)`` and ``popExpired()`` are O(1).
/// ``advance(to:)`` is O(timers that move), however far the jump: a timer moves at most once per level in its
/// life. 4 KiB, and 32 bytes per timer in a block that doubles when it is full and is kept: after that no
/// operation allocates.
///
/// **Limits.** Ticks of 100 µs to an hour; every deadline that an instant can express; 4,294,967,295 timers.
///
/// ## Implementation
///
/// Eight levels of 64 slots; a slot of level *n* spans 64ⁿ ticks. A timer lives on the level of the highest
/// base-64 digit in which its tick differs from the current tick, in the slot of that digit. Therefore all
/// timers of a level lie behind the current slot and before the level's turn ends, a level's next event is
/// the lowest bit of its bitmap, and the lowest level that holds anything holds the next event of all. When
/// the current tick reaches a slot, its timers move to lower levels or expire. 64⁸ ticks of 100 µs are longer
/// than the 584 years between the first and the last instant, so no deadline lies beyond the last level.
public struct TimingWheel: ~Copyable, Sendable {
    /// A level's slots are the bits of one word.
    @inlinable
    static var slotBits: Int { 6 }
    static var levelCount: Int { 8 }
    /// Due, and waiting for ``popExpired()``.
    @inlinable
    static var expiredList: UInt16 { 512 }
    /// Scheduled for an instant that had passed: due at the next advance.
    @inlinable
    static var overdueList: UInt16 { 513 }

    @usableFromInline var store: TimerStore
    /// Which slots of each level hold timers.
    @usableFromInline var occupancy = InlineArray<8, UInt64>(repeating: 0)
    /// The last tick that was reached; timers on the levels are all later.
    @usableFromInline var currentTick: UInt64 = 0
    /// The instant of the last advance, at or after `currentTick`.
    @usableFromInline var now: MonotonicInstant
    @usableFromInline let origin: MonotonicInstant
    @usableFromInline let tickNanoseconds: UInt64
    /// 2⁶⁴ through the tick, rounded down.
    @usableFromInline let tickReciprocal: UInt64

    /// Creates an empty wheel that stands at `origin`, the instant from which ticks are counted.
    ///
    /// The first advance may be any jump: a wheel with origin zero serves a clock that started months ago.
    ///
    /// - Throws: ``ConfigurationError`` unless the tick is 100 µs to an hour.
    public init(tick: Duration = .milliseconds(10), origin: MonotonicInstant) throws(ConfigurationError) {
        // Why: shorter ticks would need more levels, and no poll wakes that exactly.
        try ConfigurationError.check("tick", tick, in: .microseconds(100) ... .seconds(3600))
        store = TimerStore(listCount: Self.levelCount << Self.slotBits + 2, capacity: 64)
        now = origin
        self.origin = origin
        tickNanoseconds = UInt64(tick.nanoseconds)
        tickReciprocal = .max / tickNanoseconds
    }

    /// The timers armed, those included that expired and were not popped yet.
    @inlinable
    public var count: Int { store.count }

    /// The bytes that the wheel has for its timers, armed or not.
    package var memoryBytes: Int { Int(store.capacity) * MemoryLayout<TimerNode>.stride }

    /// Begins to load what is at a place of the store, if there is such a place; for who will soon name it.
    @inlinable @inline(__always)
    package func prefetch(_ place: UInt32) { store.prefetch(place) }

    /// Arms a timer that hands back `payload` once `deadline` is reached.
    ///
    /// A deadline that already passed comes due with the next ``advance(to:)``, never with the one whose
    /// timers are being popped: a handler that re-arms itself for now cannot starve the loop.
    ///
    /// - Complexity: O(1); doubles the block when more timers are armed than ever before.
    @inlinable
    public mutating func schedule(_ payload: TimerPayload, at deadline: MonotonicInstant) -> TimerID {
        let tick = self.tick(of: deadline)
        let place = store.allocate()
        store[place].payload = payload
        store[place].tick = tick
        link(place, to: list(of: tick))
        return TimerID(place: place, generation: store[place].generation)
    }

    /// Disarms a timer. Answers false, and does nothing, when it was popped or cancelled before.
    ///
    /// - Complexity: O(1).
    @inlinable
    public mutating func cancel(_ id: TimerID) -> Bool {
        guard store.isArmed(id) else { return false }
        unlink(id.place)
        store.release(id.place)
        return true
    }

    /// Disarms the timer at a place, for whoever keeps no more of its id than that and knows a timer by its
    /// payload. Answers false, and does nothing, when another timer is there by now, or none.
    ///
    /// - Complexity: O(1).
    package mutating func cancel(_ place: TimerPlace, _ payload: TimerPayload) -> Bool {
        guard store.isArmed(place, payload) else { return false }
        unlink(place.rawValue)
        store.release(place.rawValue)
        return true
    }

    /// Gives an armed timer another deadline and keeps its id. Answers false when it was popped or cancelled
    /// before.
    ///
    /// A timer that expired but was not popped is armed again, too.
    ///
    /// - Complexity: O(1), and cheapest when the new deadline falls into the same slot as the old one, as it
    ///   mostly does for an idle timeout that every message pushes out.
    @inlinable
    public mutating func rearm(_ id: TimerID, at deadline: MonotonicInstant) -> Bool {
        guard store.isArmed(id) else { return false }
        let tick = self.tick(of: deadline)
        let list = self.list(of: tick)
        store[id.place].tick = tick
        guard list != store[id.place].list else { return true }
        unlink(id.place)
        link(id.place, to: list)
        return true
    }

    /// The first tick at which a timer for `deadline` may fire; the current one if that has passed.
    @inlinable
    func tick(of deadline: MonotonicInstant) -> UInt64 {
        guard deadline > now else { return currentTick }
        // Why: the difference of two instants may exceed Int64 but never UInt64, and wraps to the right
        // value.
        let elapsed = UInt64(bitPattern: deadline.nanoseconds &- origin.nanoseconds)
        // Why: two multiplications take less time than a division. The estimate is right or one too small, so
        // that what is left is nothing, up to one tick, or more than that.
        let estimate = elapsed.multipliedFullWidth(by: tickReciprocal).high
        let rest = elapsed &- estimate &* tickNanoseconds
        return estimate &+ (rest > 0 ? 1 : 0) &+ (rest > tickNanoseconds ? 1 : 0)
    }

    /// The list for a timer that may fire at `tick`.
    @inlinable
    func list(of tick: UInt64) -> UInt16 {
        guard tick > currentTick else { return Self.overdueList }
        // Why: `| 1` changes nothing but tells that some bit is set; 43 / 256 is a sixth for all 64 bits, and
        // the compiler finds nothing as short for a division.
        let highestBit = 63 &- UInt64(truncatingIfNeeded: (tick ^ currentTick | 1).leadingZeroBitCount)
        let level = (highestBit &* 43) &>> 8
        let slot = (tick &>> (level &* UInt64(Self.slotBits))) & 63
        return UInt16(truncatingIfNeeded: level &<< UInt64(Self.slotBits) | slot)
    }

    /// Links a timer and marks its slot as occupied.
    @inlinable
    mutating func link(_ place: UInt32, to list: UInt16) {
        guard store.append(place, to: list), list < Self.expiredList else { return }
        occupancy[Int(list &>> UInt16(Self.slotBits))] |= 1 &<< UInt64(list & 63)
    }

    /// Unlinks a timer and marks its slot as free if it was the last.
    @inlinable
    mutating func unlink(_ place: UInt32) {
        let list = store[place].list
        guard store.unlink(place), list < Self.expiredList else { return }
        occupancy[Int(list &>> UInt16(Self.slotBits))] &= ~(1 &<< UInt64(list & 63))
    }
}

extension TimingWheel {
    /// When to call ``advance(to:)`` next, or nil while nothing is armed.
    ///
    /// Never later than the next timer's tick, and exact for timers of the nearest 64 ticks. For farther ones
    /// it is the moment when they move to a nearer level: a loop that sleeps until then wakes at most once
    /// per level and timer for nothing. The instant of the last advance while a timer is due.
    ///
    /// - Complexity: O(levels), which is to say constant.
    public func nextExpiry() -> MonotonicInstant? {
        if store.first(of: Self.expiredList) != TimerNode.noPlace { return now }
        if store.first(of: Self.overdueList) != TimerNode.noPlace { return now }
        guard let event = nextEvent() else { return nil }
        return instant(of: event.tick)
    }

    /// Moves the wheel to `instant`; timers whose tick was reached can be popped from now on.
    ///
    /// An instant before that of the last advance counts as the same.
    ///
    /// - Complexity: O(timers that move); empty stretches cost nothing, however long.
    public mutating func advance(to instant: MonotonicInstant) {
        expireOverdue()
        guard instant > now else { return }
        now = instant
        // Why: as in `tick(of:)`, the difference fits when it is read without a sign.
        let elapsed = UInt64(bitPattern: instant.nanoseconds &- origin.nanoseconds)
        let target = elapsed / tickNanoseconds
        while let event = nextEvent(), event.tick <= target {
            currentTick = event.tick
            drain(event.list)
        }
        currentTick = target
    }

    /// Takes the next due timer, or nil when all were taken. Its id is stale from now on.
    ///
    /// - Complexity: O(1).
    public mutating func popExpired() -> (payload: TimerPayload, id: TimerID)? {
        let place = store.first(of: Self.expiredList)
        guard place != TimerNode.noPlace else { return nil }
        let node = store[place]
        _ = store.unlink(place)
        store.release(place)
        return (node.payload, TimerID(place: place, generation: node.generation))
    }

    /// The next slot that the current tick will reach among those that hold timers, and the tick where it
    /// begins.
    private func nextEvent() -> (tick: UInt64, list: UInt16)? {
        for level in 0..<Self.levelCount where occupancy[level] != 0 {
            let slot = occupancy[level].trailingZeroBitCount
            let slotShift = UInt64(level * Self.slotBits)
            let turnShift = slotShift + UInt64(Self.slotBits)
            let tick = (currentTick >> turnShift) << turnShift | UInt64(slot) << slotShift
            assert(tick > currentTick, "timers of a level lie behind the current slot")
            return (tick, UInt16(level << Self.slotBits | slot))
        }
        return nil
    }

    /// Sends the timers of a slot that begins at the current tick to lower levels, or to the expired ones.
    private mutating func drain(_ list: UInt16) {
        occupancy[Int(list >> UInt16(Self.slotBits))] &= ~(1 << UInt64(list & 63))
        var place = store.detach(list)
        while place != TimerNode.noPlace {
            let next = store[place].next
            let tick = store[place].tick
            assert(tick >= currentTick, "a slot holds no timer from before it begins")
            link(place, to: tick == currentTick ? Self.expiredList : self.list(of: tick))
            place = next
        }
    }

    private mutating func expireOverdue() {
        var place = store.detach(Self.overdueList)
        while place != TimerNode.noPlace {
            let next = store[place].next
            store.append(place, to: Self.expiredList)
            place = next
        }
    }

    /// Where a tick begins, or the last instant there is if that is sooner.
    private func instant(of tick: UInt64) -> MonotonicInstant {
        let (elapsed, overflow) = tick.multipliedReportingOverflow(by: tickNanoseconds)
        let longest = UInt64(bitPattern: Int64.max &- origin.nanoseconds)
        guard !overflow, elapsed <= longest else { return MonotonicInstant(nanoseconds: .max) }
        return MonotonicInstant(nanoseconds: origin.nanoseconds &+ Int64(bitPattern: elapsed))
    }
}
