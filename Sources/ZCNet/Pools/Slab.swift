/// Elements in numbered places that never move: for state that is looked up by index, once per event.
///
/// ```swift
/// var sessions = Slab<Session>()
/// let index = sessions.insert(Session())
/// sessions[index].bytesReceived += 29
/// let ended = sessions.remove(index)
/// ```
/// Elements lie in pages of about 16 KiB that are made when first needed and stay where they are: nothing
/// moves, whatever is inserted. A removed element's place is the next to be used. Lookup is two loads and a
/// check, no hash.
///
/// **Ownership.** The slab owns its elements and destroys those that are left with itself.
///
/// **Threads.** One thread at a time.
///
/// **Complexity.** Insert, remove and lookup are O(1); a new page costs O(page). Iteration is O(pages), with
/// one word looked at for 64 places. Pages are given back only with the slab.
///
/// **Limits.** At most 2^32 - 2 places.
@safe @frozen
@usableFromInline
package struct Slab<Element: ~Copyable>: ~Copyable {
    // SAFETY: `@safe` because pages and directory belong to the slab alone, and every access checks that its
    // place is occupied.

    /// How many elements there are.
    @inlinable package var count: Int { liveCount }

    @usableFromInline var liveCount = 0
    /// The pages' addresses, `pageCount` of them in a table of `directoryCapacity`.
    @usableFromInline var directory: UnsafeMutablePointer<UnsafeMutableRawPointer>
    @usableFromInline var pageCount = 0
    @usableFromInline var directoryCapacity = 4
    /// The place freed last, which begins the list of free places; `SlabLayout.noPlace` for none.
    @usableFromInline var firstFree = SlabLayout.noPlace

    /// Makes an empty slab, without any page.
    @inlinable
    package init() {
        unsafe directory = .allocate(capacity: 4)
    }

    @inlinable
    deinit {
        for page in 0..<pageCount {
            let start = unsafe directory[page]
            unsafe Self.forEachLive(inPage: start) { offset in
                unsafe Self.element(inPage: start, offset).deinitialize(count: 1)
            }
            unsafe start.deallocate()
        }
        unsafe directory.deallocate()
    }

    /// How many places there are room for without another page.
    @inlinable
    package var capacity: Int { pageCount << Self.layout.shift }

    /// Whether an element lives at the index.
    @inlinable
    package func contains(_ index: SlotIndex) -> Bool {
        let place = Int(index.rawValue)
        guard place >> Self.layout.shift < pageCount else { return false }
        return unsafe Self.isLive(inPage: directory[place >> Self.layout.shift], place & Self.layout.mask)
    }

    /// The element at the index, in place.
    ///
    /// - Precondition: an element lives there.
    @inlinable
    package subscript(index: SlotIndex) -> Element {
        unsafeAddress { unsafe UnsafePointer(address(of: index)) }
        mutating unsafeMutableAddress { unsafe address(of: index) }
    }

    /// Puts an element into the place freed last, or into a new one, and returns which.
    @inlinable
    package mutating func insert(_ element: consuming Element) -> SlotIndex {
        if firstFree == SlabLayout.noPlace { addPage() }
        let place = firstFree
        let page = unsafe directory[Int(place) >> Self.layout.shift]
        let offset = Int(place) & Self.layout.mask
        // SAFETY: a place on the free list holds its link in its first word and no element.
        let memory = unsafe Self.place(inPage: page, offset)
        firstFree = unsafe memory.load(as: UInt32.self)
        unsafe memory.bindMemory(to: Element.self, capacity: 1).initialize(to: element)
        unsafe Self.setLive(true, inPage: page, offset)
        liveCount &+= 1
        return SlotIndex(rawValue: place)
    }

    /// Takes the element out; its index may name another element from now on.
    ///
    /// - Precondition: an element lives there.
    @inlinable
    @discardableResult
    package mutating func remove(_ index: SlotIndex) -> Element {
        let memory = unsafe address(of: index)
        let element = unsafe memory.move()
        // SAFETY: the place holds no element any more and is at least as large as the link.
        unsafe UnsafeMutableRawPointer(memory).storeBytes(of: firstFree, as: UInt32.self)
        firstFree = index.rawValue
        let place = Int(index.rawValue)
        unsafe Self.setLive(false, inPage: directory[place >> Self.layout.shift], place & Self.layout.mask)
        liveCount &-= 1
        return element
    }

    /// Calls `body` with each live element's index, in the order of places.
    ///
    /// The slab cannot change meanwhile; collect indices first where elements are to be removed.
    @inlinable
    package func forEachIndex<Failure: Error>(
        _ body: (SlotIndex) throws(Failure) -> Void
    ) throws(Failure) {
        for page in 0..<pageCount {
            let first = page << Self.layout.shift
            try unsafe Self.forEachLive(inPage: directory[page]) { (offset) throws(Failure) in
                try body(SlotIndex(rawValue: UInt32(truncatingIfNeeded: first + offset)))
            }
        }
    }
}

extension Slab: @unchecked Sendable where Element: Sendable & ~Copyable {
    // SAFETY: the memory belongs to the slab alone; sending the slab sends its elements.
}
