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
