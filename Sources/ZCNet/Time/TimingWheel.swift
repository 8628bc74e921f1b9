/// Timers of one loop, from one tick to centuries, each armed, cancelled and re-armed in constant time.
///
/// ```swift
/// var wheel = try TimingWheel(tick: .milliseconds(10), origin: clock.now())
/// let id = wheel.schedule(TimerPayload(rawValue: 7), at: clock.now() + .seconds(30))
/// …
/// wheel.advance(to: clock.now())
/// while let (payload, id) = wheel.popExpired() { … }
/// ```
/// **How.** Time is a number in base 64. A timer stands at the level of the highest digit in which its tick differs
/// from the current one, in the slot of that digit's value; so everything on a lower level comes before everything on
/// a higher one, and on one level slots come in order, without wrapping. When time reaches a slot of a higher level its
/// timers move down. One bitmap per level finds the next occupied slot.
///
/// **Promises.** Never early: a deadline counts from the next full tick. Late by at most one tick while somebody
/// advances the wheel at `nextExpiry`. A timer armed for the past comes with the next `advance`.
///
/// **Cost.** `schedule`, `cancel`, `rearm`: O(1), no allocation once the array of nodes is large enough; 32 bytes per
/// timer. `nextExpiry`: O(levels). `advance`: O(levels) per occupied slot passed, however far time jumps; each timer
/// moves down at most once per level.
///
/// **Threads.** One at a time; it belongs to a loop.
@frozen
public struct TimingWheel: ~Copyable {
    @usableFromInline static var bitsPerLevel: UInt64 { 6 }
    @usableFromInline static var slotsPerLevel: Int { 64 }
    /// Eleven digits of six bits hold every tick there can be.
    @usableFromInline static var levels: Int { 11 }
    /// Armed for the past: due with the next `advance`.
    @usableFromInline static var overdue: UInt32 { 704 }
    /// Due, and waiting for `popExpired`.
    @usableFromInline static var expired: UInt32 { 705 }
    @usableFromInline static var lists: Int { 706 }

    /// The step of time.
    public let tick: Duration
    @usableFromInline let tickNanoseconds: Int64
    @usableFromInline let origin: MonotonicInstant
    @usableFromInline var nodes: TimerNodes
    /// The first node of each list, and one bitmap of occupied slots per level behind them.
    @usableFromInline var slots: WheelSlots
    /// The tick that time has reached.
    @usableFromInline var current: UInt64 = 0

    /// How many timers are armed, due ones included until they are popped.
    public private(set) var count: Int {
        @inlinable get { armed }
        set { armed = newValue }
    }
    @usableFromInline var armed = 0

    /// The ticks that may be asked for.
    public static var tickLimits: ClosedRange<Duration> { .microseconds(1)...Duration.seconds(3600) }

    /// An empty wheel whose time is `origin`.
    public init(tick: Duration = .milliseconds(10), origin: MonotonicInstant) throws(ConfigurationError) {
        try ConfigurationError.check("tick", tick, in: Self.tickLimits)
        self.tick = tick
        tickNanoseconds = tick.nanoseconds
        self.origin = origin
        nodes = TimerNodes()
        slots = WheelSlots()
    }

    // MARK: Arming

    /// Arms a timer for `deadline`. O(1).
    @inlinable
    public mutating func schedule(_ payload: TimerPayload, at deadline: MonotonicInstant) -> TimerID {
        let node = nodes.take(payload: payload.rawValue, deadline: dueTick(deadline))
        place(node)
        armed += 1
        return TimerID(node: node, generation: nodes[node].generation)
    }

    /// Disarms a timer, also one that is due and not yet popped; false when the id is stale. O(1).
    @inlinable @discardableResult
    public mutating func cancel(_ id: TimerID) -> Bool {
        guard let node = nodes.find(id) else { return false }
        unlink(node)
        nodes.give(node)
        armed -= 1
        return true
    }

    /// Moves a timer to another deadline, under the same id; false when the id is stale. O(1).
    @inlinable
    public mutating func rearm(_ id: TimerID, at deadline: MonotonicInstant) -> Bool {
        guard let node = nodes.find(id) else { return false }
        unlink(node)
        nodes[node].deadline = dueTick(deadline)
        place(node)
        return true
    }

    // MARK: Time

    /// When to advance next; nil while nothing is armed. O(levels).
    ///
    /// Exact for a timer less than 64 ticks away. For others it is the earlier instant at which they move to a lower
    /// level, so that a loop wakes at most once per level for a timer, and never ticks.
    public func nextExpiry() -> MonotonicInstant? {
        if !slots.isEmpty(Self.expired) || !slots.isEmpty(Self.overdue) { return instant(current) }
        return nextSlot().map { instant($0.start) }
    }

    /// Lets time reach `now`; timers that are due wait for `popExpired`, in the order of their ticks.
    public mutating func advance(to now: MonotonicInstant) {
        move(all: Self.overdue)
        let target = passedTicks(now)
        while current < target {
            guard let next = nextSlot(), next.start <= target else {
                current = target
                return
            }
            current = next.start
            let list = UInt32(next.level * Self.slotsPerLevel + next.slot)
            if next.level == 0 {
                move(all: list)
            } else {
                cascade(list)
            }
        }
    }

    /// Takes the next due timer; its id is stale from now on. O(1).
    ///
    /// What is armed for the past in the meantime waits for the next `advance`, so this comes to an end.
    @inlinable
    public mutating func popExpired() -> (payload: TimerPayload, id: TimerID)? {
        let node = slots[Self.expired]
        if node == TimerNodes.nobody { return nil }
        let id = TimerID(node: node, generation: nodes[node].generation)
        let payload = TimerPayload(rawValue: nodes[node].payload)
        unlink(node)
        nodes.give(node)
        armed -= 1
        return (payload, id)
    }

    // MARK: Ticks

    /// The first tick at or after `deadline`: rounding up is what keeps timers from being early.
    @inlinable
    func dueTick(_ deadline: MonotonicInstant) -> UInt64 {
        let (distance, overflow) = deadline.nanoseconds.subtractingReportingOverflow(origin.nanoseconds)
        if overflow { return deadline < origin ? 0 : UInt64(Int64.max / tickNanoseconds) }
        if distance <= 0 { return 0 }
        return UInt64((distance - 1) / tickNanoseconds) + 1
    }

    private func passedTicks(_ now: MonotonicInstant) -> UInt64 {
        now <= origin ? 0 : UInt64((now.nanoseconds - origin.nanoseconds) / tickNanoseconds)
    }

    private func instant(_ tick: UInt64) -> MonotonicInstant {
        let (product, overflow) = Int64(clamping: tick).multipliedReportingOverflow(by: tickNanoseconds)
        return origin + .nanoseconds(overflow ? .max : product)
    }

    /// The next occupied slot: the first of the lowest level that has one.
    private func nextSlot() -> (level: Int, slot: Int, start: UInt64)? {
        for level in 0..<Self.levels {
            let bitmap = slots.bitmap(level)
            if bitmap == 0 { continue }
            let slot = bitmap.trailingZeroBitCount
            let shift = UInt64(level) * Self.bitsPerLevel
            // `current` with this digit replaced and all lower ones cleared.
            let above = shift + Self.bitsPerLevel
            let high = above >= 64 ? 0 : (current >> above) << above
            return (level, slot, high | UInt64(slot) << shift)
        }
        return nil
    }

    // MARK: Lists

    /// Puts a node where its deadline belongs, seen from the current tick.
    @inlinable
    mutating func place(_ node: UInt32) {
        let deadline = nodes[node].deadline
        guard deadline > current else { return append(node, to: Self.overdue) }
        let highest = UInt64(63 - (deadline ^ current).leadingZeroBitCount)
        let level = highest / Self.bitsPerLevel
        let slot = deadline >> (level * Self.bitsPerLevel) & 63
        append(node, to: UInt32(truncatingIfNeeded: level << 6 | slot))
    }

    /// Makes a node the last of a list.
    @inlinable
    mutating func append(_ node: UInt32, to list: UInt32) {
        nodes[node].list = list
        let first = slots[list]
        if first == TimerNodes.nobody {
            nodes[node].next = node
            nodes[node].previous = node
            slots[list] = node
            slots.mark(list)
        } else {
            let last = nodes[first].previous
            nodes[node].next = first
            nodes[node].previous = last
            nodes[last].next = node
            nodes[first].previous = node
        }
    }

    @inlinable
    mutating func unlink(_ node: UInt32) {
        let list = nodes[node].list
        let next = nodes[node].next
        if next == node {
            slots[list] = TimerNodes.nobody
            slots.unmark(list)
            return
        }
        let previous = nodes[node].previous
        nodes[previous].next = next
        nodes[next].previous = previous
        if slots[list] == node { slots[list] = next }
    }

    /// Makes a list's timers due.
    private mutating func move(all list: UInt32) {
        while !slots.isEmpty(list) {
            let node = slots[list]
            unlink(node)
            append(node, to: Self.expired)
        }
    }

    /// Moves a slot's timers to lower levels; those of this very tick are due.
    private mutating func cascade(_ list: UInt32) {
        while !slots.isEmpty(list) {
            let node = slots[list]
            unlink(node)
            if nodes[node].deadline <= current {
                append(node, to: Self.expired)
            } else {
                place(node)
            }
        }
    }
}
