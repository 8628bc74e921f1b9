internal import CZCNet

/// Timers in one growing block of memory, and the doubly linked lists that hold them.
///
/// All unsafe code of the wheel is here. Lists are numbered; a timer knows the number of its list, so that it
/// can be unlinked without being told. The block doubles when it is full and never shrinks: once the most
/// timers of a program's life were armed, nothing allocates any more. Every operation is O(1) but for that
/// doubling.
///
/// SAFETY: the store is the only owner of both blocks and cannot be copied, so it may change threads as a
/// whole. Places come from the store's own lists or were checked by ``isArmed(_:)``; all are below
/// `placesUsed`.
@safe
@frozen
@usableFromInline
struct TimerStore: ~Copyable, @unchecked Sendable {
    /// The two ends of a list; both are `noPlace` when it is empty.
    @frozen
    @usableFromInline
    struct Ends: BitwiseCopyable {
        @usableFromInline var first: UInt32
        @usableFromInline var last: UInt32

        @inlinable
        init() {
            first = TimerNode.noPlace
            last = TimerNode.noPlace
        }
    }

    @usableFromInline var nodes: UnsafeMutablePointer<TimerNode>
    @usableFromInline let lists: UnsafeMutablePointer<Ends>
    /// Places in the block, and how many of them were ever used; the rest is not initialised.
    @usableFromInline var capacity: UInt32
    @usableFromInline var placesUsed: UInt32 = 0
    /// The first of the free places among the used ones, linked through `next`.
    @usableFromInline var firstFree: UInt32 = TimerNode.noPlace
    /// How many timers are armed.
    @usableFromInline var count = 0

    /// Creates `listCount` empty lists, and room for `capacity` timers before the store grows.
    init(listCount: Int, capacity: Int) {
        precondition(capacity > 0 && capacity < Int(TimerNode.noPlace))
        self.capacity = UInt32(capacity)
        // SAFETY: owned here alone until `deinit` frees them; the lists are initialised before use, nodes as
        // they come.
        unsafe nodes = .allocate(capacity: capacity)
        unsafe lists = .allocate(capacity: listCount)
        unsafe lists.initialize(repeating: Ends(), count: listCount)
    }

    // Why: inlinable like the rest, or the optimiser of Swift 6.3 stops at the setter of the wheel's store.
    @inlinable
    deinit {
        // SAFETY: both element types are trivial, and nobody else has the pointers.
        unsafe nodes.deallocate()
        unsafe lists.deallocate()
    }

    /// The node at a used place.
    @inlinable
    subscript(place: UInt32) -> TimerNode {
        // SAFETY: see the type: below `placesUsed`, therefore allocated and initialised.
        unsafeAddress {
            assert(place < placesUsed)
            return unsafe UnsafePointer(nodes + Int(place))
        }
        unsafeMutableAddress {
            assert(place < placesUsed)
            return unsafe nodes + Int(place)
        }
    }

    /// Has the processor begin to load the node at a place, used or not.
    @usableFromInline
    func prefetch(_ place: UInt32) {
        guard place < placesUsed else { return }
        // SAFETY: see the type; nothing is read.
        unsafe zc_prefetch(nodes + Int(place))
    }

    /// The first place of a list, or `noPlace`.
    @inlinable
    func first(of list: UInt16) -> UInt32 {
        // SAFETY: list numbers are computed from levels and slots, or are one of the wheel's two constants.
        unsafe lists[Int(list)].first
    }

    /// Whether `id` names a timer that is armed now.
    @inlinable
    func isArmed(_ id: TimerID) -> Bool {
        let generation = id.generation
        guard id.place < placesUsed, generation & 1 == 1 else { return false }
        return self[id.place].generation == generation
    }

    /// Whether the timer at `place` is armed now and hands back `payload`.
    func isArmed(_ place: TimerPlace, _ payload: TimerPayload) -> Bool {
        guard place.rawValue < placesUsed, self[place.rawValue].generation & 1 == 1 else { return false }
        return self[place.rawValue].payload == payload
    }

    /// Takes a free place for a timer that is in no list yet.
    @inlinable
    mutating func allocate() -> UInt32 {
        let place = firstFree
        if place == TimerNode.noPlace {
            let fresh = appendPlace()
            self[fresh].generation = 1
            count += 1
            return fresh
        }
        firstFree = self[place].next
        self[place].generation &+= 1
        count += 1
        return place
    }

    /// Frees the place of a timer that is in no list any more; its id is stale from now on.
    @inlinable
    mutating func release(_ place: UInt32) {
        self[place].generation &+= 1
        self[place].next = firstFree
        firstFree = place
        count -= 1
    }

    /// Links a timer that is in no list at the end of `list`. Answers whether the list was empty.
    @inlinable
    @discardableResult
    mutating func append(_ place: UInt32, to list: UInt16) -> Bool {
        // SAFETY: see the type; `last` is a place of the same store.
        let last = unsafe lists[Int(list)].last
        self[place].list = list
        self[place].next = TimerNode.noPlace
        self[place].previous = last
        unsafe lists[Int(list)].last = place
        guard last == TimerNode.noPlace else {
            self[last].next = place
            return false
        }
        unsafe lists[Int(list)].first = place
        return true
    }

    /// Unlinks a timer from its list. Answers whether the list is empty now.
    @inlinable
    mutating func unlink(_ place: UInt32) -> Bool {
        let list = Int(self[place].list)
        let next = self[place].next
        let previous = self[place].previous
        // SAFETY: see the type; neighbours are places of the same store.
        if next == TimerNode.noPlace {
            unsafe lists[list].last = previous
        } else {
            self[next].previous = previous
        }
        guard previous == TimerNode.noPlace else {
            self[previous].next = next
            return false
        }
        unsafe lists[list].first = next
        return next == TimerNode.noPlace
    }

    /// Empties a list and answers its first place; the timers stay linked through `next` for the caller to
    /// walk.
    mutating func detach(_ list: UInt16) -> UInt32 {
        let place = first(of: list)
        // SAFETY: as in `first(of:)`.
        unsafe lists[Int(list)] = Ends()
        return place
    }

    /// A place at the end of the used ones, doubling the block when there is none.
    @usableFromInline
    @inline(never)
    mutating func appendPlace() -> UInt32 {
        if placesUsed == capacity { grow() }
        let place = placesUsed
        // SAFETY: below `capacity`, therefore allocated.
        unsafe (nodes + Int(place)).initialize(to: TimerNode())
        placesUsed += 1
        return place
    }

    private mutating func grow() {
        let larger = Int(min(UInt64(capacity) * 2, UInt64(TimerNode.noPlace)))
        precondition(larger > Int(capacity), "a wheel holds at most \(TimerNode.noPlace) timers")
        // SAFETY: the new block is longer than the used places, which move over before the old one goes.
        let block = UnsafeMutablePointer<TimerNode>.allocate(capacity: larger)
        unsafe block.moveInitialize(from: nodes, count: Int(placesUsed))
        unsafe nodes.deallocate()
        unsafe nodes = block
        capacity = UInt32(larger)
    }
}

/// Names one armed timer of one ``TimingWheel``; a copy that outlives the timer is harmless.
///
/// The id is a place and a generation of that place: once the timer was cancelled or popped the id is stale,
/// and cancelling or re-arming it answers false, also after the place was taken again. A place repeats a
/// generation after two thousand million timers. An id of another wheel is not recognised as such.
///
/// A plain value of eight bytes, any thread may keep it; only the wheel's thread can do something with it.
@frozen
public struct TimerID: Sendable, Hashable, RawRepresentable {
    /// The place in the lower half, its generation in the upper.
    public let rawValue: UInt64

    /// Restores an id from what ``rawValue`` said.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The id of no timer: always stale.
    @inlinable
    public static var none: TimerID { TimerID(rawValue: 0) }

    @inlinable
    init(place: UInt32, generation: UInt32) {
        rawValue = UInt64(generation) << 32 | UInt64(place)
    }

    @inlinable
    var place: UInt32 { UInt32(truncatingIfNeeded: rawValue) }

    /// What names the timer to whoever knows its payload; see ``TimerPlace``.
    package var timerPlace: TimerPlace { TimerPlace(rawValue: place) }

    @inlinable
    var generation: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }
}

/// Names an armed timer in half the bytes of its id, together with a payload that no other timer has.
///
/// For what every connection has one of: the payload names the connection and the kind of timer, so a place
/// that is another's by now, or nobody's, is told by it as well as by a generation.
@frozen
@usableFromInline
package struct TimerPlace: RawRepresentable, Hashable, Sendable {
    @usableFromInline package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// No timer at all.
    @inlinable
    package static var none: TimerPlace { TimerPlace(rawValue: TimerNode.noPlace) }
}

/// What a timer hands back when it expires: eight bytes whose meaning is their owner's.
///
/// A wheel runs no closures; whoever pops an expired timer reads from the payload what it was for, usually an
/// id and a kind. A plain value, free to copy to any thread.
@frozen
public struct TimerPayload: Sendable, Hashable, RawRepresentable {
    /// What the timer carries, in eight bytes.
    public var rawValue: UInt64

    /// A payload of these eight bytes.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// One timer in the ``TimerStore``, or a free place for one: 32 bytes, so that two share a cache line.
@frozen
@usableFromInline
struct TimerNode: BitwiseCopyable {
    /// The end of a list.
    @inlinable
    static var noPlace: UInt32 { .max }

    /// What is handed back on expiry.
    @usableFromInline var payload: TimerPayload
    /// The first tick at which the timer may fire.
    @usableFromInline var tick: UInt64
    /// The neighbours in the list; a free place uses only `next`.
    @usableFromInline var next: UInt32
    @usableFromInline var previous: UInt32
    /// Odd while armed, even while free: no id of a free place can be valid.
    @usableFromInline var generation: UInt32
    /// The list that holds the timer.
    @usableFromInline var list: UInt16

    /// A place that was never used.
    @inlinable
    init() {
        payload = TimerPayload(rawValue: 0)
        tick = 0
        next = Self.noPlace
        previous = Self.noPlace
        generation = 0
        list = 0
    }
}
